"""The working-day calendar against the published bank holidays, its laws, and the worked timetable."""

from datetime import date, timedelta

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import given
from hypothesis import strategies as st

from engine.workdays import Calendar, CalendarDataError, Skipped, UncoveredYearError, in_words

CALENDAR = Calendar.england(2010, 2036)

days = st.dates(min_value=date(2012, 1, 1), max_value=date(2034, 12, 31))
working = days.filter(CALENDAR.is_working_day)
amounts = st.integers(min_value=-260, max_value=260)


def test_every_published_bank_holiday_and_no_other_weekday_is_a_day_off() -> None:
    published = {
        event["date"]: event["title"]
        for event in BankHolidays(use_cached_holidays=True).get_holidays(BankHolidays.ENGLAND_AND_WALES)
    }
    ours = {
        day
        for day in CALENDAR.holidays
        if day.weekday() < 5 and min(published).year <= day.year <= max(published).year
    }
    assert ours == set(published)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2022, 6, 2), "Spring bank holiday"),
        (date(2022, 6, 3), "Platinum Jubilee of Elizabeth II"),
        (date(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
        (date(2023, 5, 8), "Coronation of Charles III"),
        (date(2026, 12, 28), "Boxing Day substitute"),
        (date(2028, 1, 3), "New Year's Day substitute"),
        (date(2032, 12, 27), "Christmas Day substitute"),
        (date(2032, 12, 28), "Boxing Day substitute"),
        (date(2035, 3, 23), "Good Friday"),
    ],
)
def test_moved_substitute_and_one_off_days_have_their_names(day: date, name: str) -> None:
    assert CALENDAR.why_not_working(day) == name


@pytest.mark.parametrize("year", range(2026, 2036))
def test_every_year_to_2035_takes_eight_weekdays_off(year: int) -> None:
    assert sum(1 for day in CALENDAR.holidays if day.year == year and day.weekday() < 5) == 8


def test_the_timetable_of_a_full_inspection_falls_on_its_published_days() -> None:
    end = date(2024, 6, 6)
    draft = CALENDAR.add(end, 18)
    final = CALENDAR.add(end, 30)
    assert CALENDAR.add(end, 1) == date(2024, 6, 7)
    assert CALENDAR.add(end, 5) == date(2024, 6, 13)
    assert draft == date(2024, 7, 2)
    assert CALENDAR.add(draft, 5) == date(2024, 7, 9)
    assert final == date(2024, 7, 18)
    assert CALENDAR.add(final, 5) == date(2024, 7, 25)
    assert CALENDAR.add(date(2024, 6, 3), 38) == date(2024, 7, 25)


@given(start=days, amount=amounts)
def test_between_undoes_add(start: date, amount: int) -> None:
    assert CALENDAR.between(start, CALENDAR.add(start, amount)) == amount


@given(start=days, end=working)
def test_add_undoes_between_for_a_working_day(start: date, end: date) -> None:
    assert CALENDAR.add(start, CALENDAR.between(start, end)) == end


@given(start=working, amount=amounts)
def test_counting_there_and_back_returns_to_a_working_day(start: date, amount: int) -> None:
    assert CALENDAR.add(CALENDAR.add(start, amount), -amount) == start


@given(start=days, first=st.integers(0, 130), second=st.integers(0, 130))
def test_two_counts_in_one_direction_are_one_count_of_the_sum(start: date, first: int, second: int) -> None:
    assert CALENDAR.add(CALENDAR.add(start, first), second) == CALENDAR.add(start, first + second)
    assert CALENDAR.add(CALENDAR.add(start, -first), -second) == CALENDAR.add(start, -first - second)


@given(start=days, later=st.integers(0, 60), amount=amounts)
def test_a_later_start_never_ends_earlier(start: date, later: int, amount: int) -> None:
    assert CALENDAR.add(start, amount) <= CALENDAR.add(start + timedelta(days=later), amount)


@given(start=days, amount=amounts.filter(bool))
def test_a_count_ends_on_a_working_day(start: date, amount: int) -> None:
    assert CALENDAR.is_working_day(CALENDAR.add(start, amount))


@given(first=days, second=days, third=days)
def test_working_days_between_add_up(first: date, second: date, third: date) -> None:
    first, second, third = sorted((first, second, third))
    assert CALENDAR.between(first, second) + CALENDAR.between(second, third) == CALENDAR.between(first, third)


@given(start=days, amount=amounts)
def test_an_explanation_accounts_for_every_day_after_the_start(start: date, amount: int) -> None:
    found = CALENDAR.explain(start, amount)
    passed = [skipped for skipped in found.skipped if skipped.day != start]
    assert abs((found.end - start).days) == len(passed) + abs(amount)


