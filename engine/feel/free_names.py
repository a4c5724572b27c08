"""The names an expression takes from outside: for static checks of models."""

from collections.abc import Iterable

from engine.feel import syntax
from engine.feel.functions import FUNCTIONS
from engine.feel.syntax import Node, children


def free_names(node: Node) -> frozenset[str]:
    """Names that neither the expression itself nor the standard binds.

    Inside a filter a name may also be an entry of the item, which only the data tells; it counts as free.
    """
    return frozenset(_free(node, frozenset()))


def _free(node: Node, bound: frozenset[str]) -> Iterable[str]:
    match node:
        case syntax.Name(_, name):
            if name not in bound and name not in FUNCTIONS:
                yield name
        case syntax.For(_, iterators, body):
            yield from _free_loop(iterators, body, bound | {"partial"})
        case syntax.Quantified(_, _, iterators, condition):
            yield from _free_loop(iterators, condition, bound)
        case syntax.Filter(_, value, condition):
            yield from _free(value, bound)
            yield from _free(condition, bound | {"item"})
        case syntax.FunctionLiteral(_, parameters, Node() as body):
            yield from _free(body, bound | {name for name, _ in parameters})
        case syntax.ContextLiteral(_, entries):
            yield from _free_entries(entries, bound)
        case _:
            for child in children(node):
                yield from _free(child, bound)


def _free_entries(entries: tuple[tuple[str, Node], ...], bound: frozenset[str]) -> Iterable[str]:
    for key, value in entries:
        yield from _free(value, bound)
        bound |= {key}


def _free_loop(iterators: tuple[syntax.Iterator, ...], body: Node, bound: frozenset[str]) -> Iterable[str]:
    for iterator in iterators:
        yield from _free(iterator.domain, bound)
        if iterator.end is not None:
            yield from _free(iterator.end, bound)
        bound |= {iterator.name}
    yield from _free(body, bound)
