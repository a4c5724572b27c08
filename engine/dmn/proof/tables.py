"""Proves one table: which findings each hit policy calls for."""

from collections.abc import Iterator, Sequence
from itertools import combinations, islice

from engine.dmn.compiler import TableRecord
from engine.dmn.notation import HitPolicy
from engine.dmn.outcomes import Outputs
from engine.dmn.proof.domains import Domain, domains
from engine.dmn.proof.findings import Finding, Kind
from engine.dmn.proof.sweep import (
    MAXIMUM_STATES,
    Columns,
    Example,
    TooManyRegionsError,
    empty_column,
    inside,
    shared,
    uncovered,
)
from engine.feel import EMPTY, Run
from engine.feel.values.equality import equal

MAXIMUM_EXAMPLES = 20


class TableProof:
    """One table's columns and rows as bit masks; rows with an unreadable cell take no part."""

    def __init__(self, record: TableRecord) -> None:
        self._record = record
        self._domains: Sequence[Domain] = domains(record)
        self._columns: Columns = [domain.regions for domain in self._domains]
        rules = record.table.table.rules
        unread = {row for domain in self._domains for row, _ in domain.unread if row}
        self._rows = [rule.number for rule in rules if rule.number not in unread]
        self._unread = tuple(sorted(unread))

    def findings(self) -> Iterator[Finding]:
        """Everything found, what was skipped first."""
        yield from self._skipped()
        dead = list(self._empty_rows())
        yield from dead
        living = [row for row in self._rows if all(row not in finding.rows for finding in dead)]
        try:
            yield from self._gaps()
            yield from self._by_policy(living)
        except TooManyRegionsError:
            yield self._finding(
                Kind.SKIPPED,
                message=f"The table has more than {MAXIMUM_STATES:,} combinations to look at",
                remedy="Split it into smaller tables that feed each other.",
            )

    def _finding(
        self,
        kind: Kind,
        *,
        message: str,
        remedy: str,
        rows: tuple[int, ...] = (),
        example: Example | None = None,
    ) -> Finding:
        labels = (domain.label for domain in self._domains)
        return Finding(
            decision_id=self._record.owner,
            table_id=self._record.table.table.id,
            kind=kind,
            rows=rows,
            example=dict(zip(labels, example, strict=True)) if example else {},
            message=message + (f": {self._words(example)}" if example else ""),
            remedy=remedy,
        )

    def _words(self, example: Example) -> str:
        pairs = zip(self._domains, example, strict=True)
        return ", ".join(f"{domain.label} = {value}" for domain, value in pairs)

    def _skipped(self) -> Iterator[Finding]:
        for domain in self._domains:
            for row, reason in dict.fromkeys(domain.unread):
                what = f"cell of row {row} under" if row else "allowed values of"
                yield self._finding(
                    Kind.SKIPPED,
                    rows=(row,) if row else (),
                    message=f"The {what} {domain.label} cannot be analysed: {reason}",
                    remedy="Compare the input with constants, and give its column a type.",
                )

    def _empty_rows(self) -> Iterator[Finding]:
        for row in self._rows:
            column = empty_column(self._columns, _bit(row))
            if column is not None:
                yield self._finding(
                    Kind.UNREACHABLE,
                    rows=(row,),
                    message=f"Row {row} never holds: no allowed value of "
                    f"{self._domains[column].label} passes its cell",
                    remedy="Correct the cell or the allowed values, or delete the row.",
                )

    def _gaps(self) -> Iterator[Finding]:
        table = self._record.table
        if not table.table.hit_policy.single or table.defaults is not None:
            return
        doubt = f" (rows {_words(self._unread)} were not analysed and may cover it)" if self._unread else ""
        examples = list(islice(uncovered(self._columns, _mask(self._rows)), MAXIMUM_EXAMPLES + 1))
        many = len(examples) > MAXIMUM_EXAMPLES
        more = f" (the first of more than {MAXIMUM_EXAMPLES} gaps)" if many else ""
        for example in examples[:1] if more else examples:
            yield self._finding(
                Kind.GAP,
                example=example,
                message=f"No row holds{more}{doubt}",
                remedy="Add a row for it; if nothing applies there, one with output null and its reason.",
            )

    def _by_policy(self, rows: list[int]) -> Iterator[Finding]:
        match self._record.table.table.hit_policy:
            case HitPolicy.UNIQUE:
                yield from self._overlaps(rows, same_outputs=False)
            case HitPolicy.ANY:
                yield from self._overlaps(rows, same_outputs=True)
            case HitPolicy.FIRST:
                for position, row in enumerate(rows):
                    yield from self._hidden(row, rows[:position], "earlier rows")
            case HitPolicy.PRIORITY:
                yield from self._outranked(rows)

    def _overlaps(self, rows: list[int], *, same_outputs: bool) -> Iterator[Finding]:
        for first, second in combinations(rows, 2):
            example = shared(self._columns, _bit(first), _bit(second))
            if example is None:
                continue
            agreeing = same_outputs and self._agree(first, second)
            if not agreeing:
                policy = "have different outputs under ANY" if same_outputs else "share inputs under UNIQUE"
                yield self._finding(
                    Kind.OVERLAP,
                    rows=(first, second),
                    example=example,
                    message=f"Rows {first} and {second} {policy}",
                    remedy="Make their conditions exclude each other.",
                )
            yield from self._subsumed(first, second)

    def _subsumed(self, first: int, second: int) -> Iterator[Finding]:
        for inner, outer in ((second, first), (first, second)):
            if inside(self._columns, _bit(inner), _bit(outer)):
                yield self._finding(
                    Kind.SUBSUMED,
                    rows=(inner, outer),
                    message=f"Wherever row {inner} holds, row {outer} holds too",
                    remedy=f"Narrow row {outer} or delete row {inner}.",
                )
                return

    def _outranked(self, rows: list[int]) -> Iterator[Finding]:
        outputs = {row: self._constant_outputs(row) for row in rows}
        ranks = {
            row: self._record.table.settlement.rank(values)
            for row, values in outputs.items()
            if values is not None
        }
        for row in ranks:
            higher = [other for other in ranks if ranks[other] < ranks[row]]
            yield from self._hidden(row, higher, "rows of higher priority")

    def _hidden(self, row: int, others: list[int], what: str) -> Iterator[Finding]:
        """Reports a row that others always win over, naming one row where one is enough."""
        if not others or next(uncovered(self._columns, _mask(others), _bit(row)), None) is not None:
            return
        single = next((each for each in others if inside(self._columns, _bit(row), _bit(each))), None)
        yield self._finding(
            Kind.UNREACHABLE if single is None else Kind.SUBSUMED,
            rows=(row,) if single is None else (row, single),
            message=f"Row {row} never decides: {what} hold wherever it does"
            if single is None
            else f"Row {row} never decides: row {single} holds wherever it does and comes before it",
            remedy=f"Move row {row} up, narrow the others, or delete it.",
        )

    def _constant_outputs(self, row: int) -> Outputs | None:
        run = Run(EMPTY)
        values = tuple(output({}, run) for output in self._record.table.outputs[row - 1])
        return None if run.reasons else values

    def _agree(self, first: int, second: int) -> bool:
        one, other = self._constant_outputs(first), self._constant_outputs(second)
        if one is None or other is None:
            rules = self._record.table.table.rules
            texts = [[entry.text for entry in rules[row - 1].outputs] for row in (first, second)]
            return texts[0] == texts[1]
        return all(equal(a, b) is True for a, b in zip(one, other, strict=True))


def _bit(row: int) -> int:
    return 1 << (row - 1)


def _mask(rows: Sequence[int]) -> int:
    return sum(map(_bit, rows))


def _words(rows: Sequence[int]) -> str:
    return ", ".join(map(str, rows))
