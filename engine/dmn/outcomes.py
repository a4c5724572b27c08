"""Hit policies: from the rows that hold to the table's answer (DMN 8.2.8)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.dmn.notation import Aggregation, DecisionTable, HitPolicy
from engine.dmn.state import fail
from engine.feel import Value
from engine.feel.run import Run
from engine.feel.values.equality import equal, order
from engine.feel.values.numbers import CONTEXT

Outputs = tuple[Value, ...]
Hits = Sequence[tuple[int, Outputs]]
"""Row numbers from 1 with their output values by column."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a hit policy may ask for besides the rows: column names, priorities, and the table itself."""

    table: DecisionTable
    priorities: tuple[tuple[Value, ...], ...]

    def answer(self, outputs: Outputs) -> Value:
        """One output as itself, several as a context."""
        if len(outputs) == 1:
            return outputs[0]
        return dict(zip((clause.name for clause in self.table.outputs), outputs, strict=True))

    def rank(self, outputs: Outputs) -> tuple[int, ...]:
        """Smaller means more important; values without a priority come last."""
        return tuple(map(_position, outputs, self.priorities))


def _position(value: Value, values: tuple[Value, ...]) -> int:
    return next((index for index, each in enumerate(values) if equal(value, each) is True), len(values))


def settle(settlement: Settlement, hits: Hits, run: Run) -> Value:
    """The table's answer, null with the reason noted where the policy is broken."""
    return _POLICIES[settlement.table.hit_policy](settlement, hits, run)


def _rows(hits: Hits) -> str:
    numbers = [str(number) for number, _ in hits]
    return ", ".join(numbers[:-1]) + f" and {numbers[-1]}"


def _unique(settlement: Settlement, hits: Hits, run: Run) -> Value:
    if len(hits) > 1:
        fail(
            run,
            f"Rows {_rows(hits)} all hold, but the hit policy UNIQUE allows one: "
            "make their conditions exclude each other, or choose another hit policy",
        )
        return None
    return settlement.answer(hits[0][1])


def _any(settlement: Settlement, hits: Hits, run: Run) -> Value:
    first = hits[0][1]
    for _, outputs in hits[1:]:
        if not all(equal(a, b) is True for a, b in zip(first, outputs, strict=True)):
            fail(
                run,
                f"Rows {_rows(hits)} all hold and differ in their outputs, but the hit policy ANY "
                "wants them equal: correct the outputs or the conditions",
            )
            return None
    return settlement.answer(first)


def _first(settlement: Settlement, hits: Hits, _: Run) -> Value:
    return settlement.answer(hits[0][1])


def _by_priority(settlement: Settlement, hits: Hits, run: Run) -> Hits | None:
    if not any(settlement.priorities):
        fail(
            run,
            f"The hit policy {settlement.table.hit_policy} needs the output values in descending "
            "priority, and no output column lists them",
        )
        return None
    return sorted(hits, key=lambda hit: settlement.rank(hit[1]))


def _priority(settlement: Settlement, hits: Hits, run: Run) -> Value:
    ordered = _by_priority(settlement, hits, run)
    return None if ordered is None else settlement.answer(ordered[0][1])


def _output_order(settlement: Settlement, hits: Hits, run: Run) -> Value:
    ordered = _by_priority(settlement, hits, run)
    return None if ordered is None else [settlement.answer(outputs) for _, outputs in ordered]


def _rule_order(settlement: Settlement, hits: Hits, _: Run) -> Value:
    return [settlement.answer(outputs) for _, outputs in hits]


def _collect(settlement: Settlement, hits: Hits, run: Run) -> Value:
    values = [settlement.answer(outputs) for _, outputs in hits]
    aggregate = _AGGREGATES[settlement.table.aggregation]
    try:
        return aggregate(values)
    except _UnfitOutputsError as error:
        fail(run, f"{settlement.table.aggregation} of the outputs of rows {_rows(hits)}: {error}")
        return None


class _UnfitOutputsError(Exception):
    """The outputs are of kinds that cannot be added or ordered."""


def _sum(values: list[Value]) -> Value:
    if not all(value.__class__ is Decimal for value in values):
        raise _UnfitOutputsError("they are not all numbers")
    total = values[0]
    for value in values[1:]:
        total = CONTEXT.add(total, value)
    return total


def _extreme(sign: int) -> Callable[[list[Value]], Value]:
    def extreme(values: list[Value]) -> Value:
        best = values[0]
        for value in values[1:]:
            compared = order(value, best)
            if compared is None:
                raise _UnfitOutputsError("they cannot be put in order")
            if compared * sign > 0:
                best = value
        return best

    return extreme


_AGGREGATES: Mapping[Aggregation, Callable[[list[Value]], Value]] = {
    Aggregation.LIST: lambda values: values,
    Aggregation.COUNT: lambda values: Decimal(len(values)),
    Aggregation.SUM: _sum,
    Aggregation.MIN: _extreme(-1),
    Aggregation.MAX: _extreme(1),
}

_POLICIES: Mapping[HitPolicy, Callable[[Settlement, Hits, Run], Value]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.FIRST: _first,
    HitPolicy.RULE_ORDER: _rule_order,
    HitPolicy.OUTPUT_ORDER: _output_order,
    HitPolicy.COLLECT: _collect,
}
