"""The text of a value, as the `string` function gives it (DMN 10.3.4.1)."""

import re
from decimal import Decimal

from engine.feel.values import numbers
from engine.feel.values.functions import Function
from engine.feel.values.kinds import Value

_PLAIN_KEY = re.compile(r"[^\W\d]\w*")


def text(value: Value) -> str:
    """The form people read: strings as they are, everything else as it would be written in FEEL."""
    return value if isinstance(value, str) else literal(value)


def literal(value: Value) -> str:
    """The form inside lists and contexts: as `text`, with strings in quotes."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return numbers.text(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Function):
        return f"function({', '.join(value.parameter_names)})"
    return str(value)


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else literal(key)
