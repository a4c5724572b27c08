"""Our domain functions: plans of the visits that follow compliance notices, and what is wrong with one."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from engine.feel.functions.working_days import asked, day_of
from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.values.functions import FunctionError
from engine.feel.values.kinds import type_name
from engine.feel.values.temporal import Date
from engine.workdays import Visit, assign_visits, check_visits, fewest_visits, one_visit_per_date


@builtin("visit plan(dates: list)")
def visit_plan(run: Run, dates: list[Any]) -> list[Any]:
    """The default: a visit for each notice date, on the next working day."""
    noticed = _dates(run, dates, "dates")
    return _told(asked(run, lambda calendar: one_visit_per_date(noticed, calendar)))


@builtin("fewest visits(dates: list)")
def fewest(run: Run, dates: list[Any]) -> list[Any]:
    """As few visits as serve every notice date in time: a proposal."""
    noticed = _dates(run, dates, "dates")
    return _told(asked(run, lambda calendar: fewest_visits(noticed, calendar)))


@builtin("assign visits(days: list, dates: list)")
def assign(run: Run, days: list[Any], dates: list[Any]) -> list[Any]:
    """Visits on the days, each with the notice dates that it is the first to serve in time."""
    on, noticed = _dates(run, days, "days"), _dates(run, dates, "dates")
    run.spend(len(on) * len(noticed))
    assigned = asked(run, lambda calendar: assign_visits(on, noticed, calendar))
    return [_context(day, visit) for day, visit in assigned]


@builtin("visit plan problems(chosen: list, dates: list)")
def visit_plan_problems(run: Run, chosen: list[Any], dates: list[Any]) -> list[Any]:
    """Why the chosen visits may not stand, in sentences; an empty list when they may."""
    noticed, plan = _dates(run, dates, "dates"), [_visit(run, each) for each in chosen]
    run.spend(len(plan) * len(noticed))
    return [each.message for each in asked(run, lambda calendar: check_visits(plan, noticed, calendar))]


def _visit(run: Run, chosen: Any) -> tuple[date, list[date] | None]:
    match chosen:
        case Date():
            return day_of(chosen), None
        case {"day": Date() as day, "dates": list(served)}:
            return day_of(day), _dates(run, served, "dates")
        case {"day": Date() as day, "dates": Date() as served}:
            return day_of(day), [day_of(served)]
        case {"day": Date() as day}:
            return day_of(day), None
    raise FunctionError(
        "each item of `chosen` must be a date, or a context with a date `day` and a list `dates`, "
        f"but one is {type_name(chosen)}"
    )


def _dates(run: Run, items: list[Any], name: str) -> list[date]:
    run.spend(len(items))
    for item in items:
        if not isinstance(item, Date):
            raise FunctionError(f"each item of `{name}` must be a date, but one is {type_name(item)}")
    return [day_of(item) for item in items]


def _told(visits: Iterable[Visit]) -> list[Any]:
    return [_context(visit.day, visit) for visit in visits]


def _context(day: date, visit: Visit | None) -> dict[str, Any]:
    return {
        "day": Date.of(day),
        "earliest": Date.of(visit.earliest) if visit else None,
        "latest": Date.of(visit.latest) if visit else None,
        "dates": [Date.of(each) for each in visit.dates] if visit else [],
    }
