"""The kind of a value, by its Python class: the names the standard gives its types."""

from decimal import Decimal
from typing import Any

from engine.feel.values.durations import DaysTimeDuration, YearsMonthsDuration
from engine.feel.values.functions import Function
from engine.feel.values.ranges import Range
from engine.feel.values.temporal import Date, DateTime, Time

Value = Any
"""Decimal, str, bool, None, list, dict, Date, Time, DateTime, a duration, Range or Function."""

KINDS: dict[type, str] = {
    type(None): "null",
    Decimal: "number",
    str: "string",
    bool: "boolean",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysTimeDuration: "days and time duration",
    YearsMonthsDuration: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
}


def type_name(value: Value) -> str:
    """The standard's name of the value's type; `unknown (class)` for what is no FEEL value."""
    kind = KINDS.get(value.__class__)
    if kind is not None:
        return kind
    return "function" if isinstance(value, Function) else f"unknown ({value.__class__.__name__})"
