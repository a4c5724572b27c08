"""Boxed `for`, `some`, `every` and filter (DMN 10.2.2): lists or ranges to loop over, a boolean test."""

from collections.abc import Iterable
from decimal import Decimal

from engine.dmn.state import fail
from engine.feel import Range, Value
from engine.feel.run import Run
from engine.feel.scope import ItemScope, LocalScope, Scope
from engine.feel.values.functions import Closure
from engine.feel.values.kinds import type_name
from engine.feel.values.numbers import whole


def _items(source: Value, run: Run) -> Iterable[Value] | None:
    """What is looped over; None with the reason noted where it is neither a list nor a range of integers."""
    if isinstance(source, list):
        return source
    if isinstance(source, Range) and source.operator is None:
        bounds = [whole(end) if isinstance(end, Decimal) else None for end in (source.start, source.end)]
        if bounds[0] is not None and bounds[1] is not None:
            low = bounds[0] + (not source.start_included)
            high = bounds[1] - (not source.end_included)
            run.check_items(high - low + 1)
            return (Decimal(number) for number in range(low, high + 1))
    fail(run, f"A {type_name(source)} cannot be looped over, only a list")
    return None


def _truth(value: Value, run: Run) -> bool | None:
    if isinstance(value, bool):
        return value
    fail(run, f"The condition gives a {type_name(value)}, not true or false")
    return None


def filtering(source: Closure, match: Closure) -> Closure:
    def keep(scope: Scope, run: Run) -> Value:
        items = _items(source(scope, run), run)
        if items is None:
            return None
        kept = []
        for item in items:
            run.spend()
            held = _truth(match(ItemScope(item, scope), run), run)
            if held is None:
                return None
            if held:
                kept.append(item)
        return kept

    return keep


def iterating(variable: str, source: Closure, body: Closure, *, partial: bool) -> Closure:
    """`for`; `partial` only where the body may ask for the results so far, which copies them each time."""

    def collect(scope: Scope, run: Run) -> Value:
        items = _items(source(scope, run), run)
        if items is None:
            return None
        results: list[Value] = []
        for item in items:
            local = {variable: item}
            if partial:
                local["partial"] = list(results)
            run.spend(1 + len(results) * partial)
            results.append(body(LocalScope(local, scope), run))
            run.check_items(len(results))
        return results

    return collect


def quantifying(variable: str, source: Closure, body: Closure, *, every: bool) -> Closure:
    def quantify(scope: Scope, run: Run) -> Value:
        items = _items(source(scope, run), run)
        if items is None:
            return None
        answer = every
        for item in items:
            run.spend()
            held = _truth(body(LocalScope({variable: item}, scope), run), run)
            if held is None:
                return None
            if held is not every:
                answer = not every
        return answer

    return quantify
