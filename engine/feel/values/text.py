"""The text of a value, as the `string` function gives it (DMN 10.3.4.1)."""

import re
from decimal import Decimal

from engine.feel.run import EvaluationBudgetError
from engine.feel.values import numbers
from engine.feel.values.functions import Function
from engine.feel.values.kinds import Value

MAX_LENGTH = 1_000_000
_PLAIN_KEY = re.compile(r"[^\W\d]\w*")


def text(value: Value) -> str:
    """The form people read: strings as they are, everything else as it would be written in FEEL.

    Raises `EvaluationBudgetError` beyond a million characters: parts that many places share add up.
    """
    return value if isinstance(value, str) else literal(value)


def literal(value: Value) -> str:
    """The form inside lists and contexts: as `text`, with strings in quotes."""
    writer = _Writer()
    try:
        writer.write(value)
    except RecursionError:
        raise EvaluationBudgetError("a value to be written is nested too deep") from None
    return "".join(writer.pieces)


class _Writer:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._left = MAX_LENGTH

    def write(self, value: Value) -> None:
        if isinstance(value, list):
            self._put("[")
            for index, item in enumerate(value):
                self._put(", " if index else "")
                self.write(item)
            self._put("]")
        elif isinstance(value, dict):
            self._put("{")
            for index, (key, item) in enumerate(value.items()):
                self._put(f"{', ' if index else ''}{_key(key)}: ")
                self.write(item)
            self._put("}")
        else:
            self._put(_scalar(value))

    def _put(self, piece: str) -> None:
        self._left -= len(piece)
        if self._left < 0:
            raise EvaluationBudgetError(f"a text would be longer than {MAX_LENGTH:,} characters")
        self.pieces.append(piece)


def _scalar(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return numbers.text(value)
    if isinstance(value, Function):
        return f"function({', '.join(value.parameter_names)})"
    return str(value)


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else _scalar(key)
