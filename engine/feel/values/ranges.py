"""Ranges (intervals) and what it means to lie in one (DMN 10.3.2.7)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.feel.values import numbers


@dataclass(frozen=True, slots=True)
class Range:
    """Two end points and whether each belongs to the range.

    `operator` keeps the form of the unary comparisons (`<`, `<=`, `>`, `>=`, `=`, `!=`): the
    standard tells `(<10)` from any range with two end points, so they are never equal.
    """

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    operator: str | None = None

    def __str__(self) -> str:
        if self.operator is not None:
            return f"({self.operator}{_end(self.end if self.operator in ('<', '<=') else self.start)})"
        opening = "[" if self.start_included else "("
        return f"{opening}{_end(self.start)}..{_end(self.end)}{']' if self.end_included else ')'}"


def _end(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return numbers.text(value) if isinstance(value, Decimal) else str(value)
