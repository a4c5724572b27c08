"""Calling functions, by position or by name, and writing them."""

from typing import Any

from engine.feel import syntax
from engine.feel.compiler.base import Compiler, Handler
from engine.feel.compiler.result_types import result_type
from engine.feel.functions import FUNCTIONS
from engine.feel.invocation import invoke, invoke_named
from engine.feel.run import Run
from engine.feel.scope import MISSING, Scope
from engine.feel.syntax import Node
from engine.feel.values.functions import Closure, Parameter, UserFunction


def _callee(compiler: Compiler, node: Node) -> Closure:
    """What is called: a name in scope, or else the built-in function of that name."""
    if not isinstance(node, syntax.Name):
        return compiler.build(node)
    name, place = node.name, compiler.place(node)
    builtin = FUNCTIONS.get(name)

    def named(scope: Scope, run: Run) -> Any:
        function = scope.get(name, MISSING)
        if function is not MISSING:
            return function
        return builtin if builtin is not None else run.fail(f"There is no function `{name}`", place)

    return named


def _call(compiler: Compiler, node: syntax.Call) -> Closure:
    callee, place = _callee(compiler, node.function), compiler.place(node)
    arguments = [compiler.build(argument) for argument in node.arguments]

    def call(scope: Scope, run: Run) -> Any:
        function = callee(scope, run)
        return invoke(function, [argument(scope, run) for argument in arguments], run, place)

    return call


def _named_call(compiler: Compiler, node: syntax.NamedCall) -> Closure:
    callee, place = _callee(compiler, node.function), compiler.place(node)
    arguments = {name: compiler.build(argument) for name, argument in node.arguments}
    if len(arguments) < len(node.arguments):
        raise compiler.error(node, "An argument is given twice", "Name each parameter once.")

    def call(scope: Scope, run: Run) -> Any:
        function = callee(scope, run)
        given = {name: argument(scope, run) for name, argument in arguments.items()}
        return invoke_named(function, given, run, place)

    return call


def _function(compiler: Compiler, node: syntax.FunctionLiteral) -> Closure:
    place = compiler.place(node)
    if node.body is None:
        return lambda scope, run: run.fail("External functions (Java, PMML) are never run", place)
    parameters = tuple(Parameter(name, expected) for name, expected in node.parameters)
    body, result = compiler.build(node.body), result_type(node.body, dict(node.parameters))
    return lambda scope, run: UserFunction(parameters=parameters, body=body, scope=scope, result=result)


HANDLERS: dict[type[Node], Handler] = {
    syntax.Call: _call,
    syntax.NamedCall: _named_call,
    syntax.FunctionLiteral: _function,
}
