"""When a timer is due: calendar arithmetic in London, elapsed time in UTC, no clock."""

from bisect import bisect_right
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine import feel
from engine.dialect.durations import Duration, TimeFormatError, parse_date, parse_duration

LONDON = ZoneInfo("Europe/London")


def after(start: datetime, duration: Duration, times: int = 1) -> datetime:
    """``start`` moved ``times`` durations on; aware in, UTC out.

    Months and days are those of the London calendar (31 January and a month is the last of
    February; five days later is the same time of day across a change of the clocks), hours,
    minutes and seconds are elapsed.

    :raises TimeFormatError: the result is outside the calendar.
    """
    try:
        local = start.astimezone(LONDON).replace(tzinfo=None)
        moved = _add_months(local, duration.months * times) + timedelta(days=duration.days * times)
        return moved.replace(tzinfo=LONDON).astimezone(UTC) + duration.elapsed * times
    except (OverflowError, ValueError) as error:
        raise TimeFormatError("The time is outside the calendar.") from error


def turn_after(start: datetime, period: Duration, moment: datetime, *, least: int) -> datetime:
    """The time of the first turn, from number ``least`` on, after ``moment``.

    Turn n is n periods after ``start``; ``period`` leads forward, so that later turns lie later.

    :raises TimeFormatError: it is outside the calendar.
    """
    shortest = timedelta(days=28 * period.months, hours=23 * period.days) + period.elapsed
    surely_later = max(least, (moment - start) // shortest + 1)
    missed = bisect_right(range(least, surely_later), moment, key=lambda turn: after(start, period, turn))
    return after(start, period, least + missed)


def _add_months(moment: datetime, months: int) -> datetime:
    if not months:
        return moment
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def to_moment(value: date | datetime) -> datetime:
    """A moment in UTC: a date is its 00:00 in London, a time without an offset is London time."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value if value.tzinfo else value.replace(tzinfo=LONDON)).astimezone(UTC)


def due_at(value: feel.Value) -> datetime:
    """The moment a FEEL value names: a date, a date and time, or the ISO 8601 text of one.

    :raises TimeFormatError: the value is none of these, or is outside the calendar.
    """
    try:
        if isinstance(value, feel.Date | feel.DateTime):
            return to_moment(value.to_python())
        if isinstance(value, str):
            return to_moment(parse_date(value.strip()))
    except TimeFormatError:
        raise
    except (OverflowError, ValueError) as error:
        raise TimeFormatError("The time is outside the calendar.") from error
    raise TimeFormatError(f"A {feel.type_name(value)} is no date and time.")


def london_day(value: feel.Value) -> date:
    """The day in London of the moment a FEEL value names.

    :raises TimeFormatError: the value names none, or one outside the calendar.
    """
    moment = due_at(value)
    try:
        return moment.astimezone(LONDON).date()
    except OverflowError as error:
        raise TimeFormatError("The time is outside the calendar.") from error


def duration(value: feel.Value) -> Duration:
    """The duration a FEEL value names, also as ISO 8601 text.

    A FEEL duration counts whole days as calendar days; write ``PT120H`` as text for elapsed hours.

    :raises TimeFormatError: the value is no duration.
    """
    if isinstance(value, feel.DaysTimeDuration | feel.YearsMonthsDuration):
        return parse_duration(str(value))
    if isinstance(value, str):
        return parse_duration(value)
    raise TimeFormatError(f"A {feel.type_name(value)} is no duration.")
