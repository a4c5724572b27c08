"""`+ - * / **` over all kinds of values (DMN 10.3.2.9 tables on arithmetic).

Each gives a value, raises `Mismatch` when the kinds do not go together, or ArithmeticError when the
result cannot be held.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from engine.feel.values.durations import SECONDS_A_DAY, DaysTimeDuration, YearsMonthsDuration
from engine.feel.values.numbers import CONTEXT, ONE, number
from engine.feel.values.temporal import Date, DateTime, Time

NANOSECONDS_A_DAY = SECONDS_A_DAY * 1_000_000_000
_NANOSECONDS = 1_000_000_000
_MAX_DURATION = 10**30
_T = TypeVar("_T")


class Mismatch(Exception):  # noqa: N818 - a signal inside this package, not a failure shown to anyone
    """These two kinds of values do not go together under this operator."""


def add(left: Any, right: Any) -> Any:
    return _dispatch(_ADD, left, right)


def subtract(left: Any, right: Any) -> Any:
    return _dispatch(_SUBTRACT, left, right)


def multiply(left: Any, right: Any) -> Any:
    return _dispatch(_MULTIPLY, left, right)


def divide(left: Any, right: Any) -> Any:
    return _dispatch(_DIVIDE, left, right)


def power(left: Any, right: Any) -> Any:
    return _dispatch(_POWER, left, right)


def negate(value: Any) -> Any:
    if isinstance(value, Decimal):
        return CONTEXT.minus(value)
    if isinstance(value, DaysTimeDuration):
        return DaysTimeDuration(-value.nanoseconds)
    if isinstance(value, YearsMonthsDuration):
        return YearsMonthsDuration(-value.months)
    raise Mismatch


Operation = Callable[[Any, Any], Any]
Table = Mapping[tuple[type, type], Operation]


def _dispatch(table: Table, left: Any, right: Any) -> Any:
    operation = table.get((left.__class__, right.__class__))
    if operation is None:
        raise Mismatch
    return operation(left, right)


def _days(nanoseconds: int) -> DaysTimeDuration:
    if abs(nanoseconds) > _MAX_DURATION:
        raise OverflowError
    return DaysTimeDuration(nanoseconds)


def _months(months: int) -> YearsMonthsDuration:
    if abs(months) > _MAX_DURATION:
        raise OverflowError
    return YearsMonthsDuration(months)


def _found(value: _T | None) -> _T:
    if value is None:
        raise OverflowError
    return value


def _shift(moment: DateTime, nanoseconds: int) -> DateTime:
    """Elapsed time: with a zone the clock may jump, the instant may not."""
    if moment.time.zone is None:
        return _found(DateTime.from_local(moment.local_nanoseconds + nanoseconds, moment.time))
    return _found(DateTime.from_instant(moment.instant + nanoseconds, moment.time.zone))


def _shift_date(date: Date, nanoseconds: int) -> Date:
    return _found(Date.from_epoch_day(date.epoch_day + nanoseconds // NANOSECONDS_A_DAY))


def _shift_time(time: Time, nanoseconds: int) -> Time:
    of_day = (time.second_of_day * _NANOSECONDS + time.nanosecond + nanoseconds) % NANOSECONDS_A_DAY
    return _found(DateTime.from_local(of_day, time)).time


def _shift_months(moment: DateTime, months: int) -> DateTime:
    return DateTime(_found(moment.date.plus_months(months)), moment.time)


def _between(later: DateTime, earlier: DateTime) -> DaysTimeDuration:
    if later.time.is_local != earlier.time.is_local:
        raise Mismatch
    return _days(later.instant - earlier.instant)


def _between_times(later: Time, earlier: Time) -> DaysTimeDuration:
    if later.is_local != earlier.is_local:
        raise Mismatch
    seconds = (
        later.second_of_day - (later.offset_on() or 0) - earlier.second_of_day + (earlier.offset_on() or 0)
    )
    return _days(seconds * _NANOSECONDS + later.nanosecond - earlier.nanosecond)


def _midnight(date: Date) -> DateTime:
    return DateTime(date, Time(0, 0, 0, offset=0))


def _scaled(amount: int, factor: Decimal) -> int:
    return int(CONTEXT.multiply(number(amount), factor))


def _divided(amount: int, divisor: Decimal) -> int:
    return int(CONTEXT.divide(number(amount), divisor))


def _raise(base: Decimal, exponent: Decimal) -> Decimal:
    return ONE if not exponent else CONTEXT.power(base, exponent)


_ADD: Table = {
    (Decimal, Decimal): CONTEXT.add,
    (str, str): lambda a, b: a + b,
    (DaysTimeDuration, DaysTimeDuration): lambda a, b: _days(a.nanoseconds + b.nanoseconds),
    (YearsMonthsDuration, YearsMonthsDuration): lambda a, b: _months(a.months + b.months),
    (Date, DaysTimeDuration): lambda a, b: _shift_date(a, b.nanoseconds),
    (DaysTimeDuration, Date): lambda a, b: _shift_date(b, a.nanoseconds),
    (DateTime, DaysTimeDuration): lambda a, b: _shift(a, b.nanoseconds),
    (DaysTimeDuration, DateTime): lambda a, b: _shift(b, a.nanoseconds),
    (Time, DaysTimeDuration): lambda a, b: _shift_time(a, b.nanoseconds),
    (DaysTimeDuration, Time): lambda a, b: _shift_time(b, a.nanoseconds),
    (Date, YearsMonthsDuration): lambda a, b: _found(a.plus_months(b.months)),
    (YearsMonthsDuration, Date): lambda a, b: _found(b.plus_months(a.months)),
    (DateTime, YearsMonthsDuration): lambda a, b: _shift_months(a, b.months),
    (YearsMonthsDuration, DateTime): lambda a, b: _shift_months(b, a.months),
}
_SUBTRACT: Table = {
    (Decimal, Decimal): CONTEXT.subtract,
    (DaysTimeDuration, DaysTimeDuration): lambda a, b: _days(a.nanoseconds - b.nanoseconds),
    (YearsMonthsDuration, YearsMonthsDuration): lambda a, b: _months(a.months - b.months),
    (Date, Date): lambda a, b: _days((a.epoch_day - b.epoch_day) * NANOSECONDS_A_DAY),
    (DateTime, DateTime): _between,
    (DateTime, Date): lambda a, b: _between(a, _midnight(b)),
    (Date, DateTime): lambda a, b: _between(_midnight(a), b),
    (Time, Time): _between_times,
    (Date, DaysTimeDuration): lambda a, b: _shift_date(a, -b.nanoseconds),
    (DateTime, DaysTimeDuration): lambda a, b: _shift(a, -b.nanoseconds),
    (Time, DaysTimeDuration): lambda a, b: _shift_time(a, -b.nanoseconds),
    (Date, YearsMonthsDuration): lambda a, b: _found(a.plus_months(-b.months)),
    (DateTime, YearsMonthsDuration): lambda a, b: _shift_months(a, -b.months),
}
_MULTIPLY: Table = {
    (Decimal, Decimal): CONTEXT.multiply,
    (DaysTimeDuration, Decimal): lambda a, b: _days(_scaled(a.nanoseconds, b)),
    (Decimal, DaysTimeDuration): lambda a, b: _days(_scaled(b.nanoseconds, a)),
    (YearsMonthsDuration, Decimal): lambda a, b: _months(_scaled(a.months, b)),
    (Decimal, YearsMonthsDuration): lambda a, b: _months(_scaled(b.months, a)),
}
_DIVIDE: Table = {
    (Decimal, Decimal): CONTEXT.divide,
    (DaysTimeDuration, Decimal): lambda a, b: _days(_divided(a.nanoseconds, b)),
    (YearsMonthsDuration, Decimal): lambda a, b: _months(_divided(a.months, b)),
    (DaysTimeDuration, DaysTimeDuration): lambda a, b: CONTEXT.divide(
        number(a.nanoseconds), number(b.nanoseconds)
    ),
    (YearsMonthsDuration, YearsMonthsDuration): lambda a, b: CONTEXT.divide(
        number(a.months), number(b.months)
    ),
}
_POWER: Table = {(Decimal, Decimal): _raise}
