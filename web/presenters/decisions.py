"""A decision table as text: columns, rows and the notes of each row."""

from dataclasses import dataclass

from engine import dmn
from engine.dmn import HitPolicy
from engine.dmn.notation import Literal, Rule
from web.presenters import citations

POLICIES = {
    HitPolicy.UNIQUE: "Unique: at most one row may hold",
    HitPolicy.ANY: "Any: rows that hold must agree",
    HitPolicy.PRIORITY: "Priority: the most important outcome counts",
    HitPolicy.FIRST: "First: the first row that holds counts",
    HitPolicy.RULE_ORDER: "Rule order: all rows that hold, in their order",
    HitPolicy.OUTPUT_ORDER: "Output order: all rows that hold, the most important outcome first",
    HitPolicy.COLLECT: "Collect: all rows that hold",
}


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table in words."""

    number: int
    conditions: tuple[str, ...]
    outcomes: tuple[str, ...]
    notes: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A decision table in words."""

    policy: str
    conditions: tuple[str, ...]
    outcomes: tuple[str, ...]
    notes: tuple[str, ...]
    rows: tuple[TableRow, ...]


def table(decision: dmn.Decision) -> Table | None:
    """The decision's table; None where it is decided by an expression."""
    logic = decision.expression
    if not isinstance(logic, dmn.DecisionTable):
        return None
    notes = tuple(dict.fromkeys(name for rule in logic.rules for name, _ in rule.annotations))
    return Table(
        policy=POLICIES[logic.hit_policy],
        conditions=tuple(clause.label or clause.expression.text for clause in logic.inputs),
        outcomes=tuple(clause.name or decision.name for clause in logic.outputs),
        notes=tuple(name.capitalize() for name in notes),
        rows=tuple(_row(rule, notes) for rule in logic.rules),
    )


def expression(decision: dmn.Decision) -> str:
    """The FEEL text of a decision that is one expression; empty for anything else."""
    return decision.expression.text if isinstance(decision.expression, Literal) else ""


def _row(rule: Rule, notes: tuple[str, ...]) -> TableRow:
    told = [citations.split(dict(rule.annotations).get(name, "")) for name in notes]
    return TableRow(
        number=rule.number,
        conditions=tuple(text if text not in ("", "-") else "any" for text in rule.inputs),
        outcomes=tuple(output.text for output in rule.outputs),
        notes=tuple(note for note, _ in told),
        rules=tuple(rule_id for _, rules in told for rule_id in rules),
    )
