"""List functions (DMN 10.3.4.4)."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.feel.invocation import invoke
from engine.feel.registry import aggregate, builtin
from engine.feel.run import Place, Run
from engine.feel.values.equality import equal
from engine.feel.values.functions import Function, FunctionError
from engine.feel.values.kinds import type_name
from engine.feel.values.numbers import whole

_CALLBACK = Place("a function given to a list function", 0)


@builtin("list contains(list: list, element: any)")
def list_contains(run: Run, items: list[Any], element: Any) -> bool:
    run.spend(len(items))
    return any(equal(item, element) is True for item in items)


@builtin("count(list: list)")
def count(run: Run, items: list[Any]) -> Decimal:
    return Decimal(len(items))


@aggregate("all", "b")
def every(items: Sequence[Any]) -> bool | None:
    """False if one is false, else null if one is no boolean, else true."""
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@aggregate("any", "b")
def some(items: Sequence[Any]) -> bool | None:
    """True if one is true, else null if one is no boolean, else false."""
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


@builtin("sublist(list: list, start position: number, length?: number)")
def sublist(run: Run, items: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any]:
    begin = _index(items, start)
    if length is None:
        return items[begin:]
    size = whole(length)
    if size is None or size < 0 or begin + size > len(items):
        raise FunctionError(f"`length` must be a whole number that stays within the list of {len(items)}")
    return items[begin : begin + size]


@builtin("append(list: list, item...: any)")
def append(run: Run, items: list[Any], *more: Any) -> list[Any]:
    run.check_items(len(items) + len(more))
    return [*items, *more]


@builtin("concatenate(list...: list)")
def concatenate(run: Run, *lists: list[Any]) -> list[Any]:
    run.check_items(sum(map(len, lists)))
    return [item for items in lists for item in items]


@builtin("insert before(list: list, position: number, newItem: any)")
def insert_before(run: Run, items: list[Any], position: Decimal, item: Any) -> list[Any]:
    run.check_items(len(items) + 1)
    index = _index(items, position)
    return [*items[:index], item, *items[index:]]


@builtin("remove(list: list, position: number)")
def remove(run: Run, items: list[Any], position: Decimal) -> list[Any]:
    index = _index(items, position)
    return items[:index] + items[index + 1 :]


@builtin("list replace(list: list, position: number, newItem: any)")
def replace_at(run: Run, items: list[Any], position: Decimal, item: Any) -> list[Any]:
    index = _index(items, position)
    return [*items[:index], item, *items[index + 1 :]]


@builtin("list replace(list: list, match: function, newItem: any)")
def replace_matching(run: Run, items: list[Any], match: Function, item: Any) -> list[Any] | None:
    """Replace each element for which `match(element, new item)` is true."""
    result = []
    for element in items:
        held = invoke(match, [element, item], run, _CALLBACK)
        if held.__class__ is not bool:
            raise FunctionError(f"`match` must give true or false, but gave {type_name(held)}")
        result.append(item if held else element)
    return result


@builtin("reverse(list: list)")
def reverse(run: Run, items: list[Any]) -> list[Any]:
    return items[::-1]


@builtin("index of(list: list, match: any)")
def index_of(run: Run, items: list[Any], match: Any) -> list[Decimal]:
    run.spend(len(items))
    return [Decimal(number) for number, item in enumerate(items, 1) if equal(item, match) is True]


@builtin("union(list...: list)")
def union(run: Run, *lists: list[Any]) -> list[Any]:
    return _distinct(run, concatenate(run, *lists))


@builtin("distinct values(list: list)")
def distinct_values(run: Run, items: list[Any]) -> list[Any]:
    return _distinct(run, items)


@builtin("flatten(list: list)")
def flatten(run: Run, items: list[Any]) -> list[Any]:
    result: list[Any] = []
    waiting = [iter(items)]
    while waiting:
        item = next(waiting[-1], _END)
        if item is _END:
            waiting.pop()
        elif isinstance(item, list):
            waiting.append(iter(item))
        else:
            result.append(item)
            run.check_items(len(result))
    return result


@builtin("sort(list: list, precedes: function)")
def sort(run: Run, items: list[Any], precedes: Function) -> list[Any]:
    """Sort (stable) by a function that tells whether its first argument comes before its second."""

    def compare(first: Any, second: Any) -> int:
        if _precedes(run, precedes, first, second):
            return -1
        return 1 if _precedes(run, precedes, second, first) else 0

    return sorted(items, key=cmp_to_key(compare))


_END = object()


def _precedes(run: Run, precedes: Function, first: Any, second: Any) -> bool:
    run.spend()
    held = invoke(precedes, [first, second], run, _CALLBACK)
    if held.__class__ is not bool:
        raise FunctionError(f"`precedes` must give true or false, but gave {type_name(held)}")
    return held is True


def _distinct(run: Run, items: list[Any]) -> list[Any]:
    """Without duplicates, in order; scalars are told apart by hash, the rest by comparing each with each."""
    seen: set[tuple[type, Any]] = set()
    kept: list[Any] = []
    compound: list[Any] = []
    for item in items:
        if item is None or item.__class__ in _HASHED:
            key = (item.__class__, item)
            if key not in seen:
                seen.add(key)
                kept.append(item)
            continue
        run.spend(len(compound))
        if not any(equal(item, other) is True for other in compound):
            compound.append(item)
            kept.append(item)
    return kept


_HASHED = (Decimal, str, bool)


def _index(items: list[Any], position: Decimal) -> int:
    """The index from 0 of a position from 1, or from -1 at the end."""
    number = whole(position)
    if not number or abs(number) > len(items):
        raise FunctionError(f"there is no position {position} in a list of {len(items)}")
    return number - 1 if number > 0 else len(items) + number
