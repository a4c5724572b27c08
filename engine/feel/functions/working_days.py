"""Our domain functions: working days by the calendar the environment gives."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from engine.feel.environment import WorkingDays
from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.values.functions import FunctionError
from engine.feel.values.numbers import whole
from engine.feel.values.temporal import Date

_T = TypeVar("_T")


@builtin("add working days(date: date, n: number)")
def add_working_days(run: Run, start: Date, n: Decimal) -> Date:
    """The day so many working days after (negative: before) a date."""
    amount = whole(n)
    if amount is None or abs(amount) > 100_000:
        raise FunctionError("`n` must be a whole number of working days, at most 100,000")
    return Date.of(asked(run, lambda calendar: calendar.add(day_of(start), amount)))


@builtin("working days between(a: date, b: date)")
def working_days_between(run: Run, a: Date, b: Date) -> Decimal:
    """Working days after `a` up to and including `b`; negative when `b` comes first."""
    return Decimal(asked(run, lambda calendar: calendar.between(day_of(a), day_of(b))))


@builtin("next working day(date: date)")
def next_working_day(run: Run, day: Date) -> Date:
    return Date.of(asked(run, lambda calendar: calendar.next_working_day(day_of(day))))


@builtin("is working day(date: date)")
def is_working_day(run: Run, day: Date) -> bool:
    return asked(run, lambda calendar: calendar.is_working_day(day_of(day)))


def asked(run: Run, question: Callable[[WorkingDays], _T]) -> _T:
    """What the calendar of the environment says. Raises `FunctionError`."""
    calendar = run.environment.calendar
    if calendar is None:
        raise FunctionError("no calendar of working days is given here")
    try:
        return question(calendar)
    except (LookupError, ValueError, OverflowError) as error:
        raise FunctionError(f"the calendar does not cover this: {error}") from None


def day_of(day: Date) -> date:
    """A FEEL date as one that calendars take. Raises `FunctionError` beyond the year 9999."""
    try:
        return day.to_python()
    except ValueError:
        raise FunctionError(f"the calendar does not reach to {day}") from None
