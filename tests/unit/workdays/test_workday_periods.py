"""Weeks, months and year ends, and the sentences that explain them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.workdays import Calendar, UncoveredYearError, Unit, periods

CALENDAR = Calendar.england(2020, 2036)
days = st.dates(min_value=date(2022, 1, 1), max_value=date(2033, 12, 31))


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        (date(2024, 6, 6), 6, Unit.WEEKS, date(2024, 7, 18)),
        (date(2024, 6, 6), 8, Unit.WEEKS, date(2024, 8, 1)),
        (date(2024, 6, 6), 16, Unit.WEEKS, date(2024, 9, 26)),
        (date(2024, 6, 6), 18, Unit.WORKING_DAYS, date(2024, 7, 2)),
        (date(2024, 6, 6), 28, Unit.DAYS, date(2024, 7, 4)),
        (date(2027, 1, 31), 1, Unit.MONTHS, date(2027, 2, 28)),
        (date(2027, 3, 31), -1, Unit.MONTHS, date(2027, 2, 28)),
        (date(2026, 11, 30), 3, Unit.MONTHS, date(2027, 2, 28)),
        (date(2026, 12, 1), 0, Unit.LAST_DAY_OF_MONTH, date(2026, 12, 31)),
        (date(2026, 12, 31), 1, Unit.LAST_DAY_OF_MONTH, date(2027, 1, 31)),
        (date(2028, 1, 15), 1, Unit.LAST_DAY_OF_MONTH, date(2028, 2, 29)),
        (date(2027, 3, 31), 0, Unit.LAST_DAY_OF_INSPECTION_YEAR, date(2027, 3, 31)),
        (date(2027, 4, 1), 0, Unit.LAST_DAY_OF_INSPECTION_YEAR, date(2028, 3, 31)),
        (date(2026, 12, 3), 2, Unit.LAST_DAY_OF_INSPECTION_YEAR, date(2029, 3, 31)),
    ],
)
def test_each_unit_counts_by_its_own_rule(start: date, amount: int, unit: Unit, end: date) -> None:
    assert periods.add(start, amount, unit, CALENDAR) == end


def test_weeks_are_not_moved_off_a_bank_holiday() -> None:
    assert periods.add(date(2026, 11, 13), 6, Unit.WEEKS, CALENDAR) == date(2026, 12, 25)


@given(start=days, amount=st.integers(-24, 24))
def test_months_land_in_the_right_month(start: date, amount: int) -> None:
    end = periods.add_months(start, amount)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == amount
    assert end.day <= start.day


@given(start=days, amount=st.integers(-12, 12))
def test_the_last_day_of_a_month_is_followed_by_the_first(start: date, amount: int) -> None:
    end = periods.last_day_of_month(start, amount)
    assert end.replace(day=28) <= end
    assert date.fromordinal(end.toordinal() + 1).day == 1


@given(start=days)
def test_an_inspection_year_ends_on_the_next_31_march(start: date) -> None:
    end = periods.last_day_of_inspection_year(start)
    assert (end.month, end.day) == (3, 31)
    assert 0 <= (end - start).days < 366


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("amount", [-(10**12), -400_000, 400_000, 10**12])
def test_a_count_beyond_the_calendar_is_an_error_in_every_unit(unit: Unit, amount: int) -> None:
    with pytest.raises(UncoveredYearError):
        periods.add(date(2026, 12, 3), amount, unit, CALENDAR)


@pytest.mark.parametrize(
    ("amount", "unit", "sentence"),
    [
        (6, Unit.WEEKS, "6 weeks after Thursday 3 December 2026: Thursday 14 January 2027"),
        (1, Unit.MONTHS, "1 month after Thursday 3 December 2026: Sunday 3 January 2027"),
        (-1, Unit.DAYS, "1 day before Thursday 3 December 2026: Wednesday 2 December 2026"),
        (
            1,
            Unit.LAST_DAY_OF_MONTH,
            "Last day of the month 1 month after that of Thursday 3 December 2026: Sunday 31 January 2027",
        ),
        (
            0,
            Unit.LAST_DAY_OF_INSPECTION_YEAR,
            "Last day of the inspection year of Thursday 3 December 2026: Wednesday 31 March 2027",
        ),
    ],
)
def test_every_unit_explains_itself(amount: int, unit: Unit, sentence: str) -> None:
    assert periods.explain(date(2026, 12, 3), amount, unit, CALENDAR).sentence == sentence
