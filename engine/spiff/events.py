"""Events: caught on the way, on the border of an activity, or by an event sub-process; and thrown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState as S

from engine import dialect
from engine.dialect import (
    ConditionalEvent,
    ErrorEvent,
    EscalationEvent,
    EventDefinition,
    SignalEvent,
    TerminateEvent,
)
from engine.feel import Value
from engine.spiff import arming
from engine.spiff.elements import NO_VALUES, Activity
from engine.spiff.facts import SignalThrown
from engine.spiff.live import AWAIT, BEGIN, LEAVE, RUN, LiveTask

if TYPE_CHECKING:
    from engine.spiff.containers import EventSubProcess
    from engine.spiff.process_spec import ProcessSpec
    from engine.spiff.scopes import View


class Waiting(Activity):
    """A node that waits for one or several events, told apart by the ids of their elements."""

    awaited: Mapping[str, EventDefinition]

    def __init__(self, process_spec: ProcessSpec, name: str, element: dialect.Element) -> None:
        super().__init__(process_spec, name, element)
        self.awaited = {} if element.event is None else {element.id: element.event}

    def begin(self, task: LiveTask) -> bool:
        if task.fired:
            return True
        task._set_state(S.WAITING)
        self.arm_rest(task)
        return False

    def arm_rest(self, task: LiveTask) -> None:
        """Begin to wait for each event that is not waited for yet."""
        for key, event in self.awaited.items():
            if key not in arming.records(task):
                arming.arm(task, key, event)
        if any(isinstance(event, ConditionalEvent) for event in self.awaited.values()):
            task.top.watch(task)

    def renew(self, task: LiveTask) -> None:
        """Begin to wait for what another version of the process has more than the one before."""
        if task.state == S.WAITING:
            task.stage = BEGIN
            self._guarded(task, self.begin)

    def resume(self, task: LiveTask) -> None:
        if task.stage == AWAIT:
            task.stage = RUN
            task._set_state(S.WAITING)
            task.top.watch(task)
        else:
            super().resume(task)

    def follow(self, task: LiveTask) -> None:
        """Move timers that name a deadline."""
        for key in arming.records(task):
            arming.follow(task, key, self.awaited[key])

    def fire(self, task: LiveTask, key: str, payload: Mapping[str, Value]) -> None:
        """The event has happened."""
        arming.disarm(task)
        task.result = payload
        task._ready()


class CatchEvent(Waiting):
    """An intermediate catching event or receive task."""


class EventGateway(Waiting):
    """Takes the flow to the first of several events."""

    def connect_events(self, targets: Mapping[str, EventDefinition]) -> None:
        """The events behind the gateway, by the ids of their elements."""
        self.awaited = targets

    def fire(self, task: LiveTask, key: str, payload: Mapping[str, Value]) -> None:
        task.internal_data["chosen"] = key
        super().fire(task, key, payload)

    def run(self, task: LiveTask) -> bool | None:
        key = task.internal_data["chosen"]
        task.chosen = tuple(way for way in self.flows if way[0].target == key)
        return True

    def hand_over(self, task: LiveTask, child: LiveTask) -> None:
        """The event's own element takes the payload over."""
        child.internal_data["fired"] = True
        child.result = task.result


class Attached(Waiting):
    """An event that waits beside other work, and starts a path of its own when it fires."""

    def arm(self, task: LiveTask) -> None:
        """Begin to wait, with a token that has been made already."""
        if self._guarded(task, self.begin):
            raise AssertionError(f"{self.bpmn_id} fired before it waited")

    def fire(self, task: LiveTask, key: str, payload: Mapping[str, Value]) -> None:
        if self.element.interrupting:
            self.interrupt(task)
        elif not arming.again(task, key):
            task.workflow.discard(task)
        self.follow_up(task, payload)

    def interrupt(self, task: LiveTask) -> None:
        """Cancel what the event interrupts, itself included."""
        raise NotImplementedError

    def follow_up(self, task: LiveTask, payload: Mapping[str, Value]) -> None:
        """Start the path of the event."""
        raise NotImplementedError


class Boundary(Attached):
    """An event on the border of an activity, in whose scope its time, name or condition is computed; a
    correlation key is computed outside the activity."""

    def awaited_from(self, task: LiveTask) -> View:
        return self.view(task) if task.host is None else task.host.task_spec.border(task.host)

    def interrupt(self, task: LiveTask) -> None:
        assert task.host is not None, "a waiting boundary event is attached"
        task.host.cancel()

    def follow_up(self, task: LiveTask, payload: Mapping[str, Value]) -> None:
        task.workflow.arrive(self, result=payload, fired=True)

    def was_announced(self, task: LiveTask) -> bool:
        return task.host is None


class Trigger(Attached):
    """The start event of an event sub-process, while it waits in the process around it."""

    handler: EventSubProcess

    def keeps_open(self, task: LiveTask) -> bool:
        return False

    def interrupt(self, task: LiveTask) -> None:
        task.workflow.cancel_tokens()

    def follow_up(self, task: LiveTask, payload: Mapping[str, Value]) -> None:
        task.workflow.arrive(self.handler, result=payload)

    def was_announced(self, task: LiveTask) -> bool:
        return False


class StartEvent(Activity):
    """Where a process or sub-process begins; an event sub-process hands it the event's variables."""


class ThrowEvent(Activity):
    """A plain, signal, error, escalation or terminate event that is thrown."""

    def perform(self, task: LiveTask) -> Mapping[str, Value] | None:
        event = self.element.event
        if isinstance(event, ErrorEvent | EscalationEvent):
            assert event.code is not None, "checked at deployment"
            code = task.top.evaluator.text(self.view(task), event.code, "code")
            kind = "error" if isinstance(event, ErrorEvent) else "escalation"
            task.top.throw(task, kind, code, self._payload(task))
            return None
        if isinstance(event, SignalEvent):
            name = task.top.evaluator.text(self.view(task), event.name, "signal name")
            payload = self._payload(task)
            task.top.facts.append(
                SignalThrown(name=name, payload=payload, element=self.bpmn_id, token_id=task.id)
            )
            task.top.throw(task, "signal", name, payload)
            return None
        return NO_VALUES

    def go_on(self, task: LiveTask) -> None:
        """What was thrown has been delivered."""
        task.result, task.stage = NO_VALUES, LEAVE
        task.run()

    def _payload(self, task: LiveTask) -> Mapping[str, Value]:
        scopes = task.top.scopes
        return dict(scopes.local(task.id)) if task.id in scopes else NO_VALUES

    def _on_complete_hook(self, task: LiveTask) -> None:
        super()._on_complete_hook(task)
        if isinstance(self.element.event, TerminateEvent):
            task.workflow.cancel_tokens(keep=task)
