"""The properties of dates, times, durations and ranges that a path can read (DMN table 65)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.values.durations import DaysTimeDuration, YearsMonthsDuration
from engine.feel.values.ranges import Range
from engine.feel.values.temporal import Date, DateTime, Time

Property = Callable[[Any], Any]


def _part(index: int) -> Property:
    return lambda duration: Decimal(duration.parts()[index])


def _offset(moment: DateTime | Time) -> DaysTimeDuration | None:
    seconds = moment.offset if isinstance(moment, DateTime) else moment.offset_on()
    return None if seconds is None else DaysTimeDuration.of_seconds(seconds)


def _second(time: Time) -> Decimal:
    whole = Decimal(time.second)
    return whole + Decimal(time.nanosecond).scaleb(-9) if time.nanosecond else whole


_DATE: dict[str, Property] = {
    "year": lambda date: Decimal(date.year),
    "month": lambda date: Decimal(date.month),
    "day": lambda date: Decimal(date.day),
    "weekday": lambda date: Decimal(date.weekday),
}
_TIME: dict[str, Property] = {
    "hour": lambda time: Decimal(time.hour),
    "minute": lambda time: Decimal(time.minute),
    "second": _second,
    "timezone": lambda time: time.zone,
}


def _of_date(read: Property) -> Property:
    return lambda moment: read(moment.date)


def _of_time(read: Property) -> Property:
    return lambda moment: read(moment.time)


PROPERTIES: dict[tuple[type, str], Property] = {
    **{(Date, name): read for name, read in _DATE.items()},
    **{(Time, name): read for name, read in _TIME.items()},
    **{(DateTime, name): _of_date(read) for name, read in _DATE.items()},
    **{(DateTime, name): _of_time(read) for name, read in _TIME.items()},
    (Time, "time offset"): _offset,
    (DateTime, "time offset"): _offset,
    (DaysTimeDuration, "days"): _part(0),
    (DaysTimeDuration, "hours"): _part(1),
    (DaysTimeDuration, "minutes"): _part(2),
    (DaysTimeDuration, "seconds"): lambda span: (
        Decimal(span.parts()[3]) + Decimal(span.parts()[4]).scaleb(-9)
    ),
    (YearsMonthsDuration, "years"): _part(0),
    (YearsMonthsDuration, "months"): _part(1),
    (Range, "start"): lambda span: span.start,
    (Range, "end"): lambda span: span.end,
    (Range, "start included"): lambda span: span.start_included,
    (Range, "end included"): lambda span: span.end_included,
}
