"""Evaluates expressions of a model over what they see; without a usable value it is an incident."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING

from engine import feel
from engine.dialect import Expression
from engine.feel import Value
from engine.spiff.incidents import IncidentError
from engine.spiff.scopes import Scopes, View

if TYPE_CHECKING:
    from engine.spiff.host import Host

EXPRESSION = "expression"


class Evaluator:
    """Stands where SpiffWorkflow expects a script engine, and runs nothing but FEEL."""

    def __init__(self, host: Host, scopes: Scopes) -> None:
        self.host = host
        self._scopes = scopes

    def view(self, scope_id: int) -> View:
        """The names an expression sees from a scope."""
        return self._scopes.view(scope_id, self.host.extras)

    def view_across(self, scope_id: int) -> View:
        """The names an expression sees that belongs to both sides of a barrier."""
        return self._scopes.view_across(scope_id, self.host.extras)

    def view_outside(self, scope_id: int, names: Collection[str]) -> View:
        """The names an expression sees outside a scope, and these inside it."""
        return self._scopes.view_outside(scope_id, names, self.host.extras)

    def result(self, seen: View, expression: Expression, what: str) -> feel.Result:
        """The value of an expression with its reasons.

        :raises IncidentError: the evaluation was stopped because it took too much.
        """
        if expression.compiled is None:
            return feel.Result(expression.text, ())
        try:
            return expression.compiled.evaluate(seen, self.host.environment)
        except feel.EvaluationBudgetError as error:
            raise IncidentError(
                EXPRESSION, f"The {what} “{expression.text}”: {error}", "Shorten the expression or its lists."
            ) from error

    def value(self, seen: View, expression: Expression, what: str) -> Value:
        """The value of an expression; null is a value unless FEEL gives a reason for it.

        :raises IncidentError: FEEL could not compute it.
        """
        result = self.result(seen, expression, what)
        if result.value is None and result.reasons:
            reasons = "; ".join(str(reason) for reason in result.reasons)
            raise IncidentError(
                EXPRESSION,
                f"The {what} “{expression.text}” has no value: {reasons}",
                "Correct the variables of the case and retry, or correct the expression in a new version.",
            )
        if _holds_function(result.value):
            raise IncidentError(
                EXPRESSION,
                f"The {what} “{expression.text}” gives a function, which cannot be stored.",
                "Store what the function gives instead.",
            )
        return result.value

    def boolean(self, seen: View, expression: Expression, what: str) -> bool:
        """The truth of a condition.

        :raises IncidentError: it is neither true nor false.
        """
        value = self.value(seen, expression, what)
        if isinstance(value, bool):
            return value
        raise IncidentError(
            EXPRESSION,
            f"The {what} “{expression.text}” is neither true nor false but {feel.type_name(value)}.",
            "Correct the variables of the case and retry, or correct the expression in a new version.",
        )

    def texts(self, seen: View, expression: Expression, what: str) -> str:
        """A text as `text` gives it, or a list of strings as a comma list.

        :raises IncidentError: it is something else or empty.
        """
        value = self.value(seen, expression, what)
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            return ", ".join(str(item) for item in value)
        return self._as_text(value, expression, what)

    def text(self, seen: View, expression: Expression, what: str) -> str:
        """A name or key: a string, or a number written without trailing zeros.

        :raises IncidentError: it is something else or empty.
        """
        return self._as_text(self.value(seen, expression, what), expression, what)

    def _as_text(self, value: Value, expression: Expression, what: str) -> str:
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        if isinstance(value, str) and value:
            return value
        raise IncidentError(
            EXPRESSION,
            f"The {what} “{expression.text}” is no text but {feel.type_name(value)}.",
            "Correct the variables of the case and retry, or correct the expression in a new version.",
        )


def _holds_function(value: Value) -> bool:
    if isinstance(value, list):
        return any(_holds_function(item) for item in value)
    if isinstance(value, dict):
        return any(_holds_function(item) for item in value.values())
    return isinstance(value, feel.Function)
