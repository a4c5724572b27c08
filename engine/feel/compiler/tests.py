"""Tests: what stands after `in`, and the cells of decision tables (DMN 10.3.2.14 and 7.3)."""

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import syntax
from engine.feel.compiler.base import Compiler, Handler
from engine.feel.free_names import free_names
from engine.feel.run import Place, Run
from engine.feel.scope import LocalScope, Scope
from engine.feel.syntax import Node
from engine.feel.values.equality import contains, equal, order
from engine.feel.values.functions import Closure
from engine.feel.values.kinds import type_name
from engine.feel.values.ranges import Range

Test = Callable[[Any, Scope, Run], bool | None]
"""A compiled test: takes the value tested, the scope and the run."""

_INPUT = "?"
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _in(compiler: Compiler, node: syntax.In) -> Closure:
    value = compiler.build(node.value)
    items = node.test.items if isinstance(node.test, syntax.Tests) else (node.test,)
    test = _any_of([_value_test(compiler, item) for item in items])
    return lambda scope, run: test(value(scope, run), scope, run)


def _misplaced(compiler: Compiler, node: syntax.Tests) -> Closure:
    raise compiler.error(node, "A list of tests stands only after `in`", "Write `[…]` for a list.")


def compile_unary_tests(compiler: Compiler, node: syntax.UnaryTests) -> Test:
    """The test of a cell: true, false, or None when it cannot be told."""
    test = _any_of([_cell_test(compiler, item) for item in node.items])
    if not node.negated:
        return test

    def negated(value: Any, scope: Scope, run: Run) -> bool | None:
        held = test(value, scope, run)
        return None if held is None else not held

    return negated


def _any_of(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def any_of(value: Any, scope: Scope, run: Run) -> bool | None:
        undecided = False
        for test in tests:
            held = test(value, scope, run)
            if held is True:
                return True
            undecided = undecided or held is None
        return None if undecided else False

    return any_of


def _cell_test(compiler: Compiler, node: Node) -> Test:
    """One test of a cell: a condition on `?`, or a value, range or list the input is held against."""
    if isinstance(node, syntax.Anything):
        return lambda value, scope, run: True
    if _INPUT in free_names(node):
        return _condition(compiler, node)
    if isinstance(node, syntax.Literal):
        return _literal_test(node.value)
    return _value_test(compiler, node, cell=True)


def _condition(compiler: Compiler, node: Node) -> Test:
    closure, place = compiler.build(node), compiler.place(node)

    def condition(value: Any, scope: Scope, run: Run) -> bool | None:
        held = closure(LocalScope({_INPUT: value}, scope), run)
        if held.__class__ is bool or held is None:
            return held
        return _holds(value, held, run, place, False)

    return condition


def _literal_test(expected: Any) -> Test:
    """The commonest cell: one number, string or boolean."""
    kind = expected.__class__

    def same(value: Any, scope: Scope, run: Run) -> bool | None:
        if value.__class__ is kind:
            return bool(value == expected)
        return value is None and expected is None

    return same


def _value_test(compiler: Compiler, node: Node, cell: bool = False) -> Test:
    if isinstance(node, syntax.Comparison) and node.operator in _COMPARISONS:
        return _comparison(compiler, node)
    closure, place = compiler.build(node), compiler.place(node)

    def test(value: Any, scope: Scope, run: Run) -> bool | None:
        return _holds(value, closure(scope, run), run, place, cell)

    if isinstance(node, syntax.RangeLiteral):
        low, high = _number(node.start), _number(node.end)
        if low is not None and high is not None and low <= high:
            return _between_numbers(node, low, high, test)
    return test


def _comparison(compiler: Compiler, node: syntax.Comparison) -> Test:
    """`< 5` and its like, without making a range."""
    operand, place, sign = compiler.build(node.operand), compiler.place(node), node.operator
    compare, fixed = _COMPARISONS[sign], _number(node.operand)

    def against(value: Any, scope: Scope, run: Run) -> bool | None:
        bound = operand(scope, run)
        if value.__class__ is Decimal and bound.__class__ is Decimal:
            return compare(value, bound)
        compared = order(value, bound)
        if compared is not None:
            return compare(compared, 0)
        if value is not None:
            run.fail(f"`{sign}` cannot compare {type_name(value)} with {type_name(bound)}", place)
        return None

    if fixed is None:
        return against

    def against_number(value: Any, scope: Scope, run: Run) -> bool | None:
        return compare(value, fixed) if value.__class__ is Decimal else against(value, scope, run)

    return against_number


def _between_numbers(node: syntax.RangeLiteral, low: Decimal, high: Decimal, otherwise: Test) -> Test:
    """`[1..5]` and its like without looking into a range."""
    above = operator.le if node.start_included else operator.lt
    below = operator.le if node.end_included else operator.lt

    def test(value: Any, scope: Scope, run: Run) -> bool | None:
        if value.__class__ is Decimal:
            return bool(above(low, value) and below(value, high))
        return otherwise(value, scope, run)

    return test


def _number(node: Node) -> Decimal | None:
    return node.value if isinstance(node, syntax.Literal) and isinstance(node.value, Decimal) else None


def _holds(value: Any, expected: Any, run: Run, place: Place, cell: bool) -> bool | None:
    """Whether a value meets what a test evaluated to."""
    kind = expected.__class__
    if kind is Range:
        inside = contains(expected, value)
        if inside is None and value is not None:
            run.fail(f"{type_name(value)} cannot lie in the range {expected}", place)
        return inside
    if kind is list:
        return _held_by_list(value, expected, run)
    same = equal(value, expected)
    if same is None and cell and kind is bool:
        return expected is True
    return same is True


def _held_by_list(value: Any, items: list[Any], run: Run) -> bool:
    run.spend(len(items))
    if value.__class__ is list and equal(value, items) is True:
        return True
    for item in items:
        if (contains(item, value) if item.__class__ is Range else equal(value, item)) is True:
            return True
    return False


HANDLERS: dict[type[Node], Handler] = {syntax.In: _in, syntax.Tests: _misplaced}
