"""Compiled expressions and unary tests: what the rest of the engine holds on to."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from engine.feel.compiler import compile_expression, compile_tests
from engine.feel.compiler.tests import Test
from engine.feel.environment import EMPTY, Environment
from engine.feel.free_names import free_names
from engine.feel.functions import FUNCTIONS
from engine.feel.lexer import FeelSyntaxError
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.run import EvaluationBudgetError, Reason, Run
from engine.feel.types import FeelType
from engine.feel.values.functions import Closure
from engine.feel.values.kinds import Value

_NESTED = ("The expression is nested too deep", "Split it.")
_TOO_DEEP = "values or calls are nested too deep"
_NO_TYPES: Mapping[str, FeelType] = {}


class Result(NamedTuple):
    """The value, and why parts of the expression were null."""

    value: Value
    reasons: tuple[Reason, ...]


class Expression:
    """A compiled expression; safe to share between threads.

    `closure(scope, run)` is the fast door for `engine.dmn`: no result object, reasons in `run.reasons`.
    """

    __slots__ = ("closure", "names", "text")

    def __init__(self, text: str, closure: Closure, names: frozenset[str]) -> None:
        self.text = text
        self.closure = closure
        self.names = names

    def evaluate(self, context: Mapping[str, Value], environment: Environment = EMPTY) -> Result:
        """The value over a context (looked up lazily); raises `EvaluationBudgetError`."""
        run = Run(environment)
        try:
            value = self.closure(context, run)
        except RecursionError:
            raise EvaluationBudgetError(_TOO_DEEP) from None
        return Result(value, tuple(run.reasons) if run.reasons else ())

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


class UnaryTests:
    """A compiled decision table cell; `test(value, scope, run)` is the fast door for `engine.dmn`."""

    __slots__ = ("names", "test", "text")

    def __init__(self, text: str, test: Test, names: frozenset[str]) -> None:
        self.text = text
        self.test = test
        self.names = names

    def evaluate(
        self, input_value: Value, context: Mapping[str, Value], environment: Environment = EMPTY
    ) -> Result:
        """True, false, or None when it cannot be told; raises `EvaluationBudgetError`."""
        run = Run(environment)
        try:
            value = self.test(input_value, context, run)
        except RecursionError:
            raise EvaluationBudgetError(_TOO_DEEP) from None
        return Result(value, tuple(run.reasons))

    def __repr__(self) -> str:
        return f"UnaryTests({self.text!r})"


def compile(
    text: str, *, names: Collection[str] = (), types: Mapping[str, FeelType] = _NO_TYPES
) -> Expression:
    """Compile an expression; raises `FeelSyntaxError`.

    `names` are the variables in scope (needed for names with operators or keywords in them), `types`
    the named types that `instance of` and parameters may mention.
    """
    try:
        node = parse_expression(text, names, FUNCTIONS, types)
        return Expression(text, compile_expression(text, node), free_names(node))
    except RecursionError:
        raise FeelSyntaxError(text, 0, *_NESTED) from None


def compile_unary_tests(
    text: str, *, names: Collection[str] = (), types: Mapping[str, FeelType] = _NO_TYPES
) -> UnaryTests:
    """Compile a cell, such as `-`, `< 5, > 10`, `not("a")` or `? > b`; raises `FeelSyntaxError`."""
    try:
        node = parse_unary_tests(text, names, FUNCTIONS, types)
        return UnaryTests(text, compile_tests(text, node), free_names(node) - {"?"})
    except RecursionError:
        raise FeelSyntaxError(text, 0, *_NESTED) from None


def evaluate(text: str, context: Mapping[str, Any] | None = None) -> Value:
    """Compile and evaluate in one go, without a moment or a calendar: for tests and one-off questions."""
    return compile(text, names=tuple(context or ())).evaluate(context or {}).value
