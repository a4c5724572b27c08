"""The domain of each input column, cut into regions in which no readable cell changes its answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.dmn.axes import AXES, Axis, stretches
from engine.dmn.cells import compile_cell
from engine.dmn.columns import Cell, other_text
from engine.dmn.compiler import TableRecord
from engine.dmn.cuts import Cuts
from engine.dmn.notation import ItemDefinition
from engine.dmn.proof.sweep import Region, merged
from engine.dmn.tables import CompiledInput
from engine.dmn.types import ALIASES
from engine.feel import EMPTY, DateTime, Run, Time, Value
from engine.feel.lexer import normal_name
from engine.feel.types import SIMPLE_TYPES
from engine.feel.values.durations import NANOSECONDS
from engine.feel.values.kinds import KINDS
from engine.feel.values.text import literal

ANYTHING = "any value"
WHOLE_COLUMN = 0
"""In the place of a row number: it is the allowed values that are not readable."""

_MIDNIGHT = Time(0, 0, 0)
_DAY = 86_400


def _time_between(low: int | None, high: int | None) -> Time | None:
    second = 0 if low is None else low + 1
    if second >= (_DAY if high is None else high):
        return None
    return Time(second // 3600, second // 60 % 60, second % 60)


def _moment_between(low: int | None, high: int | None) -> DateTime | None:
    second = (high or 0) - 1 if low is None else low + 1
    if low is not None and high is not None and second >= high:
        return None
    return DateTime.from_local(second * NANOSECONDS, _MIDNIGHT)


LOCAL_AXES: dict[type, Axis] = {
    **AXES,
    Time: Axis(lambda time: time.second_of_day, _time_between),
    DateTime: Axis(lambda moment: moment.local_seconds, _moment_between),
}
"""For the proof, times and date-times without offset are ordered too."""

_CLASSES = {name: kind for kind, name in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Domain:
    """One tested thing: the columns that test it, its regions, and the rows whose cell is not readable."""

    label: str
    regions: tuple[Region, ...]
    unread: tuple[tuple[int, str], ...]
    """Row number (or WHOLE_COLUMN) and why."""


def domains(record: TableRecord) -> list[Domain]:
    """One domain for each distinct input expression: columns that test the same thing move together."""
    groups: dict[str, list[CompiledInput]] = {}
    for each in record.table.inputs:
        groups.setdefault(normal_name(each.clause.expression.text), []).append(each)
    return [_domain(record, columns) for columns in groups.values()]


def _domain(record: TableRecord, columns: list[CompiledInput]) -> Domain:
    label = columns[0].clause.label
    unread = [(row, cuts) for row, cuts in _cuts(columns) if isinstance(cuts, str)]
    constants = [each for _, cuts in _cuts(columns) if isinstance(cuts, Cuts) for each in cuts.constants]
    allowed = list(_allowed(record, columns))
    for cell in allowed:
        if isinstance(cell.cuts, Cuts):
            constants += cell.cuts.constants
        else:
            unread.append((WHOLE_COLUMN, cell.cuts))
    samples = _samples(_kind(record, columns, constants), constants)
    if isinstance(samples, str):
        tested = [row for row, cuts in _cuts(columns) if isinstance(cuts, Cuts) and cuts.constants]
        anything = Region(_rows(columns, None, ANYTHING), ANYTHING)
        return Domain(label, (anything,), (*unread, *((row, samples) for row in tested)))
    readable = [cell for cell in allowed if isinstance(cell.cuts, Cuts)]
    run = Run(EMPTY)
    inside = [sample for sample in samples if all(cell.holds(sample, {}, run) for cell in readable)]
    regions = [Region(_rows(columns, sample, ""), literal(sample)) for sample in inside]
    return Domain(label, merged(regions), (*unread, *_by_order(columns)))


def _by_order(columns: Sequence[CompiledInput]) -> Iterator[tuple[int, str]]:
    for row, cuts in _cuts(columns):
        if isinstance(cuts, Cuts) and cuts.ordered and any(isinstance(each, str) for each in cuts.constants):
            yield row, "it asks which text comes first"


def _rows(columns: Sequence[CompiledInput], sample: Value, anything: str) -> int:
    """The rows that hold for a sample; for "anything" those without a test."""
    rows = -1
    for each in columns:
        if anything:
            free = [not isinstance(cell.cuts, str) and not cell.cuts.constants for cell in each.column.cells]
            rows &= sum(1 << index for index, is_free in enumerate(free) if is_free)
        else:
            rows &= each.column.constant_rows(sample)
    return rows


def _cuts(columns: Sequence[CompiledInput]) -> Iterator[tuple[int, Cuts | str]]:
    for each in columns:
        for number, cell in enumerate(each.column.cells, 1):
            yield number, cell.cuts


def _definition(record: TableRecord, column: CompiledInput) -> Iterator[ItemDefinition | str]:
    """What is known of a column's type: its own reference, and that of the variable or path it names."""
    written = column.clause.expression
    yield record.types.item(written.type_ref) or written.type_ref
    head, *path = (normal_name(part) for part in written.text.split("."))
    reference = record.variables.get(head, "")
    item = record.types.item(reference)
    for name in path:
        part = record.types.component(item, name) if item is not None else None
        if part is None:
            return
        reference = part.type_ref
        item = part if part.allowed else record.types.item(part.type_ref) or part
    yield item if item is not None else reference


def _allowed(record: TableRecord, columns: Sequence[CompiledInput]) -> Iterator[Cell]:
    texts: dict[str, None] = {}
    for column in columns:
        if column.allowed is not None:
            yield column.allowed
        for known in _definition(record, column):
            if isinstance(known, ItemDefinition):
                texts |= dict.fromkeys(text for text in (known.allowed, known.constraint) if text)
    yield from (compile_cell(text, domain=True) for text in texts)


def _kind(record: TableRecord, columns: Sequence[CompiledInput], constants: list[Value]) -> str:
    """The standard's name of the column's type; of its constants where nothing is declared."""
    for column in columns:
        for known in _definition(record, column):
            reference = known.type_ref if isinstance(known, ItemDefinition) else known
            name = ALIASES.get(reference, reference)
            if name in SIMPLE_TYPES and name != "Any":
                return "list" if isinstance(known, ItemDefinition) and known.collection else name
    kinds = {KINDS.get(constant.__class__, "") for constant in constants if constant is not None}
    return kinds.pop() if len(kinds) == 1 else ""


def _samples(kind: str, constants: list[Value]) -> list[Value] | str:
    """One value for each region of the domain, or why there are none."""
    fitting = [constant for constant in constants if KINDS.get(constant.__class__) == kind]
    null: list[Value] = [None] if any(constant is None for constant in constants) else []
    if kind == "boolean":
        return [True, False, *null]
    if kind == "string":
        return [*dict.fromkeys(fitting), other_text(fitting), *null]
    axis = LOCAL_AXES.get(_CLASSES.get(kind, object))
    if axis is None:
        return "the column has no type" if not kind else f"inputs of type {kind} are not analysed"
    if any(_zoned(constant) for constant in fitting):
        return "it compares with a time that has an offset or zone"
    return [*(part.sample for part in stretches(axis, fitting)[1] if part is not None), *null]


def _zoned(constant: Value) -> bool:
    if isinstance(constant, DateTime):
        return not constant.time.is_local
    return isinstance(constant, Time) and not constant.is_local
