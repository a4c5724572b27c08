"""Finds uncovered and shared boxes of a table whose columns are partitioned into regions.

Each input column is cut into regions in which no cell changes its answer, each with the set of rows (a
bit mask) whose cell holds there: the box view of Calvanese and others (2016). Walking the columns left to
right, what lies below a column depends only on the rows still alive, so a visited set of (column, rows)
keeps the walk small although the boxes are many.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAXIMUM_STATES = 200_000


class TooManyRegionsError(RuntimeError):
    """The table has more combinations than the proof may visit."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of one column's domain: the rows that hold in it, and one value of it as FEEL text."""

    rows: int
    example: str


Columns = Sequence[Sequence[Region]]
Example = tuple[str, ...]


def merged(regions: Sequence[Region]) -> tuple[Region, ...]:
    """One region for each distinct set of rows, the first kept as the example."""
    distinct: dict[int, Region] = {}
    for region in regions:
        distinct.setdefault(region.rows, region)
    return tuple(distinct.values())


def uncovered(columns: Columns, covering: int, within: int | None = None) -> Iterator[Example]:
    """Examples of inputs that no row of `covering` holds for; `within` limits them to one row's box.

    Raises TooManyRegionsError.
    """
    boxes = [[region for region in column if within is None or region.rows & within] for column in columns]
    return _Walk(boxes).below(0, covering, ()) if all(boxes) else iter(())


class _Walk:
    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._visited: set[tuple[int, int]] = set()

    def below(self, index: int, alive: int, prefix: Example) -> Iterator[Example]:
        if not alive:
            yield (*prefix, *(column[0].example for column in self._columns[index:]))
            return
        if index == len(self._columns) or (index, alive) in self._visited:
            return
        self._visited.add((index, alive))
        if len(self._visited) > MAXIMUM_STATES:
            raise TooManyRegionsError
        for region in self._columns[index]:
            yield from self.below(index + 1, alive & region.rows, (*prefix, region.example))


def shared(columns: Columns, first: int, second: int) -> Example | None:
    """An input for which both rows (bits) hold, None when their boxes are apart."""
    both = first | second
    example = []
    for column in columns:
        found = next((region.example for region in column if region.rows & both == both), None)
        if found is None:
            return None
        example.append(found)
    return tuple(example)


def inside(columns: Columns, inner: int, outer: int) -> bool:
    """Whether every input for which `inner` holds, `outer` holds too."""
    return all(not region.rows & inner or region.rows & outer for column in columns for region in column)


def empty_column(columns: Columns, row: int) -> int | None:
    """The index of the first column in which the row holds for no value at all."""
    for index, column in enumerate(columns):
        if not any(region.rows & row for region in column):
            return index
    return None
