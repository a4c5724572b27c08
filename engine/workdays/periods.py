"""Deadline arithmetic in every unit: working days, and calendar days, weeks, months and year ends."""

import calendar as months
from datetime import date, timedelta
from typing import assert_never

from engine.workdays.arithmetic import Arithmetic, Unit
from engine.workdays.calendar import Calendar, UncoveredYearError

INSPECTION_YEAR_ENDS = (3, 31)
"""Month and day on which an inspection year (1 April to 31 March) ends [SCH-XC-043]."""


def explain(start: date, amount: int, unit: Unit, calendar: Calendar) -> Arithmetic:
    """How `amount` of `unit` after `start` (before it, when negative) is reached.

    Only working days leave days out: weeks and months are calendar weeks and months and are not
    moved off a weekend (decision D-5). For the two `last day of` units the amount is the number of
    months or inspection years after the one that holds `start`. Raises `UncoveredYearError`.
    """
    if unit is Unit.WORKING_DAYS:
        return calendar.explain(start, amount)
    try:
        end = _calendar_end(start, amount, unit)
    except (ValueError, OverflowError) as error:
        year = 1 if amount < 0 else 9999
        raise UncoveredYearError(year, calendar) from error
    if not calendar.first_year <= end.year <= calendar.last_year:
        raise UncoveredYearError(end.year, calendar)
    return Arithmetic(start=start, amount=amount, unit=unit, end=end)


def add(start: date, amount: int, unit: Unit, calendar: Calendar) -> date:
    """The date `explain` reaches. Raises `UncoveredYearError`."""
    return explain(start, amount, unit, calendar).end


def add_months(start: date, amount: int) -> date:
    """The same day of the month, or its last day where the month is shorter."""
    year, month = _month(start, amount)
    return date(year, month, min(start.day, months.monthrange(year, month)[1]))


def last_day_of_month(start: date, amount: int = 0) -> date:
    """The last day of the month `amount` months after the one that holds `start`."""
    year, month = _month(start, amount)
    return date(year, month, months.monthrange(year, month)[1])


def last_day_of_inspection_year(start: date, amount: int = 0) -> date:
    """The 31 March that ends the inspection year `amount` years after the one that holds `start`."""
    ends_next_year = (start.month, start.day) > INSPECTION_YEAR_ENDS
    return date(start.year + ends_next_year + amount, *INSPECTION_YEAR_ENDS)


def _calendar_end(start: date, amount: int, unit: Unit) -> date:
    match unit:
        case Unit.DAYS | Unit.WORKING_DAYS:
            return start + timedelta(days=amount)
        case Unit.WEEKS:
            return start + timedelta(weeks=amount)
        case Unit.MONTHS:
            return add_months(start, amount)
        case Unit.LAST_DAY_OF_MONTH:
            return last_day_of_month(start, amount)
        case Unit.LAST_DAY_OF_INSPECTION_YEAR:
            return last_day_of_inspection_year(start, amount)
        case _:
            assert_never(unit)


def _month(start: date, amount: int) -> tuple[int, int]:
    years, month = divmod(start.month - 1 + amount, 12)
    return start.year + years, month + 1
