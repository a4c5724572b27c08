"""Follow-up visits to compliance notices: one a date by default, fewer as a proposal, never too late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from engine.workdays.arithmetic import in_words

LIMIT = 5
"""Working days after a notice's date within which it is visited [SCH-CM-019, SCH-CM-022]."""


class WorkingDays(Protocol):
    """What a plan asks of a calendar; `engine.workdays.Calendar` gives it."""

    def add(self, start: date, amount: int, /) -> date: ...
    def next_working_day(self, day: date, /) -> date: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit on `day` for the notices of `dates`; `earliest` and `latest` are the days it may fall on."""

    day: date
    dates: tuple[date, ...]
    earliest: date
    latest: date


@dataclass(frozen=True, slots=True)
class VisitProblem:
    """A notice's date that a plan does not serve in time, and why."""

    notice_date: date
    message: str


def plan_visits(dates: Iterable[date], calendar: WorkingDays) -> tuple[tuple[Visit, ...], tuple[Visit, ...]]:
    """The default plan (one visit a date) and the fewest-visit plan, which is only a proposal."""
    ordered = sorted(set(dates))
    return one_visit_per_date(ordered, calendar), fewest_visits(ordered, calendar)


def one_visit_per_date(dates: Iterable[date], calendar: WorkingDays) -> tuple[Visit, ...]:
    """A visit for each notice date, on the next working day (decision D-15 for a Saturday's date).

    Raises `UncoveredYearError`.
    """
    return tuple(_window((day,), calendar) for day in sorted(set(dates)))


def fewest_visits(dates: Iterable[date], calendar: WorkingDays) -> tuple[Visit, ...]:
    """As few visits as serve every date: each after all its dates and within the limit of the earliest.

    Both ends of a date's window grow with the date, so joining from the earliest on is best.
    Raises `UncoveredYearError`.
    """
    groups: list[list[date]] = []
    for day in sorted(set(dates)):
        if groups and calendar.next_working_day(day) <= calendar.add(groups[-1][0], LIMIT):
            groups[-1].append(day)
        else:
            groups.append([day])
    return tuple(_window(group, calendar) for group in groups)


def assign_visits(
    days: Iterable[date], dates: Iterable[date], calendar: WorkingDays
) -> tuple[tuple[date, Visit | None], ...]:
    """Visits on `days`, each with the notice dates it is the first to serve in time; None if there are none.

    A date that no visit serves is left out; `check_visits` says so. Raises `UncoveredYearError`.
    """
    noticed, served = set(dates), []
    for day in sorted(set(days)):
        first = sorted(_servable(day, noticed, calendar))
        noticed -= set(first)
        served.append((day, replace(_window(first, calendar), day=day) if first else None))
    return tuple(served)


def check_visits(
    chosen: Iterable[tuple[date, Iterable[date] | None]], dates: Iterable[date], calendar: WorkingDays
) -> tuple[VisitProblem, ...]:
    """Why a chosen plan (visit day, the notice dates it serves) may not stand; empty when it may.

    A visit that does not say which dates it serves (None) serves all that it may.
    Raises `UncoveredYearError`.
    """
    noticed = set(dates)
    plan = [
        (day, sorted(set(served) if served is not None else _servable(day, noticed, calendar)))
        for day, served in chosen
    ]
    planned = {notice_date for _, served in plan for notice_date in served}
    found = [
        VisitProblem(notice_date, message)
        for visit_day, served in plan
        for notice_date in served
        if (message := _why_not(visit_day, notice_date, noticed, calendar))
    ]
    return (*found, *(_unserved(notice_date, calendar) for notice_date in sorted(noticed - planned)))


def _servable(visit_day: date, noticed: set[date], calendar: WorkingDays) -> set[date]:
    return {each for each in noticed if _why_not(visit_day, each, noticed, calendar) is None}


def _why_not(visit_day: date, notice_date: date, noticed: set[date], calendar: WorkingDays) -> str | None:
    window = _window([notice_date], calendar)
    if notice_date not in noticed:
        return f"No notice has the date {in_words(notice_date)}: make the plan again from the notices' dates"
    if notice_date < visit_day <= window.latest:
        return None
    return (
        f"A visit on {in_words(visit_day)} cannot serve the notice date {in_words(notice_date)}: "
        f"choose a day from {in_words(window.earliest)} to {in_words(window.latest)}"
    )


def _unserved(notice_date: date, calendar: WorkingDays) -> VisitProblem:
    latest = in_words(_window([notice_date], calendar).latest)
    return VisitProblem(
        notice_date, f"No visit serves the notice date {in_words(notice_date)}: plan one by {latest}"
    )


def _window(dates: Sequence[date], calendar: WorkingDays) -> Visit:
    """The visit for dates in order, on the first day it may take place."""
    earliest = calendar.next_working_day(dates[-1])
    return Visit(day=earliest, dates=tuple(dates), earliest=earliest, latest=calendar.add(dates[0], LIMIT))
