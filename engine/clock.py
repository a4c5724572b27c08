"""The one place where the system's clock is read; everything else is handed a time."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

Clock = Callable[[], datetime]
"""Gives the present moment: aware, UTC."""


def now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


def london_date(at: datetime) -> date:
    """The London day that holds the moment `at` (aware)."""
    return at.astimezone(LONDON).date()


def london_midnight(day: date) -> datetime:
    """The moment (UTC) at which the London day `day` begins."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)
