"""Paths (`a.b`, on lists too) and filters (`list[condition]`, `list[index]`)."""

from decimal import Decimal
from typing import Any

from engine.feel import syntax
from engine.feel.compiler.base import Compiler, Handler
from engine.feel.properties import PROPERTIES
from engine.feel.run import Place, Run
from engine.feel.scope import MISSING, ItemScope, Scope
from engine.feel.syntax import Node
from engine.feel.values.functions import Closure
from engine.feel.values.kinds import type_name
from engine.feel.values.numbers import whole


def _path(compiler: Compiler, node: syntax.Path) -> Closure:
    value, name, place = compiler.build(node.value), node.name, compiler.place(node)

    def of(holder: Any, run: Run) -> Any:
        if holder.__class__ is dict:
            found = holder.get(name, MISSING)
            return run.fail(f"The context has no entry `{name}`", place) if found is MISSING else found
        if holder.__class__ is list:
            run.spend(len(holder))
            return [None if item is None else of(item, run) for item in holder]
        read = PROPERTIES.get((holder.__class__, name))
        if read is not None:
            return read(holder)
        return run.fail(f"{type_name(holder)} has no property `{name}`", place)

    def path(scope: Scope, run: Run) -> Any:
        return of(value(scope, run), run)

    return path


def _filter(compiler: Compiler, node: syntax.Filter) -> Closure:
    value, condition, place = compiler.build(node.value), compiler.build(node.condition), compiler.place(node)
    index = node.condition.value if isinstance(node.condition, syntax.Literal) else None

    def filtered(scope: Scope, run: Run) -> Any:
        items = value(scope, run)
        if items.__class__ is not list:
            items = [] if items is None else [items]
        if index.__class__ is Decimal:
            return _at(items, index, run, place)
        return _kept(items, condition, scope, run, place)

    return filtered


def _kept(items: list[Any], condition: Closure, scope: Scope, run: Run, place: Place) -> Any:
    """The items for which the condition is true; a condition that gives a number is a position."""
    kept = []
    run.spend(len(items))
    for item in items:
        held = condition(ItemScope(item, scope), run)
        if held is True:
            kept.append(item)
        elif held.__class__ is Decimal:
            return _at(items, held, run, place)
        elif held is not False and held is not None:
            why = f"A filter must be true, false or a position, but is {type_name(held)}"
            return run.fail(why, place)
    return kept


def _at(items: list[Any], index: Decimal, run: Run, place: Place) -> Any:
    number = whole(index)
    if not number or abs(number) > len(items):
        return run.fail(f"There is no position {index} in a list of {len(items)}", place)
    return items[number - 1 if number > 0 else number]


HANDLERS: dict[type[Node], Handler] = {syntax.Path: _path, syntax.Filter: _filter}
