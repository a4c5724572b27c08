"""Tasks: of people, of decisions, of scripts, and of workers outside."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from engine import dialect
from engine.feel import Value
from engine.spiff.elements import NO_VALUES, Activity
from engine.spiff.facts import DecisionEvaluated, MessageThrown
from engine.spiff.incidents import IncidentError
from engine.spiff.live import LiveTask

if TYPE_CHECKING:
    from engine.spiff.process_spec import ProcessSpec

PUBLISH_MESSAGE = "publish-message"


class PassThrough(Activity):
    """A task without implementation, and a manual task: nothing waits for them."""


class UserTask(Activity):
    """Waits, ready, until a person completes it."""

    def __init__(self, process_spec: ProcessSpec, name: str, element: dialect.Element) -> None:
        super().__init__(process_spec, name, element)
        self.manual = True


class ScriptTask(Activity):
    """Computes one variable."""

    def perform(self, task: LiveTask) -> Mapping[str, Value]:
        script = self.element.script
        assert script is not None, "checked at deployment"
        return {script.result_variable: self.evaluate(task, script.expression, "script")}


class BusinessRuleTask(Activity):
    """Asks for a decision."""

    def perform(self, task: LiveTask) -> Mapping[str, Value]:
        decision = self.element.decision
        assert decision is not None, "checked at deployment"
        top, seen = task.top, self.view(task)
        decision_id = top.evaluator.text(seen, decision.decision_id, "decision id")
        explanation = top.host.decide(self.element, decision_id, decision.binding, seen)
        top.facts.append(DecisionEvaluated(self.bpmn_id, task.id, explanation))
        if explanation.errors:
            raise IncidentError(
                "decision",
                f"Decision {decision_id} could not be made: {'; '.join(explanation.errors)}",
                "Correct the variables of the case or the table, and retry.",
            )
        if explanation.no_match:
            raise IncidentError(
                "no-match",
                f"No row of decision {decision_id} matches.",
                "Correct the variables of the case, or add the missing row and retry.",
            )
        return {decision.result_variable: explanation.value}


class Job(Activity):
    """Work done outside after commit; sending a message is done by the engine itself."""

    def perform(self, task: LiveTask) -> Mapping[str, Value] | None:
        if task.result is not None:
            return task.result
        definition = self.element.task
        assert definition is not None, "checked at deployment"
        evaluator, seen = task.top.evaluator, self.view(task)
        kind = evaluator.text(seen, definition.type, "job type")
        headers = {
            name: evaluator.texts(seen, text, f"header {name}") for name, text in definition.headers.items()
        }
        if kind == PUBLISH_MESSAGE:
            self._publish(task, headers)
            return NO_VALUES
        retries = evaluator.text(seen, definition.retries, "number of retries")
        task.internal_data["job"] = {"type": kind, "retries": _whole(retries), "headers": headers}
        return None

    def _publish(self, task: LiveTask, headers: Mapping[str, str]) -> None:
        name = headers.get("name", "")
        if not name and isinstance(self.element.event, dialect.MessageEvent):
            name = task.top.evaluator.text(self.view(task), self.element.event.name, "message name")
        if not name:
            raise IncidentError(
                "message-name", f"{self.bpmn_id} sends a message without a name.", "Add the header “name”."
            )
        scopes = task.top.scopes
        task.top.facts.append(
            MessageThrown(
                name=name,
                correlation_key=headers.get("correlationKey", ""),
                time_to_live=headers.get("timeToLive", ""),
                payload=dict(scopes.local(task.id)) if task.id in scopes else {},
                element=self.bpmn_id,
                token_id=task.id,
            )
        )


def _whole(text: str) -> int:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if number.is_finite() and number == int(number) and 0 < number < 100:
        return int(number)
    raise IncidentError(
        "expression", f"The number of retries “{text}” is no whole number from 1 to 99.", "Correct it."
    )
