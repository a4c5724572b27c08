"""Finds the constants a table cell compares its input with, where that is all the cell does.

Between two neighbouring constants such a cell cannot change its answer. That makes it indexable and
provable. Anything else (other inputs, functions of the input, `today()`) is reported as not readable.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from engine import feel
from engine.feel import Value
from engine.feel.syntax import (
    Anything,
    AtLiteral,
    Between,
    Binary,
    Call,
    Comparison,
    In,
    ListLiteral,
    Literal,
    Name,
    Negation,
    Node,
    RangeLiteral,
    Tests,
    UnaryTests,
)
from engine.feel.values.parsing import parse_temporal
from engine.feel.values.text import literal

CONVERSIONS = frozenset({"date", "time", "date and time", "duration", "number"})
ROUNDINGS = frozenset({"floor", "ceiling"})
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})


class _NotConstantError(Exception):
    """The cell does more than compare its input with constants."""


@dataclass(slots=True)
class Cuts:
    """The constants of one cell; `ordered` when it also asks which of two values comes first."""

    constants: list[Value] = field(default_factory=list)
    ordered: bool = False
    domain: bool = False
    """Whether it was read as allowed values, which may also ask for whole numbers."""


def cuts_of(tree: UnaryTests, *, domain: bool = False) -> Cuts | str:
    """The constants of a cell (or of allowed values), or in words why it cannot be read so."""
    cuts = Cuts(domain=domain)
    try:
        for item in tree.items:
            _test(item, cuts)
    except _NotConstantError as reason:
        return str(reason)
    return cuts


def _test(node: Node, cuts: Cuts) -> None:
    """A node in the place of a test: what it says is about the input."""
    match node:
        case Anything():
            return
        case Comparison(_, operator, operand):
            _add(cuts, operand, ordered=operator not in ("=", "!="))
        case RangeLiteral(_, start, end):
            _add(cuts, start, ordered=True)
            _add(cuts, end, ordered=True)
        case ListLiteral(_, items) | Tests(_, items):
            for item in items:
                _test(item, cuts)
        case Call(_, Name(_, "not"), arguments):
            for argument in arguments:
                _test(argument, cuts)
        case Binary() | Between() | In():
            _condition(node, cuts)
        case _:
            _add(cuts, node, ordered=False)


def _condition(node: Node, cuts: Cuts) -> None:
    """A condition that names the input as `?`."""
    match node:
        case Binary(_, "and" | "or", left, right):
            _condition(left, cuts)
            _condition(right, cuts)
        case Binary(_, "=", Call(_, Name(_, name), (Name(_, "?"),)), Name(_, "?")) | Binary(
            _, "=", Name(_, "?"), Call(_, Name(_, name), (Name(_, "?"),))
        ) if cuts.domain and name in ROUNDINGS:
            return
        case Binary(_, operator, Name(_, "?"), other) | Binary(_, operator, other, Name(_, "?")) if (
            operator in COMPARISONS
        ):
            _add(cuts, other, ordered=operator not in ("=", "!="))
        case Between(_, Name(_, "?"), low, high):
            _add(cuts, low, ordered=True)
            _add(cuts, high, ordered=True)
        case In(_, Name(_, "?"), test):
            _test(test, cuts)
        case Call(_, Name(_, "not"), (inner,)):
            _condition(inner, cuts)
        case _:
            raise _NotConstantError("it does more than compare its input with constants")


def _add(cuts: Cuts, node: Node, *, ordered: bool) -> None:
    cuts.constants.append(constant(node))
    cuts.ordered = cuts.ordered or ordered


def constant(node: Node) -> Value:
    """The value of a constant. Raises _NotConstantError for anything else."""
    match node:
        case Literal(_, value):
            return value
        case AtLiteral(_, text):
            return _given(parse_temporal(text))
        case Negation(_, Literal(_, Decimal() as value)):
            return -value
        case Call(_, Name(_, name), (Literal(_, str() as text),)) if name in CONVERSIONS:
            return _given(feel.evaluate(f"{name}({literal(text)})", {}))
        case Name(_, name):
            raise _NotConstantError(f"it refers to {name!r}")
        case _:
            raise _NotConstantError("it compares with something other than a constant")


def _given(value: Value) -> Value:
    if value is None:
        raise _NotConstantError("it holds a date or time that does not exist")
    return value
