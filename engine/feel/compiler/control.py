"""`if`, `for`, `some` and `every`."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from engine.feel import syntax
from engine.feel.compiler.base import Compiler, Handler
from engine.feel.free_names import free_names
from engine.feel.run import Run
from engine.feel.scope import LocalScope, Scope
from engine.feel.syntax import Node
from engine.feel.values.equality import contains
from engine.feel.values.functions import Closure
from engine.feel.values.kinds import type_name
from engine.feel.values.numbers import whole
from engine.feel.values.ranges import Range
from engine.feel.values.temporal import Date

Domain = Callable[[Scope, Run], Iterable[Any]]
Turns = Callable[[Scope, Run], Iterator[dict[str, Any]]]


class _NotIterableError(Exception):
    """An inner domain turned out not to be iterable; the reason is already kept."""


def _conditional(compiler: Compiler, node: syntax.If) -> Closure:
    condition, place = compiler.build(node.condition), compiler.place(node)
    then, otherwise = compiler.build(node.then), compiler.build(node.otherwise)

    def conditional(scope: Scope, run: Run) -> Any:
        held = condition(scope, run)
        if held is True:
            return then(scope, run)
        if held is False or held is None:
            return otherwise(scope, run)
        return run.fail(f"The condition of `if` must be true or false, but is {type_name(held)}", place)

    return conditional


def _for(compiler: Compiler, node: syntax.For) -> Closure:
    turns, body = _turns(compiler, node.iterators), compiler.build(node.body)
    wants_partial = "partial" in free_names(node.body)

    def loop(scope: Scope, run: Run) -> list[Any] | None:
        results: list[Any] = []
        try:
            for names in turns(scope, run):
                if wants_partial:
                    run.spend(len(results) // 16)
                    names["partial"] = results.copy()
                results.append(body(LocalScope(names, scope), run))
                run.check_items(len(results))
        except _NotIterableError:
            return None
        return results

    return loop


def _quantified(compiler: Compiler, node: syntax.Quantified) -> Closure:
    turns, condition = _turns(compiler, node.iterators), compiler.build(node.condition)
    every, place = node.every, compiler.place(node)

    def quantified(scope: Scope, run: Run) -> bool | None:
        undecided = False
        try:
            for names in turns(scope, run):
                held = condition(LocalScope(names, scope), run)
                if held.__class__ is not bool:
                    undecided = True
                    run.fail(f"What `satisfies` asks must be true or false, but is {type_name(held)}", place)
                elif held is not every:
                    return held
        except _NotIterableError:
            return None
        return None if undecided else every

    return quantified


def _turns(compiler: Compiler, iterators: tuple[syntax.Iterator, ...]) -> Turns:
    """All combinations of the loop variables, the last one turning fastest."""
    names = [iterator.name for iterator in iterators]
    domains = [_domain(compiler, iterator) for iterator in iterators]

    def walk(scope: Scope, run: Run, level: int, bound: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for item in domains[level](LocalScope(bound, scope) if bound else scope, run):
            run.spend()
            turn = {**bound, names[level]: item}
            if level + 1 == len(names):
                yield turn
            else:
                yield from walk(scope, run, level + 1, turn)

    return lambda scope, run: walk(scope, run, 0, {})


def _domain(compiler: Compiler, iterator: syntax.Iterator) -> Domain:
    start, place = compiler.build(iterator.domain), compiler.place(iterator)
    end = None if iterator.end is None else compiler.build(iterator.end)

    def items(scope: Scope, run: Run) -> Iterable[Any]:
        value = start(scope, run)
        if end is not None:
            found = _steps(value, end(scope, run))
        elif value.__class__ is Range:
            found = _range_items(value)
        else:
            found = value if value.__class__ is list else None if value is None else [value]
        if found is None:
            run.fail(f"A loop cannot go over {type_name(value)}", place)
            raise _NotIterableError
        return found

    return items


def _steps(first: Any, last: Any) -> Iterable[Any] | None:
    """From first to last by ones, up or down: numbers or days."""
    if first.__class__ is Decimal and last.__class__ is Decimal:
        return _numbers(first, last)
    if first.__class__ is Date and last.__class__ is Date:
        begin, end = first.epoch_day, last.epoch_day
        step = 1 if begin <= end else -1
        return map(Date.from_epoch_day, range(begin, end + step, step))
    return None


def _numbers(first: Decimal, last: Decimal) -> Iterable[Decimal] | None:
    begin, end = whole(first), whole(last)
    if begin is None or end is None:
        return None
    step = 1 if begin <= end else -1
    return map(Decimal, range(begin, end + step, step))


def _range_items(span: Range) -> Iterable[Any] | None:
    if span.operator is not None:
        return None
    found = _steps(span.start, span.end)
    if found is None or (span.start_included and span.end_included):
        return found
    return (item for item in found if contains(span, item))


HANDLERS: dict[type[Node], Handler] = {
    syntax.If: _conditional,
    syntax.For: _for,
    syntax.Quantified: _quantified,
}
