"""FEEL values as JSON-able structures and back: exact decimals, tags for what JSON does not know.

Encode with `msgspec.json.Encoder(decimal_format="number")`, decode with `float_hook=Decimal`.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.values import numbers
from engine.feel.values.durations import DaysTimeDuration, YearsMonthsDuration
from engine.feel.values.kinds import Value, type_name
from engine.feel.values.ranges import Range
from engine.feel.values.temporal import Date, DateTime, Time

TAG = "@"
MAX_PARTS = 250_000
_VALUE = "v"
_CONTEXT = "context"

_PARSERS: dict[str, Callable[[str], Any]] = {
    "date": Date.parse,
    "time": Time.parse,
    "date and time": DateTime.parse,
    "days and time duration": DaysTimeDuration.parse,
    "years and months duration": YearsMonthsDuration.parse,
}


class NotJsonError(Exception):
    """The value has no JSON form (a function or a foreign object), or the JSON is no FEEL value."""


def to_json(value: Value) -> Any:
    """A structure of dict, list, str, bool, None and Decimal.

    Raises `NotJsonError` for functions, and for values too deep or too large to be stored.
    """
    try:
        return _Encoder().encode(value)
    except RecursionError:
        raise NotJsonError("The value is nested too deep to be stored") from None


class _Encoder:
    """Counts what it writes: parts that many places share add up."""

    def __init__(self) -> None:
        self._left = MAX_PARTS

    def encode(self, value: Value) -> Any:
        self._left -= 1
        if self._left < 0:
            raise NotJsonError(f"The value has more than {MAX_PARTS:,} parts, too many to be stored")
        if isinstance(value, list):
            return [self.encode(item) for item in value]
        if isinstance(value, dict):
            entries = {key: self.encode(item) for key, item in value.items()}
            return {TAG: _CONTEXT, _VALUE: entries} if TAG in entries else entries
        return _scalar(value)


def _scalar(value: Value) -> Any:
    if value is None or isinstance(value, str | bool | Decimal):
        return value
    if isinstance(value, Range):
        return _range_to_json(value)
    kind = type_name(value)
    if kind not in _PARSERS:
        raise NotJsonError(f"A value of type {kind} cannot be stored; store what it gives instead")
    return {TAG: kind, _VALUE: str(value)}


def from_json(obj: Any) -> Value:
    """The value of a structure as `to_json` makes it (int and Decimal are numbers); raises `NotJsonError`."""
    try:
        return _decode(obj)
    except RecursionError:
        raise NotJsonError("The stored value is nested too deep") from None


def _decode(obj: Any) -> Value:
    if obj is None or isinstance(obj, str | bool):
        return obj
    if isinstance(obj, int | Decimal):
        return _number(obj)
    if isinstance(obj, list):
        return [_decode(item) for item in obj]
    if isinstance(obj, dict):
        return _tagged(obj) if TAG in obj else {key: _decode(item) for key, item in obj.items()}
    raise NotJsonError(f"{type(obj).__name__} is no JSON form of a FEEL value; decode numbers as Decimal")


def _number(value: int | Decimal) -> Decimal:
    try:
        return numbers.number(value)
    except ArithmeticError:
        raise NotJsonError("The number is too large for FEEL, which reaches to 10**6144") from None


def _tagged(obj: dict[str, Any]) -> Value:
    kind, inner = obj[TAG], obj.get(_VALUE)
    if kind == _CONTEXT and isinstance(inner, dict):
        return {key: _decode(item) for key, item in inner.items()}
    if kind == "range" and isinstance(inner, dict):
        return _range_from_json(inner)
    parse = _PARSERS.get(kind) if isinstance(kind, str) else None
    value = parse(inner) if parse is not None and isinstance(inner, str) else None
    if value is None:
        raise NotJsonError(f"{obj} carries a tag FEEL does not know, or a text that does not fit it")
    return value


def _range_to_json(span: Range) -> dict[str, Any]:
    inner = {
        "start": to_json(span.start),
        "end": to_json(span.end),
        "start included": span.start_included,
        "end included": span.end_included,
    }
    if span.operator is not None:
        inner["operator"] = span.operator
    return {TAG: "range", _VALUE: inner}


def _range_from_json(inner: dict[str, Any]) -> Range:
    try:
        start, end = from_json(inner["start"]), from_json(inner["end"])
        return Range(start, end, inner["start included"], inner["end included"], inner.get("operator"))
    except KeyError as missing:
        raise NotJsonError(f"A range is stored without {missing}") from None
