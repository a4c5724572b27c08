"""Comparison, arithmetic, ternary logic, `between`, `in` and `instance of`."""

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import arithmetic, syntax
from engine.feel.compiler.base import Compiler, Handler
from engine.feel.run import Place, Run
from engine.feel.scope import Scope
from engine.feel.syntax import Node
from engine.feel.types import is_instance
from engine.feel.values.equality import equal, order
from engine.feel.values.functions import Closure
from engine.feel.values.kinds import type_name
from engine.feel.values.numbers import CONTEXT

_PLAIN = (Decimal, str, bool)
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: dict[str, tuple[arithmetic.Operation, arithmetic.Operation]] = {
    "+": (CONTEXT.add, arithmetic.add),
    "-": (CONTEXT.subtract, arithmetic.subtract),
    "*": (CONTEXT.multiply, arithmetic.multiply),
    "/": (CONTEXT.divide, arithmetic.divide),
    "**": (arithmetic.power, arithmetic.power),
}


def _binary(compiler: Compiler, node: syntax.Binary) -> Closure:
    left, right, place = compiler.build(node.left), compiler.build(node.right), compiler.place(node)
    if node.operator == "and":
        return _and(left, right, place)
    if node.operator == "or":
        return _or(left, right, place)
    if node.operator in _ORDERS:
        return _order(node, left, right, place)
    if node.operator in ("=", "!="):
        return _equality(left, right, place, node.operator == "=")
    return _calculation(node.operator, left, right, place)


def _and(left: Closure, right: Closure, place: Place) -> Closure:
    def conjunction(scope: Scope, run: Run) -> Any:
        first = left(scope, run)
        if first is False:
            return False
        second = right(scope, run)
        if second is False:
            return False
        if first is True and second is True:
            return True
        return _not_boolean("and", first, second, run, place)

    return conjunction


def _or(left: Closure, right: Closure, place: Place) -> Closure:
    def disjunction(scope: Scope, run: Run) -> Any:
        first = left(scope, run)
        if first is True:
            return True
        second = right(scope, run)
        if second is True:
            return True
        if first is False and second is False:
            return False
        return _not_boolean("or", first, second, run, place)

    return disjunction


def _not_boolean(word: str, first: Any, second: Any, run: Run, place: Place) -> Any:
    for value in (first, second):
        if value.__class__ is not bool:
            return run.fail(f"`{word}` needs true or false, not {type_name(value)}", place)
    return None


def _order(node: syntax.Binary, left: Closure, right: Closure, place: Place) -> Closure:
    sign, holds = node.operator, _ORDERS[node.operator]

    def slow(first: Any, second: Any, run: Run) -> Any:
        compared = order(first, second)
        if compared is None:
            return run.fail(f"`{sign}` cannot compare {type_name(first)} with {type_name(second)}", place)
        return holds(compared, 0)

    if isinstance(node.right, syntax.Literal) and node.right.value.__class__ is Decimal:
        bound = node.right.value

        def against_number(scope: Scope, run: Run) -> Any:
            first = left(scope, run)
            return holds(first, bound) if first.__class__ is Decimal else slow(first, bound, run)

        return against_number

    def comparison(scope: Scope, run: Run) -> Any:
        first, second = left(scope, run), right(scope, run)
        if first.__class__ is Decimal and second.__class__ is Decimal:
            return holds(first, second)
        return slow(first, second, run)

    return comparison


def _equality(left: Closure, right: Closure, place: Place, wanted: bool) -> Closure:
    def equality(scope: Scope, run: Run) -> Any:
        first, second = left(scope, run), right(scope, run)
        if first.__class__ is second.__class__ and first.__class__ in _PLAIN:
            return (first == second) is wanted
        same = equal(first, second)
        if same is None:
            return run.fail(f"{type_name(first)} and {type_name(second)} cannot be equal", place)
        return same is wanted

    return equality


def _calculation(sign: str, left: Closure, right: Closure, place: Place) -> Closure:
    fast, slow = _ARITHMETIC[sign]

    def calculation(scope: Scope, run: Run) -> Any:
        first, second = left(scope, run), right(scope, run)
        try:
            if first.__class__ is Decimal and second.__class__ is Decimal:
                return fast(first, second)
            if first.__class__ is str and second.__class__ is str:
                run.check_length(len(first) + len(second))
                run.charge(first)
                run.charge(second)
            return slow(first, second)
        except arithmetic.Mismatch:
            return run.fail(f"`{sign}` does not take {type_name(first)} and {type_name(second)}", place)
        except ArithmeticError as error:
            return run.fail(f"`{sign}` gives no number FEEL can hold ({_cause(error)})", place)

    return calculation


def _cause(error: ArithmeticError) -> str:
    return "division by zero" if isinstance(error, ZeroDivisionError) else "too large or undefined"


def _negation(compiler: Compiler, node: syntax.Negation) -> Closure:
    operand, place = compiler.build(node.operand), compiler.place(node)

    def negation(scope: Scope, run: Run) -> Any:
        value = operand(scope, run)
        try:
            return arithmetic.negate(value)
        except arithmetic.Mismatch:
            return run.fail(f"`-` does not take {type_name(value)}", place)

    return negation


def _between(compiler: Compiler, node: syntax.Between) -> Closure:
    value, low, high = compiler.build(node.value), compiler.build(node.low), compiler.build(node.high)
    place = compiler.place(node)

    def between(scope: Scope, run: Run) -> Any:
        middle = value(scope, run)
        above, below = order(middle, low(scope, run)), order(middle, high(scope, run))
        if above is None or below is None:
            return run.fail(f"`between` cannot compare {type_name(middle)} with its bounds", place)
        return above >= 0 and below <= 0

    return between


def _instance_of(compiler: Compiler, node: syntax.InstanceOf) -> Closure:
    value, expected = compiler.build(node.value), node.type
    return lambda scope, run: is_instance(value(scope, run), expected)


HANDLERS: dict[type[Node], Handler] = {
    syntax.Binary: _binary,
    syntax.Negation: _negation,
    syntax.Between: _between,
    syntax.InstanceOf: _instance_of,
}
