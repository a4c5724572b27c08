"""Tells the kernel's facts as history: one row a fact, the automatic steps between two waits in short."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from engine import feel, spiff
from engine.dmn import Explanation
from engine.history import Event, EventKind

if TYPE_CHECKING:
    from engine.runtime.step import Step


class Narrator:
    """Turns the facts of one step into events."""

    def __init__(self, step: "Step", alive: Collection[int]) -> None:
        """`step` knows which elements are user tasks, and which of them a person completed.

        `alive` are the tokens that are left at its end.
        """
        self._step, self._alive = step, alive

    def events(self, facts: Iterable[spiff.Fact]) -> Iterator[Event]:
        """The events, in order. Flows are told with the element they leave."""
        facts = list(facts)
        flows: dict[int, list[str]] = {}
        for fact in facts:
            if isinstance(fact, spiff.FlowTaken):
                flows.setdefault(fact.token_id, []).append(fact.flow)
        told = [task.values for task in self._step.completed_tasks.values()]
        for token_id, task in self._step.completed_tasks.items():
            task.event.fields["flows"] = flows.get(token_id, [])
        for fact in facts:
            if isinstance(fact, spiff.VariablesSet) and fact.variables in told:
                continue  # the completed task says it already
            event = self._event(fact, flows)
            if event is not None:
                yield event

    def _event(self, fact: spiff.Fact, flows: Mapping[int, list[str]]) -> Event | None:
        match fact:
            case spiff.ElementEntered() if fact.token_id in self._alive and not self._is_task(fact):
                return self._moved(EventKind.ELEMENT_ENTERED, fact)
            case spiff.ElementCompleted() if fact.token_id not in self._step.completed_tasks:
                return self._moved(EventKind.ELEMENT_COMPLETED, fact, flows=flows.get(fact.token_id, []))
            case spiff.ElementCancelled() if not self._is_task(fact):
                return self._moved(EventKind.ELEMENT_CANCELLED, fact)
            case spiff.VariablesSet():
                return _variables(fact)
            case spiff.DecisionEvaluated():
                return self._decision(fact)
            case spiff.IncidentRaised():
                fields = {"kind": fact.kind, "message": fact.message, "remedy": fact.remedy}
                return Event(kind=EventKind.INCIDENT_OPENED, element=fact.element, fields=fields)
            case spiff.IncidentResolved():
                return Event(kind=EventKind.INCIDENT_RESOLVED, element=fact.element, fields={})
            case spiff.MessageThrown() | spiff.SignalThrown():
                personal = feel.to_json(dict(fact.payload))
                return Event(
                    kind=EventKind.MESSAGE_SENT,
                    element=fact.element,
                    fields={"message": fact.name},
                    personal=personal or None,
                )
            case _:
                return None

    def _is_task(self, fact: spiff.ElementEntered | spiff.ElementCancelled) -> bool:
        process = self._step.host.process(fact.definition)
        element = process.model.elements.get(fact.element)
        return element is not None and element.kind == "userTask"

    def _moved(
        self,
        kind: EventKind,
        fact: spiff.ElementEntered | spiff.ElementCompleted | spiff.ElementCancelled,
        **more: list[str],
    ) -> Event:
        fields: dict[str, object] = {"token": fact.token_id, "process": self._process(fact.definition)}
        return Event(kind=kind, element=fact.element, fields=fields | more)

    def _process(self, key: spiff.DefinitionKey) -> str:
        return self._step.host.process(key).model.id

    def _decision(self, fact: spiff.DecisionEvaluated) -> Event:
        explanation = fact.explanation
        deployed = self._step.host.decided.get(explanation.decision_id)
        told = explanation.as_json()
        return Event(
            kind=EventKind.DECISION_MADE,
            element=fact.element,
            fields={
                "decision": explanation.decision_id,
                "name": explanation.name,
                "version": deployed.version if deployed is not None else None,
                "matched": _matched(explanation),
                "required": [
                    {"decision": each.decision_id, "name": each.name, "matched": _matched(each)}
                    for each in _required(explanation)
                ],
            },
            personal={"inputs": told["inputs"], "value": feel.to_json(explanation.value)},
        )


def _required(explanation: Explanation) -> Iterator[Explanation]:
    """The decisions an answer rests on, nearest first."""
    for each in explanation.required:
        yield each
        yield from _required(each)


def _matched(explanation: Explanation) -> list[dict[str, object]]:
    return [
        {"row": each.number, "rule": each.rule_id, "annotations": dict(each.annotations)}
        for each in explanation.matched
    ]


def _variables(fact: spiff.VariablesSet) -> Event:
    return Event(
        kind=EventKind.VARIABLES_SET,
        element=None,
        fields={"scope": fact.scope_id, "names": sorted(fact.variables)},
        personal=feel.to_json(dict(fact.variables)),
    )
