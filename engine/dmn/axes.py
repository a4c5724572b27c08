"""Ordered kinds of values as lines that constants cut into points and open stretches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from engine.feel import Date, DaysTimeDuration, Value, YearsMonthsDuration


@dataclass(frozen=True, slots=True)
class Axis:
    """How values of one kind are ordered, and how to find a value strictly between two of them.

    `key` gives the ordered form; `between` takes two keys (None: no bound on that side) and gives a
    value, or None when the kind has none there, such as between two neighbouring days.
    """

    key: Callable[[Any], Any]
    between: Callable[[Any, Any], Value]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One part of a line: a single point, or everything strictly between two cuts."""

    sample: Value
    point: bool


def stretches(axis: Axis, cuts: Sequence[Value]) -> tuple[list[Any], list[Stretch | None]]:
    """The sorted distinct keys of the cuts, and the 2n+1 parts of the line (None where it has no values)."""
    points = sorted({axis.key(cut): cut for cut in cuts}.items(), key=lambda item: item[0])
    keys = [key for key, _ in points]
    parts: list[Stretch | None] = [_open(axis, None, keys[0] if keys else None)]
    for index, (key, cut) in enumerate(points):
        parts.append(Stretch(cut, True))
        parts.append(_open(axis, key, keys[index + 1] if index + 1 < len(keys) else None))
    return keys, parts


def _open(axis: Axis, low: Any, high: Any) -> Stretch | None:
    sample = axis.between(low, high)
    return None if sample is None else Stretch(sample, False)


def _number_between(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    """A whole number where there is one, the middle otherwise."""
    if low is None and high is None:
        return Decimal(0)
    if low is None:
        assert high is not None
        return high.to_integral_value(ROUND_CEILING) - 1
    whole = low.to_integral_value(ROUND_FLOOR) + 1
    if high is None or whole < high:
        return whole
    middle = (low + high) / 2
    return middle if low < middle < high else None


def _integer_between(low: int | None, high: int | None) -> int | None:
    if low is None:
        return 0 if high is None else high - 1
    return low + 1 if high is None or low + 1 < high else None


def _discrete(build: Callable[[int], Value]) -> Callable[[Any, Any], Value]:
    def between(low: int | None, high: int | None) -> Value:
        found = _integer_between(low, high)
        return None if found is None else build(found)

    return between


AXES: dict[type, Axis] = {
    Decimal: Axis(lambda value: value, _number_between),
    Date: Axis(lambda value: value.epoch_day, _discrete(Date.from_epoch_day)),
    DaysTimeDuration: Axis(lambda value: value.nanoseconds, _discrete(DaysTimeDuration)),
    YearsMonthsDuration: Axis(lambda value: value.months, _discrete(YearsMonthsDuration)),
}
"""The kinds with a total order; zoned times have none, and strings are only compared for equality here."""
