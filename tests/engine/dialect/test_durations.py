"""ISO 8601 durations and cycles: what is read, what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.dialect.durations import Duration, TimeFormatError, parse_cycle, parse_duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P5D", Duration(0, 5, timedelta())),
        ("PT120H", Duration(0, 0, timedelta(hours=120))),
        ("P1Y2M3W4DT5H6M7.5S", Duration(14, 25, timedelta(hours=5, minutes=6, seconds=7.5))),
        ("-P1D", Duration(0, -1, timedelta())),
        ("P-1M", Duration(-1, 0, timedelta())),
        ("P0D", Duration(0, 0, timedelta())),
    ],
)
def test_durations(text: str, duration: Duration) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "5D", "P1", "P1H", "PT1D", "P1DT", "P1.5D", "P9999999D", "p1d"]
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(TimeFormatError, match="no ISO 8601 duration"):
        parse_duration(text)


def test_cycles() -> None:
    assert parse_cycle("R3/P1D").count == 3
    assert parse_cycle("R/PT1H").count is None
    assert parse_cycle("R2/2026-12-01T09:00:00+00:00/P1W").start == datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["R0/P1D", "R/P0D", "R/-P1D", "R3", "P1D", "R/P1D/2026-12-01", "0 0 9 * * MON"]
)
def test_what_is_no_cycle(text: str) -> None:
    with pytest.raises(TimeFormatError):
        parse_cycle(text)
