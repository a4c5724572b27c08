"""Calling functions, by position or by name, and writing them."""

from typing import Any

from engine.feel import syntax
from engine.feel.compiler.base import Compiler, Handler
from engine.feel.compiler.result_types import result_type
from engine.feel.environment import EMPTY
from engine.feel.functions import FUNCTIONS
from engine.feel.invocation import invoke, invoke_named
from engine.feel.run import Place, Run
from engine.feel.scope import MISSING, Scope
from engine.feel.syntax import Node
from engine.feel.values.functions import (
    Closure,
    Function,
    FunctionError,
    NativeFunction,
    Parameter,
    UserFunction,
)

_CONSTRUCTORS = frozenset({"date", "time", "date and time", "duration"})


def _callee(compiler: Compiler, node: Node) -> Closure:
    """A function in scope, else the built-in one: a variable `date` does not hide `date()`."""
    if not isinstance(node, syntax.Name):
        return compiler.build(node)
    name, place = node.name, compiler.place(node)
    builtin = FUNCTIONS.get(name)

    def named(scope: Scope, run: Run) -> Any:
        function = scope.get(name, MISSING)
        if function is MISSING or (builtin is not None and not isinstance(function, Function)):
            return builtin if builtin is not None else run.fail(f"There is no function `{name}`", place)
        return function

    return named


def _call(compiler: Compiler, node: syntax.Call) -> Closure:
    callee, place = _callee(compiler, node.function), compiler.place(node)
    arguments = [compiler.build(argument) for argument in node.arguments]
    constant = _constant(node, arguments, place)
    if constant is not None:
        return constant

    def call(scope: Scope, run: Run) -> Any:
        function = callee(scope, run)
        return invoke(function, [argument(scope, run) for argument in arguments], run, place)

    return call


def _constant(node: syntax.Call, arguments: list[Closure], place: Place) -> Closure | None:
    """`date("2026-12-03")` and its like, computed once; unless the scope has a function of that name."""
    if not isinstance(node.function, syntax.Name) or node.function.name not in _CONSTRUCTORS:
        return None
    if not all(isinstance(argument, syntax.Literal) for argument in node.arguments):
        return None
    name, builtin, trial = node.function.name, FUNCTIONS[node.function.name], Run(EMPTY)
    given = [argument({}, trial) for argument in arguments]
    value = builtin.invoke(given, trial, place)
    if value is None:
        return None

    def constant(scope: Scope, run: Run) -> Any:
        function = scope.get(name, MISSING)
        return invoke(function, given, run, place) if isinstance(function, Function) else value

    return constant


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
    if node.body is None:
        refused = NativeFunction(tuple(name for name, _ in node.parameters), _refuse, "external function")
        return lambda scope, run: refused
    parameters = tuple(Parameter(name, expected) for name, expected in node.parameters)
    body, result = compiler.build(node.body), result_type(node.body, dict(node.parameters))
    return lambda scope, run: UserFunction(parameters=parameters, body=body, scope=scope, result=result)


def _refuse(*arguments: Any) -> Any:
    raise FunctionError("External functions (Java, PMML) are never run; write the function in FEEL")


HANDLERS: dict[type[Node], Handler] = {
    syntax.Call: _call,
    syntax.NamedCall: _named_call,
    syntax.FunctionLiteral: _function,
}
