"""The names an expression takes from outside: for static checks of models."""

from engine.feel import syntax
from engine.feel.functions import FUNCTIONS
from engine.feel.syntax import Node, children


def free_names(node: Node) -> frozenset[str]:
    """Names that neither the expression itself nor the standard binds.

    Inside a filter a name may also be an entry of the item, which only the data tells; it counts as free.
    """
    found: set[str] = set()
    _gather(node, frozenset(), found)
    return frozenset(found)


def _gather(node: Node, bound: frozenset[str], found: set[str]) -> None:
    match node:
        case syntax.Name(_, name):
            if name not in bound and name not in FUNCTIONS:
                found.add(name)
        case syntax.For(_, iterators, body):
            _gather_loop(iterators, body, bound | {"partial"}, found)
        case syntax.Quantified(_, _, iterators, condition):
            _gather_loop(iterators, condition, bound, found)
        case syntax.Filter(_, value, condition):
            _gather(value, bound, found)
            _gather(condition, bound | {"item"}, found)
        case syntax.FunctionLiteral(_, parameters, Node() as body):
            _gather(body, bound | {name for name, _ in parameters}, found)
        case syntax.ContextLiteral(_, entries):
            for key, value in entries:
                _gather(value, bound, found)
                bound |= {key}
        case _:
            for child in children(node):
                _gather(child, bound, found)


def _gather_loop(
    iterators: tuple[syntax.Iterator, ...], body: Node, bound: frozenset[str], found: set[str]
) -> None:
    for iterator in iterators:
        _gather(iterator.domain, bound, found)
        if iterator.end is not None:
            _gather(iterator.end, bound, found)
        bound |= {iterator.name}
    _gather(body, bound, found)
