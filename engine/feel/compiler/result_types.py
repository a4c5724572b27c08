"""What can be told of an expression's type without running it: `instance of` on functions asks."""

from collections.abc import Mapping
from decimal import Decimal

from engine.feel import syntax
from engine.feel.syntax import Node
from engine.feel.types import ANY, FeelType, SimpleType
from engine.feel.values.kinds import type_name
from engine.feel.values.parsing import parse_temporal

_BOOLEAN = SimpleType("boolean")
_NUMBER = SimpleType("number")
_STRING = SimpleType("string")


def result_type(node: Node, parameters: Mapping[str, FeelType]) -> FeelType:
    """The type every value of the expression has; Any when that cannot be told."""
    match node:
        case syntax.Literal(_, value) if isinstance(value, Decimal | str | bool):
            return SimpleType(type_name(value))
        case syntax.AtLiteral(_, text):
            value = parse_temporal(text)
            return ANY if value is None else SimpleType(type_name(value))
        case syntax.Name(_, name):
            return parameters.get(name, ANY)
        case syntax.Between() | syntax.In() | syntax.InstanceOf() | syntax.Quantified():
            return _BOOLEAN
        case syntax.Binary(_, operator, left, right):
            return _operation(operator, result_type(left, parameters), result_type(right, parameters))
        case syntax.If(_, _, then, otherwise):
            first = result_type(then, parameters)
            return first if first == result_type(otherwise, parameters) else ANY
    return ANY


def _operation(operator: str, left: FeelType, right: FeelType) -> FeelType:
    if operator in ("and", "or", "=", "!=", "<", "<=", ">", ">="):
        return _BOOLEAN
    if left == right == _NUMBER or (operator == "+" and left == right == _STRING):
        return left
    return ANY
