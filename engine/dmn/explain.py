"""What an evaluation did, for people: inputs, cells that held, rows matched, outputs, errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from engine import feel
from engine.feel import Value


def _json(value: Value) -> object:
    """A value for history: functions, which no JSON can hold, as the text of their signature."""
    try:
        return feel.to_json(value)
    except feel.NotJsonError:
        return feel.text(value)


class RowTrace(NamedTuple):
    """One row: which cells held, None where that could not be decided.

    A tuple, because every explanation makes one for each row of its tables.
    """

    number: int
    id: str
    cells: tuple[bool | None, ...]
    matched: bool


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """One row that held, with its outputs by column and its annotations by column."""

    number: int
    rule_id: str
    outputs: Mapping[str, Value]
    annotations: Mapping[str, str]

    def as_json(self) -> dict[str, object]:
        return {
            "row": self.number,
            "rule": self.rule_id,
            "outputs": {name: _json(value) for name, value in self.outputs.items()},
            "annotations": dict(self.annotations),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TableTrace:
    """One evaluated table; `no_match` only where the hit policy owes an answer and there is no default."""

    table_id: str
    hit_policy: str
    inputs: Mapping[str, Value]
    rows: tuple[RowTrace, ...]
    matched: tuple[RuleMatch, ...]
    no_match: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The value of one decision and how it came about; `required` are the decisions it rests on."""

    decision_id: str
    name: str
    value: Value
    hit_policy: str | None = None
    inputs: Mapping[str, Value] = field(default_factory=dict)
    rows: tuple[RowTrace, ...] = ()
    matched: tuple[RuleMatch, ...] = ()
    errors: tuple[str, ...] = ()
    no_match: bool = False
    required: tuple["Explanation", ...] = ()
    tables: tuple[TableTrace, ...] = ()

    def as_json(self) -> dict[str, object]:
        """A JSON-able form for history and the command line; values as `feel.to_json` writes them."""
        return {
            "decision": self.decision_id,
            "name": self.name,
            "value": _json(self.value),
            "hitPolicy": self.hit_policy,
            "inputs": {name: _json(value) for name, value in self.inputs.items()},
            "rows": [
                {"row": row.number, "rule": row.id, "cells": list(row.cells), "matched": row.matched}
                for row in self.rows
            ],
            "matched": [match.as_json() for match in self.matched],
            "errors": list(self.errors),
            "noMatch": self.no_match,
            "required": [each.as_json() for each in self.required],
        }
