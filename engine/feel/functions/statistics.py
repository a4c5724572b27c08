"""Functions that boil a list of numbers (or other ordered values) down to one value (DMN 10.3.4.4)."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from functools import reduce
from typing import Any

from engine.feel.arithmetic import add
from engine.feel.registry import aggregate
from engine.feel.values.durations import DaysTimeDuration, YearsMonthsDuration
from engine.feel.values.equality import order
from engine.feel.values.functions import FunctionError
from engine.feel.values.kinds import type_name
from engine.feel.values.numbers import CONTEXT, ONE, ZERO


@aggregate("min", "c")
def _minimum(items: Sequence[Any]) -> Any:
    return _extreme(items, -1)


@aggregate("max", "c")
def _maximum(items: Sequence[Any]) -> Any:
    return _extreme(items, 1)


def _extreme(items: Sequence[Any], direction: int) -> Any:
    if not items:
        raise FunctionError("the list is empty")
    best = items[0]
    for item in items:
        compared = order(item, best)
        if compared is None:
            raise FunctionError(f"{type_name(item)} cannot be ordered with {type_name(best)}")
        if compared * direction > 0:
            best = item
    return best


def _numbers(items: Sequence[Any]) -> Sequence[Decimal]:
    if not items:
        raise FunctionError("the list is empty")
    return _only_numbers(items)


def _only_numbers(items: Sequence[Any]) -> Sequence[Decimal]:
    for item in items:
        if item.__class__ is not Decimal:
            raise FunctionError(f"the list must hold numbers only, but holds {type_name(item)}")
    return items


@aggregate("sum", "n")
def _sum(items: Sequence[Any]) -> Any:
    if not items:
        raise FunctionError("the list is empty")
    kind = items[0].__class__
    if kind not in (Decimal, DaysTimeDuration, YearsMonthsDuration):
        raise FunctionError(f"{type_name(items[0])} cannot be added up")
    for item in items:
        if item.__class__ is not kind:
            raise FunctionError(f"{type_name(item)} cannot be added to {type_name(items[0])}")
    return reduce(CONTEXT.add if kind is Decimal else add, items)


@aggregate("product", "n")
def _product(items: Sequence[Any]) -> Decimal:
    result = ONE
    for item in _numbers(items):
        result = CONTEXT.multiply(result, item)
    return result


@aggregate("mean", "n")
def _mean(items: Sequence[Any]) -> Decimal:
    return CONTEXT.divide(_sum(_numbers(items)), Decimal(len(items)))


@aggregate("median", "n")
def _median(items: Sequence[Any]) -> Decimal:
    ordered = sorted(_numbers(items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return CONTEXT.divide(CONTEXT.add(ordered[middle - 1], ordered[middle]), Decimal(2))


@aggregate("stddev", "n")
def _stddev(items: Sequence[Any]) -> Decimal:
    """The standard deviation of a sample (divided by one less than the count)."""
    if len(_numbers(items)) < 2:
        raise FunctionError("a standard deviation needs two numbers or more")
    average = _mean(items)
    squares = ZERO
    for item in items:
        difference = CONTEXT.subtract(item, average)
        squares = CONTEXT.add(squares, CONTEXT.multiply(difference, difference))
    return CONTEXT.sqrt(CONTEXT.divide(squares, Decimal(len(items) - 1)))


@aggregate("mode", "n")
def _mode(items: Sequence[Any]) -> list[Decimal]:
    counts = Counter(_only_numbers(items))
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)
