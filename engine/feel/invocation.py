"""Calling any function value: arguments bound, depth and steps counted."""

from collections.abc import Sequence
from typing import Any

from engine.feel.registry import BuiltinFunction
from engine.feel.run import Place, Run
from engine.feel.scope import LocalScope
from engine.feel.types import ANY, convert, type_text
from engine.feel.values.functions import Function, FunctionError, NativeFunction, UserFunction
from engine.feel.values.kinds import type_name


def invoke(function: Any, arguments: Sequence[Any], run: Run, place: Place) -> Any:
    """Call with arguments in order; null with a reason when it is no function or takes others."""
    if isinstance(function, BuiltinFunction):
        return function.invoke(arguments, run, place)
    if not isinstance(function, Function):
        return None if function is None else run.fail(f"{type_name(function)} cannot be called", place)
    names = function.parameter_names
    if len(arguments) != len(names):
        return run.fail(
            f"{function.name} takes ({', '.join(names)}), but got {len(arguments)} arguments", place
        )
    if isinstance(function, UserFunction):
        return _invoke_user(function, arguments, run, place)
    return _invoke_native(function, arguments, run, place)


def invoke_named(function: Any, arguments: dict[str, Any], run: Run, place: Place) -> Any:
    """Call with arguments by name; each parameter of a function that is not built in must be given."""
    if isinstance(function, BuiltinFunction):
        return function.invoke_named(arguments, run, place)
    if not isinstance(function, Function):
        return None if function is None else run.fail(f"{type_name(function)} cannot be called", place)
    names = function.parameter_names
    if arguments.keys() != set(names):
        return run.fail(
            f"{function.name} takes ({', '.join(names)}), but got ({', '.join(arguments)})", place
        )
    return invoke(function, [arguments[name] for name in names], run, place)


def _invoke_user(function: UserFunction, arguments: Sequence[Any], run: Run, place: Place) -> Any:
    bound: dict[str, Any] = {}
    for parameter, argument in zip(function.parameters, arguments, strict=True):
        fits, value = (True, argument) if parameter.type == ANY else convert(argument, parameter.type)
        if not fits:
            wanted = type_text(parameter.type)
            return run.fail(f"`{parameter.name}` must be {wanted}, but is {type_name(argument)}", place)
        bound[parameter.name] = value
    run.spend()
    run.enter()
    result = function.body(LocalScope(bound, function.scope), run)
    run.leave()
    fits, value = (True, result) if function.result == ANY else convert(result, function.result)
    return value if fits else run.fail(f"{function.name} must give {type_text(function.result)}", place)


def _invoke_native(function: Function, arguments: Sequence[Any], run: Run, place: Place) -> Any:
    if not isinstance(function, NativeFunction):
        return run.fail(f"{function.name} cannot be called", place)
    run.spend()
    try:
        return function.call(*arguments)
    except FunctionError as refused:
        return run.fail(str(refused), place)
