"""Reading the literals of `@"…"`: dates, times, dates and times, and durations."""

from engine.feel.values.durations import DaysTimeDuration, YearsMonthsDuration, parse_duration
from engine.feel.values.temporal import Date, DateTime, Time

Temporal = Date | Time | DateTime | DaysTimeDuration | YearsMonthsDuration


def parse_temporal(text: str) -> Temporal | None:
    """The value in its standard form; None when it is none of them."""
    return Date.parse(text) or DateTime.parse(text) or Time.parse(text) or parse_duration(text)
