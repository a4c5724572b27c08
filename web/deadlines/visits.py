"""Plan the visits that follow compliance notices: the default, fewer as a proposal, one's own, checked."""

from datetime import date
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine import workdays
from engine.workdays import Calendar, UncoveredYearError, Visit, in_words
from web import edge, roles
from web.access import for_roles
from web.deadlines import typed
from web.deadlines.listing import newest_calendar
from web.pages import page

blueprint = Blueprint("visits", __name__, url_prefix="/follow-up-visits")

MOST = 6
"""Notice dates that the form has boxes for."""


@blueprint.get("")
@for_roles(*roles.CASEWORK)
def plan() -> ResponseReturnValue:
    """Everything by address: a plan is worked out and checked, not stored."""
    sent = request.args
    with edge.reading() as connection:
        calendar = newest_calendar(connection)
    shown: dict[str, Any] = {"typed": sent, "errors": {}, "numbers": range(1, MOST + 1), "plans": None}
    if not sent:
        return page("deadlines/visits.html", **shown)
    notices, errors = _notices(sent)
    try:
        if not errors:
            shown |= _plans(sent, notices, calendar)
            errors = shown["errors"]
    except UncoveredYearError as error:
        errors = {"notice1-day": str(error)}
    shown["errors"] = errors
    return page("deadlines/visits.html", status=422 if errors else 200, **shown)


def _notices(sent: Any) -> tuple[list[date], dict[str, str]]:
    found, errors = [], {}
    for number in range(1, MOST + 1):
        name = f"notice{number}"
        if any(sent.get(f"{name}-{part}", "").strip() for part in ("day", "month", "year")):
            day = typed.day(sent, name)
            if day is None:
                errors[f"{name}-day"] = f"Notice {number} must have a real date, like 3 12 2026"
            else:
                found.append(day)
    if not found and not errors:
        errors["notice1-day"] = "Enter the date of at least one notice"
    return sorted(set(found)), errors


def _plans(sent: Any, notices: list[date], calendar: Calendar) -> dict[str, Any]:
    default, fewest = workdays.plan_visits(notices, calendar)
    chosen, errors = _chosen(sent, notices, default)
    if not errors and "visit1-day" in sent:
        problems = workdays.check_visits(
            [(day, [notice]) for notice, day in chosen.items()], notices, calendar
        )
        for problem in problems:
            errors[f"visit{notices.index(problem.notice_date) + 1}-day"] = problem.message
    own = [
        (number, in_words(notice), _window(notice, calendar))
        for number, notice in enumerate(notices, start=1)
    ]
    days = sorted(set(chosen.values()))
    return {
        "plans": {"default": _rows(default), "fewest": _rows(fewest) if len(fewest) < len(default) else []},
        "own": own,
        "boxes": {
            name: text
            for number, notice in enumerate(notices, start=1)
            for name, text in (
                typed.boxes(f"visit{number}", chosen[notice]) if notice in chosen else dict(sent)
            ).items()
        },
        "checked": "visit1-day" in sent and not errors,
        "days": [in_words(day) for day in days],
        "errors": errors,
    }


def _chosen(
    sent: Any, notices: list[date], default: tuple[Visit, ...]
) -> tuple[dict[date, date], dict[str, str]]:
    """The visit day of each notice: as chosen, else of the default plan."""
    if "visit1-day" not in sent:
        return {visit.dates[0]: visit.day for visit in default}, {}
    chosen, errors = {}, {}
    for number, notice in enumerate(notices, start=1):
        day = typed.day(sent, f"visit{number}")
        if day is None:
            errors[f"visit{number}-day"] = f"Enter the day of the visit for {in_words(notice)}"
        else:
            chosen[notice] = day
    return chosen, errors


def _rows(visits: tuple[Visit, ...]) -> list[tuple[str, str, str]]:
    return [
        (
            in_words(visit.day),
            ", ".join(map(in_words, visit.dates)),
            f"{in_words(visit.earliest)} to {in_words(visit.latest)}",
        )
        for visit in visits
    ]


def _window(notice: date, calendar: Calendar) -> str:
    earliest, latest = calendar.next_working_day(notice), calendar.add(notice, workdays.visits.LIMIT)
    return f"From {in_words(earliest)} to {in_words(latest)}"
