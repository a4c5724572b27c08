"""Reading a range from a string, as the `range` function does: literals only, nothing is computed."""

from decimal import Decimal
from typing import Any

from engine.feel import syntax
from engine.feel.lexer import FeelSyntaxError
from engine.feel.parser import parse_expression
from engine.feel.values.durations import parse_duration
from engine.feel.values.equality import order
from engine.feel.values.parsing import parse_temporal
from engine.feel.values.ranges import Range
from engine.feel.values.temporal import Date, DateTime, Time

_CONSTRUCTORS = {
    "date": Date.parse,
    "time": Time.parse,
    "date and time": DateTime.parse,
    "duration": parse_duration,
}


def read_range(text: str) -> Range | None:
    """The range; None when the text is none, its ends are no literals, or they are not in order."""
    try:
        node = parse_expression(text, (), _CONSTRUCTORS, {})
    except FeelSyntaxError:
        return None
    if not isinstance(node, syntax.RangeLiteral):
        return None
    start, end = _value(node.start), _value(node.end)
    compared = order(start, end)
    if compared is None or compared > 0:
        return None
    return Range(start, end, node.start_included, node.end_included)


def _value(node: syntax.Node) -> Any:
    match node:
        case syntax.Literal(_, value) if isinstance(value, str | Decimal):
            return value
        case syntax.AtLiteral(_, text):
            return parse_temporal(text)
        case syntax.Call(_, syntax.Name(_, name), (syntax.Literal(_, str(text)),)) if name in _CONSTRUCTORS:
            return _CONSTRUCTORS[name](text)
    return None
