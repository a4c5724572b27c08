"""Rules of a drawing that can be run, checked over the plain values of one process."""

from collections.abc import Callable, Iterator, Mapping

from engine.dialect.connections import (
    Broken,
    any_gateway,
    check_default,
    check_flow,
    check_islands,
    check_reached,
    choosing_gateway,
    event_gateway,
    link_catch,
    throws_link,
)
from engine.dialect.model import (
    ConditionalEvent,
    Element,
    ErrorEvent,
    EscalationEvent,
    LinkEvent,
    MessageEvent,
    Process,
    SignalEvent,
    TerminateEvent,
    TimerEvent,
    TimerKind,
    link_id,
)
from engine.dialect.tags import ACTIVITIES, SUB_PROCESS


def broken(process: Process) -> Iterator[Broken]:
    """Everything about a process that cannot be run as drawn."""
    yield from _starts_of_process(process)
    for flow in process.flows.values():
        yield from check_flow(process, flow)
    yield from check_islands(process)
    for element in process.elements.values():
        yield from check_reached(element)
        yield from check_default(element)
        yield from _event(element)
        rule = RULES.get(element.kind)
        if rule is not None:
            yield from rule(process, element)


def _starts_of_process(process: Process) -> Iterator[Broken]:
    starts = [e for e in process.children(process.id) if e.kind == "startEvent"]
    if not starts:
        yield Broken(process.id, "The process has no start event.", "Draw a start event.")
    plain = [e for e in starts if e.event is None]
    for extra in plain[1:]:
        yield Broken(
            extra.id,
            f"The process already starts plainly at {plain[0].id}.",
            "Keep one plain start event; give the others a message, signal or timer.",
        )


def _event(element: Element) -> Iterator[Broken]:
    allowed = ALLOWED.get(element.kind)
    if element.event is None or allowed is None or isinstance(element.event, allowed):
        return
    yield Broken(
        element.id,
        f"A {type(element.event).__name__.removesuffix('Event').lower()} event is not run as {element.kind}.",
        "Choose another event type.",
    )


def _boundary(process: Process, event: Element) -> Iterator[Broken]:
    host = process.elements.get(event.attached_to or "")
    if host is None or host.kind not in ACTIVITIES or host.container != event.container:
        yield Broken(
            event.id,
            f"It is attached to “{event.attached_to or ''}”, which is no activity of the same level.",
            "Attach it to a task, call activity or sub-process.",
        )
    elif host.triggered:
        yield Broken(event.id, "It is attached to an event sub-process.", "Handle the event inside it.")
    if isinstance(event.event, ErrorEvent) and not event.interrupting:
        yield Broken(event.id, "An error boundary event must interrupt.", "Make it interrupting.")
    yield from _plain(event)


def _catch(process: Process, event: Element) -> Iterator[Broken]:
    yield from _plain(event)
    if isinstance(event.event, LinkEvent):
        yield from link_catch(process, event)
    if isinstance(event.event, TimerEvent) and event.event.kind is TimerKind.CYCLE:
        yield Broken(
            event.id,
            "A cycle makes no sense where the path waits once.",
            "Use a date or duration, or a non-interrupting boundary event.",
        )


def _plain(event: Element) -> Iterator[Broken]:
    if event.event is None:
        yield Broken(
            event.id,
            "It has no event definition that can be run.",
            "Choose timer, message, signal or condition (on a border also error or escalation).",
            unless=event.id,
        )


def _sub_process(process: Process, element: Element) -> Iterator[Broken]:
    starts = [e for e in process.children(element.id) if e.kind == "startEvent"]
    if len(starts) != 1:
        yield Broken(
            element.id,
            f"The sub-process has {len(starts)} start events.",
            "Draw exactly one start event in it.",
        )
    for start in starts:
        if element.triggered and start.event is None:
            yield Broken(
                start.id,
                "The event sub-process starts on no event.",
                "Give its start event a type.",
                unless=start.id,
            )
        if not element.triggered and start.event is not None:
            yield Broken(
                start.id,
                "Only event sub-processes start on an event.",
                "Make the start event plain, or the sub-process an event sub-process.",
            )
        if isinstance(start.event, ErrorEvent) and not start.interrupting:
            yield Broken(start.id, "An error start event must interrupt.", "Make it interrupting.")
    if element.triggered and element.loop is not None:
        yield Broken(element.id, "An event sub-process cannot be multi-instance.", "Put the loop inside it.")


