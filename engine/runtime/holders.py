"""Which live scopes of a case hold deadlines: the case itself, and tokens of elements that declare some."""

from collections.abc import Iterable, Iterator, Mapping

from engine import spiff
from engine.runtime.book import Holder
from engine.runtime.host import StepHost
from engine.runtime.library import CompiledProcess


def holders(process: CompiledProcess, host: StepHost, tokens: Mapping[int, spiff.Token]) -> Iterator[Holder]:
    """The holders among the live tokens of a case; `process` is the one it was started with."""
    root = process.policies.get(process.model.id, ())
    if root:
        yield Holder(scope_id=0, definition_id=process.id, policies=root)
    inside = {token.container: token.definition for token in tokens.values()}
    for token in tokens.values():
        found = host.process(token.definition)
        policies = found.policies.get(token.element, ())
        called = inside.get(token.id, token.definition)
        if called != token.definition:
            inner = host.process(called)
            policies += inner.policies.get(inner.model.id, ())
        if policies:
            yield Holder(scope_id=token.id, definition_id=found.id, policies=policies)


def outwards(found: Iterable[Holder], scopes: Iterable[int]) -> Iterator[Holder]:
    """The holders on a way outwards through scopes, then the others: a timer at the border of a task stands
    outside the task whose deadline it watches."""
    live = {holder.scope_id: holder for holder in found}
    on_the_way = [scope for scope in scopes if scope in live]
    yield from (live[scope] for scope in on_the_way)
    yield from (holder for scope, holder in live.items() if scope not in on_the_way)
