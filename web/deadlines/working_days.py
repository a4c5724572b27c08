"""The working-day calendar: what is known since when, and a closure day with what it would move."""

from datetime import date
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from engine.queries import people
from engine.runtime import calendars
from engine.runtime.calendars import CalendarChangeRefusedError
from engine.workdays import Calendar, UncoveredYearError, in_words
from web import edge, roles
from web.access import for_roles, me
from web.deadlines import typed
from web.deadlines.listing import newest_calendar
from web.pages import go, page
from web.presenters import dates

blueprint = Blueprint("working_days", __name__, url_prefix="/working-days")

READERS = (*roles.CASEWORK, roles.ADMINISTRATOR)
CHANGERS = (roles.DIRECTOR, roles.ADMINISTRATOR)
MOST_MOVES = 200
"""Deadlines named on the preview; more are counted."""


@blueprint.get("")
@for_roles(*READERS)
def calendar() -> ResponseReturnValue:
    with edge.reading() as connection:
        known = calendars.revisions(connection)
        names = people.names(connection, [each.by for each in known])
        rows = [
            (dates.moment(each.at), each.reason, names.get(each.by, "the system"), len(each.closures))
            for each in known
        ]
        now = newest_calendar(connection)
    year = edge.today().year
    return page(
        "deadlines/calendar.html",
        rows=rows,
        holidays=[
            (in_words(day), name) for day, name in now.holidays.items() if year <= day.year <= year + 1
        ],
        closures=[(day.isoformat(), in_words(day), reason) for day, reason in now.closures.items()],
        covers=(now.first_year, now.last_year),
    )


@blueprint.get("/closure")
@for_roles(*CHANGERS)
def closure() -> ResponseReturnValue:
    """A closure day, typed and then foreseen: both by address, so that looking changes nothing."""
    with edge.reading() as connection:
        found = _foreseen(connection, request.args) if request.args else _empty()
    return page("deadlines/closure.html", status=422 if found["errors"] else 200, **found)


@blueprint.post("/closure")
@for_roles(*CHANGERS)
def record_closure() -> ResponseReturnValue:
    try:
        with edge.writing() as connection:
            wanted, reason = _wanted(newest_calendar(connection), request.form)
            calendars.change(
                connection, expected=request.form.get("expected", ""), wanted=wanted, reason=reason,
                by=me().id, at=edge.now(),
            )  # fmt: skip
    except (CalendarChangeRefusedError, UncoveredYearError) as error:
        with edge.reading() as connection:
            found = _foreseen(connection, request.form)
        found["errors"] = found["errors"] or {"day-day": str(error)}
        return page("deadlines/closure.html", status=422, **found)
    return go(
        "working_days.calendar",
        saying="The calendar is changed. The cases follow one by one; until then their pages say so",
    )


def _empty() -> dict[str, Any]:
    return {"typed": {}, "errors": {}, "foreseen": None}


def _wanted(now: Calendar, sent: Any) -> tuple[Calendar, str]:
    """The calendar asked for and its reason. Raises `CalendarChangeRefusedError`."""
    day, reason = typed.day(sent, "day"), sent.get("reason", "").strip()[:500]
    if day is None:
        raise CalendarChangeRefusedError("The day is missing.", "Enter a real date, like 3 12 2026.")
    if not reason:
        raise CalendarChangeRefusedError("The reason is missing.", "Say why; it stays with the calendar.")
    if sent.get("open") == "yes":
        return calendars.opening(now, day), f"{in_words(day)} is a working day again: {reason}"
    return calendars.closing(now, {day: reason}), f"Closed on {in_words(day)}: {reason}"


def _foreseen(connection: Connection, sent: Any) -> dict[str, Any]:
    now = newest_calendar(connection)
    try:
        wanted, said = _wanted(now, sent)
    except CalendarChangeRefusedError as error:
        field = "reason" if "reason" in error.reason else "day-day"
        return {"typed": sent, "errors": {field: str(error)}, "foreseen": None}
    found = calendars.foresee(connection, wanted)
    return {
        "typed": sent,
        "errors": {},
        "foreseen": found,
        "said": said,
        "expected": now.revision,
        "moves": [
            (each.reference, each.name, _words(each.was), _words(each.will))
            for each in found.moves[:MOST_MOVES]
        ],
    }


def _words(day: date) -> str:
    return dates.weekday(day)