def _start(process: Process, event: Element) -> Iterator[Broken]:
    top = event.container == process.id
    if top and isinstance(event.event, ConditionalEvent | ErrorEvent | EscalationEvent):
        yield Broken(
            event.id,
            "A process cannot start on a condition, error or escalation.",
            "Start it plainly or by message, signal or timer.",
        )
    if top and isinstance(event.event, MessageEvent | SignalEvent) and not event.event.name.is_literal:
        yield Broken(event.id, "The name it starts on is computed.", "Write the name as plain text.")


def _user_task(_process: Process, task: Element) -> Iterator[Broken]:
    if not task.native_user_task:
        yield Broken(
            task.id,
            "It is implemented by a job worker, not as a user task.",
            "Choose the implementation “Camunda user task” (zeebe:userTask).",
        )
    if task.form is None:
        yield Broken(task.id, "It has no form.", "Link a form by its id.", unless=task.id)


def _rule_task(_process: Process, task: Element) -> Iterator[Broken]:
    if task.decision is None:
        yield Broken(
            task.id, "It calls no decision.", "Give the decision id and a result variable.", unless=task.id
        )


def _script_task(_process: Process, task: Element) -> Iterator[Broken]:
    if task.script is None:
        yield Broken(
            task.id,
            "It has no FEEL expression to run.",
            "Choose the implementation “FEEL expression” and give a result variable.",
            unless=task.id,
        )


def _call_activity(_process: Process, task: Element) -> Iterator[Broken]:
    if task.called is None:
        yield Broken(
            task.id,
            "It names no process to call.",
            "Give the process id of the called element.",
            unless=task.id,
        )


def _job(_process: Process, task: Element) -> Iterator[Broken]:
    if task.task is None:
        yield Broken(
            task.id,
            "It has no job type, so nobody would do it.",
            "Give the type of the task definition (publish-message to send a message).",
            unless=task.id,
        )


def _throw(process: Process, event: Element) -> Iterator[Broken]:
    if isinstance(event.event, MessageEvent):
        yield from _job(process, event)
    if throws_link(event) and any(process.flows[flow].id != link_id(event.id) for flow in event.outgoing):
        yield Broken(
            event.id,
            "A sequence flow leaves a throwing link event.",
            "Delete the flow; the path goes on at the catching end.",
        )
    if event.kind == "endEvent" and event.outgoing:
        yield Broken(event.id, "A sequence flow leaves an end event.", "Use an intermediate event.")


Rule = Callable[[Process, Element], Iterator[Broken]]
RULES: Mapping[str, Rule] = {
    "exclusiveGateway": choosing_gateway,
    "inclusiveGateway": choosing_gateway,
    "eventBasedGateway": event_gateway,
    "parallelGateway": any_gateway,
    "boundaryEvent": _boundary,
    "intermediateCatchEvent": _catch,
    "startEvent": _start,
    "userTask": _user_task,
    "businessRuleTask": _rule_task,
    "scriptTask": _script_task,
    "callActivity": _call_activity,
    "serviceTask": _job,
    "sendTask": _job,
    "intermediateThrowEvent": _throw,
    "endEvent": _throw,
    SUB_PROCESS: _sub_process,
}
WAITED_FOR = (TimerEvent, MessageEvent, SignalEvent, ConditionalEvent)
ALLOWED: Mapping[str, tuple[type, ...]] = {
    "startEvent": (*WAITED_FOR, ErrorEvent, EscalationEvent),
    "intermediateCatchEvent": (*WAITED_FOR, LinkEvent),
    "boundaryEvent": (*WAITED_FOR, ErrorEvent, EscalationEvent),
    "intermediateThrowEvent": (MessageEvent, SignalEvent, EscalationEvent, LinkEvent),
    "endEvent": (MessageEvent, SignalEvent, ErrorEvent, EscalationEvent, TerminateEvent),
}
