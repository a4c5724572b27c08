"""Equality, order and identity of values by the standard's rules (DMN 10.3.2.6, tables 53 and 54)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.values.durations import DaysTimeDuration, YearsMonthsDuration
from engine.feel.values.functions import Function
from engine.feel.values.kinds import KINDS, Value
from engine.feel.values.ranges import Range
from engine.feel.values.temporal import Date, DateTime, Time


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are equal; None when their kinds cannot be compared (null equals only null)."""
    if left is None or right is None:
        return left is right
    kind = left.__class__
    if kind is not right.__class__:
        return None
    if kind is list or kind is dict:
        return _same_parts(left, right, equal, {})
    if kind is DateTime or kind is Time:
        return order(left, right) == 0
    if kind is Range:
        return _equal_ranges(left, right)
    if isinstance(left, Function):
        return left is right
    return bool(left == right) if kind in KINDS else None


Same = Callable[[Value, Value], bool | None]
Seen = dict[tuple[int, int], bool]


def _same_parts(left: Value, right: Value, same: Same, seen: Seen) -> bool:
    """Compare lists and contexts part by part; a pair that many places share is compared once."""
    if left.__class__ is not right.__class__:
        return False
    if left.__class__ is not list and left.__class__ is not dict:
        return same(left, right) is True
    pair = (id(left), id(right))
    known = seen.get(pair)
    if known is not None:
        return known
    if isinstance(left, list):
        result = len(left) == len(right) and all(
            _same_parts(a, b, same, seen) for a, b in zip(left, right, strict=True)
        )
    else:
        result = left.keys() == right.keys() and all(
            _same_parts(left[key], right[key], same, seen) for key in left
        )
    seen[pair] = result
    return result


def order(left: Value, right: Value) -> int | None:
    """Negative, zero or positive as `left` lies before, with or after `right`; None when not ordered."""
    kind = left.__class__
    if kind is not right.__class__:
        return None
    key = _KEYS.get(kind)
    if key is None:
        return _moments(left, right) if kind is DateTime or kind is Time else None
    a, b = key(left), key(right)
    return int(a > b) - int(a < b)


def identical(left: Value, right: Value) -> bool:
    """The `is` function: the same kind and the same element of its value space, offset and zone included."""
    if left.__class__ is not right.__class__:
        return False
    if isinstance(left, Time):
        return _time_parts(left) == _time_parts(right)
    if isinstance(left, DateTime):
        return left.date == right.date and _time_parts(left.time) == _time_parts(right.time)
    if left.__class__ in (list, dict):
        return _same_parts(left, right, identical, {})
    return equal(left, right) is True


def contains(span: Range, value: Value) -> bool | None:
    """Whether a value lies in a range; None when it cannot be compared with the end points."""
    operator = span.operator
    if operator == "=":
        return equal(value, span.start)
    if operator == "!=":
        same = equal(value, span.start)
        return None if same is None else not same
    if value is None:
        return None
    if operator is None or span.start is not None:
        low = order(value, span.start)
        if low is None:
            return None
        if low < 0 or (low == 0 and not span.start_included):
            return False
    if operator is None or span.end is not None:
        high = order(value, span.end)
        if high is None:
            return None
        if high > 0 or (high == 0 and not span.end_included):
            return False
    return True


def _equal_ranges(left: Range, right: Range) -> bool:
    return (
        left.operator == right.operator
        and left.start_included == right.start_included
        and left.end_included == right.end_included
        and equal(left.start, right.start) is True
        and equal(left.end, right.end) is True
    )


def _moments(left: DateTime | Time, right: DateTime | Time) -> int:
    """Compare instants in whole seconds; a local one takes on the offset of the other."""
    first, second = _seconds(left), _seconds(right)
    mine, theirs = _offset(left), _offset(right)
    if mine is not None and theirs is not None:
        first, second = first - mine, second - theirs
    return (first > second) - (first < second)


def _seconds(moment: DateTime | Time) -> int:
    return moment.local_seconds if isinstance(moment, DateTime) else moment.second_of_day


def _offset(moment: DateTime | Time) -> int | None:
    return moment.offset if isinstance(moment, DateTime) else moment.offset_on()


def _time_parts(time: Time) -> tuple[object, ...]:
    return time.hour, time.minute, time.second, time.nanosecond, time.offset, time.zone


_KEYS: dict[type, Callable[[Any], Any]] = {
    Decimal: lambda number: number,
    str: lambda text: text,
    Date: lambda date: (date.year, date.month, date.day),
    DaysTimeDuration: lambda duration: duration.nanoseconds,
    YearsMonthsDuration: lambda duration: duration.months,
}
