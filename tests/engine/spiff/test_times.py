"""Calendar arithmetic of timers: London days, elapsed hours, no drift at month ends."""

from datetime import UTC, date, datetime

import pytest

from engine import feel
from engine.dialect.durations import TimeFormatError, parse_duration
from engine.spiff.times import after, due_at, duration


def moved(start: str, text: str, times: int = 1) -> str:
    return after(datetime.fromisoformat(start), parse_duration(text), times).isoformat()


@pytest.mark.parametrize(
    ("start", "text", "end"),
    [
        ("2027-01-31T09:00:00+00:00", "P1M", "2027-02-28T09:00:00+00:00"),
        ("2028-01-31T09:00:00+00:00", "P1M", "2028-02-29T09:00:00+00:00"),
        ("2028-02-29T09:00:00+00:00", "P1Y", "2029-02-28T09:00:00+00:00"),
        ("2026-12-15T09:00:00+00:00", "P2M", "2027-02-15T09:00:00+00:00"),
        ("2027-03-31T09:00:00+01:00", "-P1M", "2027-02-28T09:00:00+00:00"),
        ("2027-03-10T09:00:00+00:00", "-P10D", "2027-02-28T09:00:00+00:00"),
    ],
)
def test_months_end_where_the_month_ends(start: str, text: str, end: str) -> None:
    assert moved(start, text) == end


def test_days_keep_the_time_of_day_across_a_change_of_the_clocks() -> None:
    assert moved("2027-03-25T09:00:00+00:00", "P5D") == "2027-03-30T08:00:00+00:00"
    assert moved("2027-10-29T08:00:00+00:00", "P5D") == "2027-11-03T09:00:00+00:00"


def test_hours_are_elapsed_time() -> None:
    assert moved("2027-03-25T09:00:00+00:00", "PT120H") == "2027-03-30T09:00:00+00:00"


def test_a_time_that_the_clocks_skip_moves_on() -> None:
    assert moved("2027-03-27T01:30:00+00:00", "P1D") == "2027-03-28T01:30:00+00:00"


def test_several_periods_are_counted_from_the_start() -> None:
    assert moved("2027-01-31T09:00:00+00:00", "P1M", 2)[:10] == "2027-03-31"


def test_what_leaves_the_calendar_is_an_error() -> None:
    with pytest.raises(TimeFormatError, match="outside the calendar"):
        moved("2027-01-31T09:00:00+00:00", "P999999Y")


@pytest.mark.parametrize(
    ("value", "due"),
    [
        (feel.Date.of(date(2027, 6, 1)), "2027-05-31T23:00:00+00:00"),
        ("2027-06-01", "2027-05-31T23:00:00+00:00"),
        ("2027-06-01T12:00:00", "2027-06-01T11:00:00+00:00"),
        ("2027-06-01T12:00:00Z", "2027-06-01T12:00:00+00:00"),
    ],
)
def test_a_date_is_its_midnight_in_london(value: feel.Value, due: str) -> None:
    assert due_at(value).isoformat() == due
    assert due_at(value).tzinfo is UTC


def test_feel_durations_are_taken() -> None:
    value = feel.evaluate('duration("P5DT2H")', {})
    assert duration(value) == parse_duration("P5DT2H")
    assert duration(feel.evaluate('duration("P1Y2M")', {})) == parse_duration("P14M")


@pytest.mark.parametrize("value", [True, None, "tomorrow", []])
def test_other_values_are_no_times(value: feel.Value) -> None:
    with pytest.raises(TimeFormatError):
        due_at(value)
    with pytest.raises(TimeFormatError):
        duration(value)


def test_microseconds_are_kept() -> None:
    assert moved("2027-01-31T09:00:00+00:00", "PT59.999999S") == "2027-01-31T09:00:59.999999+00:00"
    assert moved("2027-01-31T09:00:00.000001+00:00", "P1M")[-15:] == "00.000001+00:00"
    value = feel.evaluate('duration("PT1.000001S")', {})
    assert duration(value) == parse_duration("PT1.000001S")
