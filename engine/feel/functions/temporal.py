"""Dates, times and durations: constructors and what calendars know (DMN 10.3.4.1, 10.3.4.7, 10.3.4.8)."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.values.durations import (
    NANOSECONDS,
    DaysTimeDuration,
    YearsMonthsDuration,
    parse_duration,
)
from engine.feel.values.functions import FunctionError
from engine.feel.values.numbers import whole
from engine.feel.values.temporal import MAX_OFFSET, Date, DateTime, Time
from engine.feel.values.zones import zone

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@builtin("date(from: string|date|date and time)")
def date(run: Run, source: str | Date | DateTime) -> Date:
    if isinstance(source, Date):
        return source
    if isinstance(source, DateTime):
        return source.date
    found = Date.parse(source)
    if found is None:
        raise FunctionError(f'"{source}" is no date such as 2026-12-03')
    return found


@builtin("date(year: number, month: number, day: number)")
def date_of_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Date:
    parts = [whole(part) for part in (year, month, day)]
    found = Date.of_parts(*(0 if part is None else part for part in parts)) if None not in parts else None
    if found is None:
        raise FunctionError(f"there is no day {day} of month {month} in year {year}")
    return found


@builtin("time(from: string|date|time|date and time)")
def time(run: Run, source: str | Date | Time | DateTime) -> Time:
    if isinstance(source, Time):
        return source
    if isinstance(source, Date):
        return Time(0, 0, 0, offset=0)
    if isinstance(source, DateTime):
        return source.time
    found = Time.parse(source)
    if found is None:
        raise FunctionError(f'"{source}" is no time such as 09:30:00')
    return found


@builtin("time(hour: number, minute: number, second: number, offset?: days and time duration|null)")
def time_of_parts(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTimeDuration | None = None
) -> Time:
    return _time_of(hour, minute, second, offset)


@builtin("date and time(from: string|date|date and time)")
def date_and_time(run: Run, source: str | Date | DateTime) -> DateTime:
    if isinstance(source, DateTime):
        return source
    if isinstance(source, Date):
        return DateTime(source, Time(0, 0, 0, offset=0))
    found = DateTime.parse(source)
    if found is not None:
        return found
    day = Date.parse(source)
    if day is None:
        raise FunctionError(f'"{source}" is no date and time such as 2026-12-03T09:30:00')
    return DateTime(day, Time(0, 0, 0))


@builtin("date and time(date: date|date and time, time: time)")
def date_and_time_of(run: Run, day: Date | DateTime, at: Time) -> DateTime:
    return DateTime(day.date if isinstance(day, DateTime) else day, at)


@builtin("date and time(date: date and time, timezone: string)")
def date_and_time_in_zone(run: Run, moment: DateTime, name: str) -> DateTime:
    """The same instant on the clocks of a zone (a local one is taken as that zone's)."""
    if zone(name) is None:
        raise FunctionError(f'"{name}" is no time zone')
    if moment.time.is_local:
        found = DateTime.from_local(moment.local_nanoseconds, Time(0, 0, 0, zone=name))
    else:
        found = DateTime.from_instant(moment.instant, name)
    if found is None:
        raise FunctionError("the date lies too far away")
    return found


@builtin(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, second: number,"
    " offset?: days and time duration|null)"
)
def date_and_time_of_parts(
    run: Run,
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: DaysTimeDuration | None = None,
) -> DateTime:
    return DateTime(date_of_parts(run, year, month, day), _time_of(hour, minute, second, offset))


@builtin(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, second: number,"
    " timezone: string)"
)
def date_and_time_of_parts_in_zone(
    run: Run,
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    name: str,
) -> DateTime:
    if zone(name) is None:
        raise FunctionError(f'"{name}" is no time zone')
    at = _time_of(hour, minute, second, None)
    return DateTime(
        date_of_parts(run, year, month, day), Time(at.hour, at.minute, at.second, at.nanosecond, zone=name)
    )


@builtin("duration(from: string|days and time duration|years and months duration)")
def duration(
    run: Run, source: str | DaysTimeDuration | YearsMonthsDuration
) -> DaysTimeDuration | YearsMonthsDuration:
    if not isinstance(source, str):
        return source
    found = parse_duration(source)
    if found is None:
        raise FunctionError(f'"{source}" is no duration such as P5D, PT2H or P1Y6M')
    return found


@builtin("years and months duration(from: date|date and time, to: date|date and time)")
def years_and_months_duration(run: Run, start: Date | DateTime, end: Date | DateTime) -> YearsMonthsDuration:
    """Whole months from one date to the other; the time of day does not count."""
    first = start.date if isinstance(start, DateTime) else start
    last = end.date if isinstance(end, DateTime) else end
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonthsDuration(months)


@builtin("now()")
def now(run: Run) -> DateTime:
    """The moment of the command, on London clocks: the same throughout."""
    environment = run.environment
    if environment.at is None:
        raise FunctionError("no moment is given here")
    return DateTime.of(environment.at.astimezone(ZoneInfo(environment.zone)))


@builtin("today()")
def today(run: Run) -> Date:
    """The London day of the moment of the command."""
    return now(run).date


@builtin("day of year(date: date|date and time)")
def day_of_year(run: Run, moment: Date | DateTime) -> Decimal:
    return Decimal(_date(moment).day_of_year)


@builtin("day of week(date: date|date and time)")
def day_of_week(run: Run, moment: Date | DateTime) -> str:
    return _DAYS[_date(moment).weekday - 1]


@builtin("month of year(date: date|date and time)")
def month_of_year(run: Run, moment: Date | DateTime) -> str:
    return _MONTHS[_date(moment).month - 1]


@builtin("week of year(date: date|date and time)")
def week_of_year(run: Run, moment: Date | DateTime) -> Decimal:
    return Decimal(_date(moment).week_of_year)


def _date(moment: Date | DateTime) -> Date:
    return moment.date if isinstance(moment, DateTime) else moment


def _time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTimeDuration | None) -> Time:
    hours, minutes = whole(hour), whole(minute)
    nanoseconds = int(second.scaleb(9)) if 0 <= second < 60 else -1
    seconds = None if offset is None else int(offset.seconds())
    if hours is None or minutes is None or not (0 <= hours < 24 and 0 <= minutes < 60) or nanoseconds < 0:
        raise FunctionError(f"there is no time {hour}:{minute}:{second}")
    if seconds is not None and abs(seconds) > MAX_OFFSET:
        raise FunctionError("`offset` must be at most 18 hours")
    return Time(hours, minutes, *divmod(nanoseconds, NANOSECONDS), seconds)
