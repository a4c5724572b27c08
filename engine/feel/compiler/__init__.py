"""From syntax tree to Python closures, compiled once and run often."""

from engine.feel import syntax
from engine.feel.compiler import calls, control, literals, operators, paths, tests
from engine.feel.compiler.base import Compiler, Handler
from engine.feel.syntax import Node
from engine.feel.values.functions import Closure

_HANDLERS: dict[type[Node], Handler] = {
    **literals.HANDLERS,
    **operators.HANDLERS,
    **control.HANDLERS,
    **paths.HANDLERS,
    **calls.HANDLERS,
    **tests.HANDLERS,
}


def compile_expression(text: str, node: Node) -> Closure:
    """The closure of an expression; raises `FeelSyntaxError` for what only the compiler can tell."""
    return Compiler(text, _HANDLERS).build(node)


def compile_tests(text: str, node: syntax.UnaryTests) -> tests.Test:
    """The test of a decision table cell."""
    return tests.compile_unary_tests(Compiler(text, _HANDLERS), node)
