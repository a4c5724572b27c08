"""Conversion functions (DMN 10.3.4.1) and `not`, `is`."""

import re
from decimal import Decimal
from typing import Any

from engine.feel.functions.range_text import read_range
from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.values import numbers
from engine.feel.values.equality import identical
from engine.feel.values.functions import FunctionError
from engine.feel.values.ranges import Range
from engine.feel.values.text import text

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_GROUPINGS = (None, " ", ",", ".")
_DECIMALS = (None, ",", ".")


@builtin("number(from: string)")
def number(run: Run, source: str) -> Decimal:
    return _read(source)


@builtin("number(from: string, grouping separator: string|null, decimal separator: string|null)")
def number_with_separators(run: Run, source: str, grouping: str | None, decimal: str | None) -> Decimal:
    """Read a number with separators: space, comma or point between groups, comma or point before decimals."""
    if grouping not in _GROUPINGS or decimal not in _DECIMALS or (grouping and grouping == decimal):
        raise FunctionError(
            "`grouping separator` must be space, comma or point, and differ from the decimal one"
        )
    plain = source.replace(grouping, "") if grouping else source
    if decimal == ",":
        plain = "" if "." in plain else plain.replace(",", ".")
    return _read(plain)


@builtin("string(from: any)")
def string(run: Run, value: Any) -> str | None:
    return None if value is None else text(value)


@builtin("not(negand: any)")
def negate(run: Run, negand: Any) -> bool | None:
    if negand.__class__ is bool:
        return not negand
    if negand is None:
        return None
    raise FunctionError("`negand` must be true or false")


@builtin("is(value1: any, value2: any)")
def same(run: Run, value1: Any, value2: Any) -> bool:
    return identical(value1, value2)


@builtin("range(from: string)")
def span(run: Run, source: str) -> Range:
    """A range from its text; its end points must be literals."""
    found = read_range(source)
    if found is None:
        raise FunctionError(f"`{source}` is no range of two literals in order, such as [1..5]")
    return found


def _read(source: str) -> Decimal:
    if not _NUMBER.fullmatch(source):
        raise FunctionError(f'"{source}" is no number')
    return numbers.number(source)
