"""Tasks: of people, of decisions, of scripts, and of workers outside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from engine import dialect
from engine.dialect.durations import TimeFormatError, parse_duration
from engine.dialect.numbers import RETRIES, whole_number
from engine.feel import Value
from engine.spiff.elements import NO_VALUES, Activity
from engine.spiff.evaluation import EXPRESSION
from engine.spiff.facts import DecisionEvaluated, MessageThrown
from engine.spiff.incidents import IncidentError
from engine.spiff.live import LiveTask
from engine.spiff.times import after

if TYPE_CHECKING:
    from engine.spiff.process_spec import ProcessSpec


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
        kind, headers = self._addressed(task)
        if kind == dialect.PUBLISH_MESSAGE:
            self._publish(task, headers)
            return NO_VALUES
        self._order(task, kind, headers)
        return None

    def renew(self, task: LiveTask) -> None:
        """Let a job that waits outside become what the model and the variables say now."""
        if "job" not in task.internal_data:
            return
        kind, headers = self._addressed(task)
        if kind == dialect.PUBLISH_MESSAGE:
            raise IncidentError(
                "job", "it waits for a worker, and would now send a message", "Move its token instead."
            )
        self._order(task, kind, headers)

    def _addressed(self, task: LiveTask) -> tuple[str, dict[str, str]]:
        """The type and the headers."""
        definition = self.element.task
        assert definition is not None, "checked at deployment"
        evaluator, seen = task.top.evaluator, self.view(task)
        headers = {
            name: evaluator.texts(seen, text, f"header {name}") for name, text in definition.headers.items()
        }
        return evaluator.text(seen, definition.type, "job type"), headers

    def _order(self, task: LiveTask, kind: str, headers: Mapping[str, str]) -> None:
        definition = self.element.task
        assert definition is not None, "checked at deployment"
        retries = task.top.evaluator.text(self.view(task), definition.retries, "number of retries")
        task.internal_data["job"] = {"type": kind, "retries": _whole(retries), "headers": dict(headers)}

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
                expires_at=_end_of_life(headers.get("timeToLive", ""), task.top.now),
                payload=dict(scopes.local(task.id)) if task.id in scopes else {},
                element=self.bpmn_id,
                token_id=task.id,
            )
        )


def _end_of_life(written: str, now: datetime) -> datetime:
    """When a message expires: at once where its task says nothing."""
    if not written:
        return now
    try:
        return after(now, parse_duration(written))
    except TimeFormatError as error:
        raise IncidentError(
            EXPRESSION,
            f"The header timeToLive: {error}",
            "Correct the variables of the case and retry, or correct the header in a new version.",
        ) from error


def _whole(text: str) -> int:
    number = whole_number(text, RETRIES)
    if number is None:
        raise IncidentError(
            EXPRESSION, f"The number of retries “{text}” is no whole number from 1 to 99.", "Correct it."
        )
    return number
