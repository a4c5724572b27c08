"""Literals, names, lists, contexts and ranges."""

from typing import Any

from engine.feel import syntax
from engine.feel.compiler.base import Compiler, Handler
from engine.feel.environment import EMPTY
from engine.feel.functions import FUNCTIONS
from engine.feel.run import Run
from engine.feel.scope import MISSING, LocalScope, Scope
from engine.feel.syntax import Node
from engine.feel.values.equality import order
from engine.feel.values.functions import Closure
from engine.feel.values.kinds import type_name
from engine.feel.values.parsing import parse_temporal
from engine.feel.values.ranges import Range


def _literal(compiler: Compiler, node: syntax.Literal) -> Closure:
    value = node.value
    return lambda scope, run: value


def _at_literal(compiler: Compiler, node: syntax.AtLiteral) -> Closure:
    value = parse_temporal(node.text)
    if value is not None:
        return lambda scope, run: value
    place, text = compiler.place(node), node.text
    return lambda scope, run: run.fail(f'@"{text}" is no date, time, date and time or duration', place)


def _name(compiler: Compiler, node: syntax.Name) -> Closure:
    name, place = node.name, compiler.place(node)
    builtin = FUNCTIONS.get(name)

    def variable(scope: Scope, run: Run) -> Any:
        value = scope.get(name, MISSING)
        if value is not MISSING:
            return value
        return builtin if builtin is not None else run.fail(f"There is no variable `{name}`", place)

    return variable


def _list(compiler: Compiler, node: syntax.ListLiteral) -> Closure:
    if all(isinstance(item, syntax.Literal) for item in node.items):
        values = [item.value for item in node.items if isinstance(item, syntax.Literal)]
        return lambda scope, run: values
    items = [compiler.build(item) for item in node.items]
    return lambda scope, run: [item(scope, run) for item in items]


def _context(compiler: Compiler, node: syntax.ContextLiteral) -> Closure:
    entries = [(key, compiler.build(value)) for key, value in node.entries]

    def context(scope: Scope, run: Run) -> dict[str, Any]:
        names: dict[str, Any] = {}
        inner = LocalScope(names, scope)
        for key, value in entries:
            names[key] = value(inner, run)
        return names.copy()

    return context


def _range(compiler: Compiler, node: syntax.RangeLiteral) -> Closure:
    start, end, place = compiler.build(node.start), compiler.build(node.end), compiler.place(node)
    start_included, end_included = node.start_included, node.end_included

    def span(scope: Scope, run: Run) -> Any:
        low, high = start(scope, run), end(scope, run)
        if low is None or high is None:
            run.fail("A range cannot start or end with null", place)
            return Range(low, high, start_included, end_included)  # holds nothing that could be told
        compared = order(low, high)
        if compared is None:
            return run.fail(f"A range cannot reach from {type_name(low)} to {type_name(high)}", place)
        if compared > 0:
            return run.fail(f"A range cannot start after its end ({low} to {high})", place)
        return Range(low, high, start_included, end_included)

    if _constant(node.start) and _constant(node.end):
        value = span({}, Run(EMPTY))
        if value is not None:
            return lambda scope, run: value
    return span


def _constant(node: Node) -> bool:
    return isinstance(node, syntax.Literal | syntax.AtLiteral)


def _comparison(compiler: Compiler, node: syntax.Comparison) -> Closure:
    operand, operator, place = compiler.build(node.operand), node.operator, compiler.place(node)
    below, included = operator in ("<", "<="), operator in ("<=", ">=", "=")

    def span(scope: Scope, run: Run) -> Any:
        value = operand(scope, run)
        if operator in ("=", "!="):
            return Range(value, value, included, included, operator)
        if order(value, value) is None:
            return run.fail(f"`{operator}` needs a value with an order, not {type_name(value)}", place)
        if below:
            return Range(None, value, False, included, operator)
        return Range(value, None, included, False, operator)

    return span


HANDLERS: dict[type[Node], Handler] = {
    syntax.Literal: _literal,
    syntax.AtLiteral: _at_literal,
    syntax.Name: _name,
    syntax.ListLiteral: _list,
    syntax.ContextLiteral: _context,
    syntax.RangeLiteral: _range,
    syntax.Comparison: _comparison,
}
