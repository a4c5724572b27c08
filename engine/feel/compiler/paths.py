"""Paths (`a.b`, on lists too) and filters (`list[condition]`, `list[index]`)."""

from decimal import Decimal
from typing import Any

from engine.feel import syntax
from engine.feel.compiler.base import Compiler, Handler
from engine.feel.properties import PROPERTIES
from engine.feel.run import Run
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
    position = node.condition.value if isinstance(node.condition, syntax.Literal) else None

    def by_condition(items: list[Any], scope: Scope, run: Run) -> Any:
        kept = []
        for item in items:
            run.spend()
            held = condition(ItemScope(item, scope), run)
            if held is True:
                kept.append(item)
            elif held.__class__ is Decimal:
                return at(items, held, run)
            elif held is not False and held is not None:
                return run.fail(
                    f"A filter must be true, false or a position, but is {type_name(held)}", place
                )
        return kept

    def at(items: list[Any], index: Decimal, run: Run) -> Any:
        count, number = len(items), whole(index)
        if number is None or number == 0 or abs(number) > count:
            return run.fail(f"There is no position {index} in a list of {count}", place)
        return items[number - 1 if number > 0 else number]

    def filtered(scope: Scope, run: Run) -> Any:
        items = value(scope, run)
        if items.__class__ is not list:
            items = [] if items is None else [items]
        if position.__class__ is Decimal:
            return at(items, position, run)
        return by_condition(items, scope, run)

    return filtered


HANDLERS: dict[type[Node], Handler] = {syntax.Path: _path, syntax.Filter: _filter}
