"""One input column: finds the rows whose cell holds for a value, as a bit mask.

Cells that only compare with constants are looked up: for each kind of value the column is cut at its
constants, and the mask of each part is computed once, by the cells themselves. All other cells are
evaluated row by row.
"""

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from engine.dmn.axes import AXES, Axis, stretches
from engine.dmn.cuts import Cuts
from engine.feel import Environment, Value
from engine.feel.run import Run
from engine.feel.scope import Scope

Lookup = Callable[[Any], int]
Test = Callable[[Any, Scope, Run], bool | None]


class Cell:
    """One compiled test; `cuts` are its constants, or in words why it has to be evaluated each time."""

    __slots__ = ("cuts", "kinds", "test", "text")

    def __init__(self, text: str, test: Test, cuts: Cuts | str) -> None:
        self.text = text
        self.test = test
        self.cuts = cuts
        constants = cuts.constants if isinstance(cuts, Cuts) else ()
        self.kinds = frozenset(constant.__class__ for constant in constants)

    def holds(self, value: Value, scope: Scope, run: Run) -> bool | None:
        """Whether the cell holds for the value; None when that cannot be decided."""
        return self.test(value, scope, run)


class Column:
    """The cells of one input, from the first row (bit 0) to the last."""

    __slots__ = ("_constant", "_dynamic", "_lookups", "cells")

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        self.cells = cells
        self._constant = [(1 << i, cell) for i, cell in enumerate(cells) if isinstance(cell.cuts, Cuts)]
        self._dynamic = [(1 << i, cell) for i, cell in enumerate(cells) if not isinstance(cell.cuts, Cuts)]
        self._lookups: dict[type, Lookup | None] = {}

    def rows(self, value: Value, alive: int, scope: Scope, run: Run) -> int:
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

    def answers(self, value: Value, scope: Scope, run: Run) -> tuple[bool | None, ...]:
        """What each cell says of the value, for the trace; only doubtful cells are evaluated again."""
        held = self.rows(value, -1, scope, run)
        kind = {value.__class__}
        return tuple(
            True if held >> index & 1 else False if cell.kinds == kind else cell.holds(value, scope, run)
            for index, cell in enumerate(self.cells)
        )

    def _evaluated(
        self,
        cells: list[tuple[int, Cell]],
        value: Value,
        alive: int,
        scope: Scope,
        run: Run,
    ) -> int:
        held = 0
        for bit, cell in cells:
            if bit & alive and cell.holds(value, scope, run):
                held |= bit
        return held

    def constant_rows(self, value: Value) -> int:
        """The rows whose cell only compares with constants and holds for the value."""
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
        few: dict[type, tuple[Value, ...]] = {bool: (True, False), type(None): (None,)}
        if kind in few:
            return {value: self.constant_rows(value) for value in few[kind]}.__getitem__
        if kind is str:
            return self._build_texts([text for text in constants if isinstance(text, str)])
        axis = AXES.get(kind)
        return self._build_line(axis, constants) if axis is not None else None

    def _build_texts(self, constants: list[str]) -> Lookup | None:
        if any(isinstance(cell.cuts, Cuts) and cell.cuts.ordered for _, cell in self._constant):
            return None
        masks = {text: self.constant_rows(text) for text in constants}
        other = self.constant_rows(other_text(constants))
        return lambda text: masks.get(text, other)

    def _build_line(self, axis: Axis, constants: list[Value]) -> Lookup:
        keys, parts = stretches(axis, constants)
        masks = [0 if part is None else self.constant_rows(part.sample) for part in parts]
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
