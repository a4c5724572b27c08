"""Evaluates a form's expressions, and says loudly which component asked when one has no answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine import clock, feel
from engine.forms.checking import Bounds
from engine.forms.model import Condition, Field, Option, Rows, Table


class FormConditionError(Exception):
    """An expression of a form gave no usable value, so that the form must not be shown or taken."""

    def __init__(self, component_id: str, what: str, reason: str) -> None:
        self.component_id, self.what, self.reason = component_id, what, reason
        super().__init__(
            f"The {what} of “{component_id}” gave no usable value: {reason}. "
            "Correct the expression in the form, or give the variable it asks about a value before the task."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Evaluates for one place of the form: `unanswered` are the questions still empty there."""

    scope: Mapping[str, feel.Value]
    unanswered: frozenset[str]
    environment: feel.Environment

    def hides(self, component_id: str, condition: Condition) -> bool:
        """Whether the condition leaves its component out now.

        A condition that cannot be told because a question it asks about is still empty hides it: on
        paper, too, one answers the first question first. Raises `FormConditionError`.
        """
        value = self._value(component_id, "condition", condition.hide)
        if value is None:
            return True
        if not isinstance(value, bool):
            raise FormConditionError(
                component_id, "condition", f"{feel.type_name(value)} is not true or false"
            )
        return value

    def options(self, field: Field) -> tuple[Option, ...]:
        """The choices offered now. Raises `FormConditionError`."""
        if field.options_from is None:
            return field.options
        value = self._value(field.id, "list of choices", field.options_from)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise FormConditionError(field.id, "list of choices", f"{feel.type_name(value)} is not a list")
        return tuple({option.value: option for option in (_option(field, one) for one in value)}.values())

    def bounds(self, field: Field) -> Bounds:
        """What an answer is held against now. Raises `FormConditionError`."""
        limits = field.limits
        earliest = self._day(field, "earliest date", limits.earliest)
        if limits.no_past_dates:
            earliest = max(earliest or date.min, self._today(field))
        return Bounds(
            options=self.options(field),
            earliest=earliest,
            latest=self._day(field, "latest date", limits.latest),
        )

    def entries(self, table: Table) -> tuple[Sequence[feel.Value], ...]:
        """The cells of a table's rows. Raises `FormConditionError`."""
        value = self._value(table.id, "data source", table.source)
        listed = [] if value is None else value
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise FormConditionError(table.id, "data source", "it is not a list of contexts")
        return tuple([one.get(key) for key, _ in table.columns] for one in listed)

    def refusal(self, question: Field | Rows) -> str | None:
        """Why the answer, which the scope holds, will not do; None when it will, or when that cannot be told
        because it depends on a question that is still empty. Raises `FormConditionError`.
        """
        if question.refuse is None:
            return None
        try:
            result = question.refuse.evaluate(self.scope, self.environment)
        except feel.EvaluationBudgetError as error:
            raise FormConditionError(question.id, "refusal", str(error)) from error
        match result.value:
            case None if result.reasons and not question.refuse.names & (self.unanswered - {question.key}):
                raise FormConditionError(question.id, "refusal", "; ".join(map(str, result.reasons)))
            case None | "" | []:
                return None
            case str(sentence):
                return sentence
            case list(sentences) if all(isinstance(each, str) for each in sentences):
                return ". ".join(map(str, sentences))
        raise FormConditionError(question.id, "refusal", "it is neither a sentence nor a list of sentences")

    def words(self, expression: feel.Expression) -> feel.Value:
        """A value inside a text; None when it is not known, which the page says."""
        try:
            return expression.evaluate(self.scope, self.environment).value
        except feel.EvaluationBudgetError:
            return None

    def _value(self, component_id: str, what: str, expression: feel.Expression) -> feel.Value:
        """The value; None only when a question it asks about is still empty."""
        try:
            result = expression.evaluate(self.scope, self.environment)
        except feel.EvaluationBudgetError as error:
            raise FormConditionError(component_id, what, str(error)) from error
        if result.value is None and not expression.names & self.unanswered:
            reasons = "; ".join(str(reason) for reason in result.reasons) or "it is null"
            raise FormConditionError(component_id, what, reasons)
        return result.value

    def _day(self, field: Field, what: str, expression: feel.Expression | None) -> date | None:
        value = None if expression is None else self._value(field.id, what, expression)
        if value is None or isinstance(value, feel.Date):
            return value.to_python() if value else None
        raise FormConditionError(field.id, what, f"{feel.type_name(value)} is not a date")

    def _today(self, field: Field) -> date:
        if self.environment.at is None:
            raise FormConditionError(field.id, "earliest date", "no moment was given for today")
        return clock.london_date(self.environment.at)


def _option(field: Field, value: feel.Value) -> Option:
    if isinstance(value, str) and value:
        return Option(value, value)
    match value:
        case {"value": str(chosen), "label": str(label)} if chosen:
            return Option(chosen, label)
    raise FormConditionError(
        field.id, "list of choices", "a choice is neither a text nor a context with a value and a label"
    )
