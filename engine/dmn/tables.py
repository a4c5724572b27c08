"""Runs a compiled decision table: columns in, the rows that hold, their outputs, the hit policy's answer."""

from dataclasses import dataclass
from decimal import Decimal

from engine.dmn.columns import Cell, Column
from engine.dmn.explain import RowTrace, RuleMatch, TableTrace
from engine.dmn.notation import Aggregation, DecisionTable, InputClause, Rule
from engine.dmn.outcomes import Hits, Outputs, Settlement, settle
from engine.dmn.state import Trace, fail
from engine.dmn.types import Converter
from engine.feel import Value
from engine.feel.run import Run
from engine.feel.scope import Scope
from engine.feel.values.functions import Closure
from engine.feel.values.text import literal


@dataclass(frozen=True, slots=True)
class CompiledInput:
    """One input column: its expression, its type, its allowed values, its cells."""

    clause: InputClause
    expression: Closure
    fit: Converter | None
    allowed: Cell | None
    column: Column

    def value(self, scope: Scope, run: Run) -> tuple[bool, Value]:
        """The value to test; False with the reason noted when it is of the wrong type or not allowed."""
        value = self.expression(scope, run)
        if self.fit is not None:
            fits, fitted = self.fit(value)
            if not fits:
                fail(run, self._complaint(value, f"is not a {self.clause.expression.type_ref}"))
                return False, value
            value = fitted
        if self.allowed is not None and not self.allowed.holds(value, scope, run):
            fail(run, self._complaint(value, f"is not one of {self.clause.values}"))
            return False, value
        return True, value

    def _complaint(self, value: Value, why: str) -> str:
        return f"The input {self.clause.label} = {literal(value)} {why}"


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A table ready to run; `defaults` are the outputs when no row holds."""

    table: DecisionTable
    inputs: tuple[CompiledInput, ...]
    outputs: tuple[tuple[Closure, ...], ...]
    defaults: tuple[Closure, ...] | None
    settlement: Settlement

    @property
    def labels(self) -> tuple[str, ...]:
        """One name a column; a label used twice takes its column's number."""
        plain = [each.clause.label for each in self.inputs]
        return tuple(
            label if plain.count(label) == 1 else f"{label} ({number})"
            for number, label in enumerate(plain, 1)
        )

    def __call__(self, scope: Scope, run: Run) -> Value:
        values = []
        for each in self.inputs:
            fits, value = each.value(scope, run)
            if not fits:
                return None
            values.append(value)
        before = len(run.reasons)
        alive = (1 << len(self.outputs)) - 1
        for each, value in zip(self.inputs, values, strict=True):
            alive = each.column.rows(value, alive, scope, run)
            if not alive:
                break
        trace: Trace | None = getattr(run, "trace", None)
        rows = self._row_traces(values, scope, run) if trace is not None else ()
        if alive:
            # A cell that cannot be decided does not hold; only a table without an answer owes its reasons.
            del run.reasons[before:]
        hits = self._hits(alive, scope, run)
        value = settle(self.settlement, hits, run) if hits else self._unmatched(values, scope, run)
        if trace is not None:
            trace.current.tables.append(self._trace(values, rows, hits))
        return value

    def _hits(self, alive: int, scope: Scope, run: Run) -> list[tuple[int, Outputs]]:
        hits = []
        while alive:
            bit = alive & -alive
            index = bit.bit_length() - 1
            hits.append((index + 1, tuple([output(scope, run) for output in self.outputs[index]])))
            alive ^= bit
        return hits

    def _unmatched(self, values: list[Value], scope: Scope, run: Run) -> Value:
        table = self.table
        if self.defaults is not None:
            answer = self.settlement.answer(tuple([default(scope, run) for default in self.defaults]))
            listed = not table.hit_policy.single and table.aggregation is Aggregation.LIST
            return [answer] if listed and not isinstance(answer, list) else answer
        if not table.hit_policy.single and table.aggregation is Aggregation.LIST:
            return []
        if not table.hit_policy.single and table.aggregation is Aggregation.COUNT:
            return Decimal(0)
        fail(run, f"No row holds for {self._inputs_in_words(values)}")
        return None

    def _inputs_in_words(self, values: list[Value]) -> str:
        pairs = zip(self.inputs, values, strict=True)
        return ", ".join(f"{each.clause.label} = {literal(value)}" for each, value in pairs)

    def _row_traces(self, values: list[Value], scope: Scope, run: Run) -> tuple[RowTrace, ...]:
        columns = [
            each.column.answers(value, scope, run) for each, value in zip(self.inputs, values, strict=True)
        ]
        rows = zip(*columns, strict=True) if columns else ((),) * len(self.table.rules)
        return tuple(
            RowTrace(rule.number, rule.id, cells, all(cells))
            for rule, cells in zip(self.table.rules, rows, strict=True)
        )

    def _trace(self, values: list[Value], rows: tuple[RowTrace, ...], hits: Hits) -> TableTrace:
        rules = self.table.rules
        return TableTrace(
            table_id=self.table.id,
            hit_policy=self._policy_in_words(),
            inputs=dict(zip(self.labels, values, strict=True)),
            rows=rows,
            matched=tuple(self._match(rules[number - 1], outputs) for number, outputs in hits),
            no_match=not hits and self.defaults is None and self.table.hit_policy.single,
        )

    def _policy_in_words(self) -> str:
        if self.table.aggregation is Aggregation.LIST:
            return str(self.table.hit_policy)
        return f"{self.table.hit_policy} {self.table.aggregation}"

    def _match(self, rule: Rule, outputs: Outputs) -> RuleMatch:
        names = (clause.name or "output" for clause in self.table.outputs)
        named = dict(zip(names, outputs, strict=True))
        return RuleMatch(rule.number, rule.id, named, dict(rule.annotations))