@given(start=days, amount=st.integers(1, 100), closed=working)
def test_an_extra_closure_never_brings_a_date_forward(start: date, amount: int, closed: date) -> None:
    assert CALENDAR.closing({closed: "Flood"}).add(start, amount) >= CALENDAR.add(start, amount)


def test_a_start_on_a_day_off_counts_from_the_next_working_day_as_day_one() -> None:
    saturday = date(2026, 12, 5)
    assert CALENDAR.add(saturday, 1) == date(2026, 12, 7)
    assert CALENDAR.add(saturday, -1) == date(2026, 12, 4)
    assert CALENDAR.add(saturday, 0) == saturday
    assert CALENDAR.next_working_day(saturday) == date(2026, 12, 7)
    assert CALENDAR.previous_working_day(date(2026, 12, 7)) == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("start", "amount", "sentence"),
    [
        (
            date(2026, 12, 3),
            18,
            "18 working days after Thursday 3 December 2026, skipping Christmas Day and "
            "the Boxing Day substitute: Thursday 31 December 2026",
        ),
        (
            date(2026, 12, 24),
            5,
            "5 working days after Thursday 24 December 2026, skipping Christmas Day, the Boxing Day "
            "substitute and New Year's Day: Tuesday 5 January 2027",
        ),
        (
            date(2026, 12, 5),
            1,
            "1 working day after Saturday 5 December 2026 (a weekend): Monday 7 December 2026",
        ),
        (
            date(2026, 5, 25),
            -2,
            "2 working days before Monday 25 May 2026 (the Spring bank holiday): Thursday 21 May 2026",
        ),
        (date(2026, 12, 3), 0, "On the day itself, Thursday 3 December 2026: Thursday 3 December 2026"),
    ],
)
def test_the_arithmetic_is_said_in_words(start: date, amount: int, sentence: str) -> None:
    assert CALENDAR.explain(start, amount).sentence == sentence


def test_a_closure_is_named_with_its_reason() -> None:
    closed = CALENDAR.closing({date(2026, 12, 4): "flood"})
    found = closed.explain(date(2026, 12, 3), 1)
    assert found.end == date(2026, 12, 7)
    assert found.skipped[0] == Skipped(date(2026, 12, 4), "closed: flood")
    assert ", skipping a closure (flood): " in found.sentence


def test_a_year_without_data_is_an_error_naming_the_year_and_the_remedy() -> None:
    short = Calendar.england(2026, 2026)
    with pytest.raises(UncoveredYearError, match="covers 2026 to 2026, but the count reached 2027"):
        short.add(date(2026, 12, 30), 5)
    with pytest.raises(UncoveredYearError):
        short.add(date(2025, 12, 31), 0)
    with pytest.raises(UncoveredYearError):
        short.between(date(2026, 1, 5), date(2025, 12, 30))


@pytest.mark.parametrize(("first", "last"), [(2099, 2120), (2027, 2026)])
def test_a_calendar_is_never_made_for_years_nothing_is_known_about(first: int, last: int) -> None:
    with pytest.raises(CalendarDataError, match="No bank holidays are known"):
        Calendar.england(first, last)


def test_a_revision_is_stored_and_read_back_the_same() -> None:
    revision = Calendar.england(2026, 2027, closures={date(2026, 12, 29): "Office move"})
    assert Calendar.from_dict(revision.as_dict()) == revision


def test_a_revision_id_follows_its_content() -> None:
    plain = Calendar.england(2026, 2027)
    closed = plain.closing({date(2026, 12, 29): "Office move"})
    assert plain.revision == Calendar.england(2026, 2027).revision
    assert closed.revision != plain.revision
    assert (
        closed.revision == Calendar.england(2026, 2027, closures={date(2026, 12, 29): "Office move"}).revision
    )


@pytest.mark.parametrize("stored", [{}, {"revision": "x", "first_year": "2026"}])
def test_a_stored_revision_with_parts_missing_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(CalendarDataError, match="needs revision"):
        Calendar.from_dict(stored)


def test_a_stored_revision_with_a_date_that_is_none_is_refused() -> None:
    stored = Calendar.england(2026, 2026).as_dict()
    stored["closures"] = {"2026-02-30": "Never"}
    with pytest.raises(CalendarDataError, match="YYYY-MM-DD"):
        Calendar.from_dict(stored)


def test_a_date_is_written_as_people_read_it() -> None:
    assert in_words(date(2026, 12, 3)) == "Thursday 3 December 2026"
