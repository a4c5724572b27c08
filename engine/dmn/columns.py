"""One input column: finds the rows whose cell holds for a value, as a bit mask.

Cells that only compare with constants are looked up: for each kind of value the column is cut at its
constants, and the mask of each part is computed once, by the cells themselves. All other cells are
evaluated row by row.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from typing import Any

from engine.dmn.axes import AXES, Axis, stretches
from engine.dmn.cuts import INPUT, Cuts
from engine.dmn.state import Closure
from engine.feel import Environment, Value
from engine.feel.run import Run

Lookup = Callable[[Any], int]


class Cell:
    """One compiled test; `cuts` are its constants, or in words why it has to be evaluated each time."""

    __slots__ = ("cuts", "test", "text")

    def __init__(self, text: str, test: Closure, cuts: Cuts | str) -> None:
        self.text = text
        self.test = test
        self.cuts = cuts

    def holds(self, value: Value, scope: Mapping[str, Value], run: Run) -> bool | None:
        """Whether the cell holds for the value; None when that cannot be decided."""
        answer = self.test({**scope, INPUT: value}, run)
        return answer if isinstance(answer, bool) else None


class Column:
    """The cells of one input, from the first row (bit 0) to the last."""

    __slots__ = ("_constant", "_dynamic", "_lookups", "cells")

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        self.cells = cells
        self._constant = [(1 << i, cell) for i, cell in enumerate(cells) if isinstance(cell.cuts, Cuts)]
        self._dynamic = [(1 << i, cell) for i, cell in enumerate(cells) if not isinstance(cell.cuts, Cuts)]
        self._lookups: dict[type, Lookup | None] = {}

    def rows(self, value: Value, alive: int, scope: Mapping[str, Value], run: Run) -> int:
        """Those of the rows `alive` whose cell holds for the value."""
        kind = value.__class__
        try:
            lookup = self._lookups[kind]
        except KeyError:
            lookup = self._lookups[kind] = self._build(kind)
        if lookup is None:
            return self._evaluated(self._constant, value, alive, scope, run) | self._evaluated(
                self._dynamic, value, alive, scope, run
            )
        held = lookup(value) & alive
        if self._dynamic:
            held |= self._evaluated(self._dynamic, value, alive, scope, run)
        return held

    def _evaluated(
        self,
        cells: list[tuple[int, Cell]],
        value: Value,
        alive: int,
        scope: Mapping[str, Value],
        run: Run,
    ) -> int:
        held = 0
        for bit, cell in cells:
            if bit & alive and cell.holds(value, scope, run):
                held |= bit
        return held

    def _mask(self, value: Value) -> int:
        """The rows whose constant cell holds for a sample."""
        run = Run(Environment())
        return self._evaluated(self._constant, value, -1, {}, run)

    def _build(self, kind: type) -> Lookup | None:
        constants = [
            constant
            for _, cell in self._constant
            if isinstance(cell.cuts, Cuts)
            for constant in cell.cuts.constants
            if constant.__class__ is kind
        ]
        if kind in (bool, type(None)):
            fixed = {value: self._mask(value) for value in ((None,) if kind is type(None) else (True, False))}
            return fixed.__getitem__
        if kind is str:
            return self._build_texts(constants)
        axis = AXES.get(kind)
        return self._build_line(axis, constants) if axis is not None else None

    def _build_texts(self, constants: list[str]) -> Lookup | None:
        if any(isinstance(cell.cuts, Cuts) and cell.cuts.ordered for _, cell in self._constant):
            return None
        masks = {text: self._mask(text) for text in constants}
        other = self._mask(other_text(constants))
        return lambda text: masks.get(text, other)

    def _build_line(self, axis: Axis, constants: list[Value]) -> Lookup:
        keys, parts = stretches(axis, constants)
        masks = [0 if part is None else self._mask(part.sample) for part in parts]
        count, key_of = len(keys), axis.key

        def lookup(value: Value) -> int:
            key = key_of(value)
            index = bisect_left(keys, key)
            at_cut = index < count and keys[index] == key
            return masks[2 * index + at_cut]

        return lookup


def other_text(texts: list[str]) -> str:
    """A text that is none of the given ones."""
    return "other" if "other" not in texts else max(texts, key=len) + " (other)"
