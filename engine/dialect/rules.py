"""Rules of a drawing that can be run, checked over the plain values of one process."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from engine.dialect.model import (
    ConditionalEvent,
    Element,
    ErrorEvent,
    EscalationEvent,
    Flow,
    LinkEvent,
    MessageEvent,
    Process,
    SignalEvent,
    TerminateEvent,
    TimerEvent,
    TimerKind,
    link_id,
)
from engine.dialect.tags import ACTIVITIES, CHOOSING, SUB_PROCESS


class Broken(NamedTuple):
    """A broken rule; not worth telling if the element ``unless`` has a finding that explains it."""

    element_id: str
    reason: str
    remedy: str
    unless: str = ""


def broken(process: Process) -> Iterator[Broken]:
    """Everything about a process that cannot be run as drawn."""
    yield from _starts_of_process(process)
    for flow in process.flows.values():
        yield from _flow(process, flow)
    yield from _islands(process)
    for element in process.elements.values():
        yield from _reached(element)
        yield from _default(element)
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


def _flow(process: Process, flow: Flow) -> Iterator[Broken]:
    source, target = process.elements.get(flow.source), process.elements.get(flow.target)
    if source is None or target is None:
        missing = flow.source if source is None else flow.target
        yield Broken(
            flow.id,
            f"The sequence flow leads to or from “{missing}”, which is not in the process.",
            "Reconnect or delete the flow.",
            unless=missing,
        )
        return
    if source.container != target.container:
        yield Broken(
            flow.id,
            "The sequence flow crosses the border of a sub-process.",
            "Connect the sub-process itself, or use an event on its border.",
        )
    if flow.condition is not None and source.kind not in CHOOSING:
        yield Broken(
            flow.id,
            f"The sequence flow has a condition but leaves a {source.kind}.",
            "Put an exclusive or inclusive gateway in between and move the condition behind it.",
        )
    if flow.condition is not None and source.default == flow.id:
        yield Broken(
            flow.id,
            "The default flow has a condition, which is never looked at.",
            "Remove the condition or choose another default flow.",
        )


def _reached(element: Element) -> Iterator[Broken]:
    begins = element.kind in {"startEvent", "boundaryEvent"} or element.triggered
    if begins and element.incoming:
        yield Broken(
            element.id,
            f"A sequence flow leads into a {_called(element)}.",
            "Delete the flow or use an intermediate event.",
        )
    if not begins and not element.incoming and not isinstance(element.event, LinkEvent):
        yield Broken(
            element.id,
            "Nothing leads to it.",
            "Connect it with a sequence flow or delete it.",
        )
    if element.triggered and element.outgoing:
        yield Broken(element.id, "A sequence flow leaves an event sub-process.", "Delete the flow.")


def _default(element: Element) -> Iterator[Broken]:
    if element.default is None:
        return
    if element.kind not in CHOOSING:
        yield Broken(
            element.id,
            f"It has a default flow, but a {element.kind} takes all its flows.",
            "Remove the default flow; let an exclusive or inclusive gateway choose.",
        )
    elif element.default not in element.outgoing:
        yield Broken(
            element.id,
            f"Its default flow “{element.default}” does not leave it.",
            "Choose the default flow again.",
        )


def _islands(process: Process) -> Iterator[Broken]:
    """Elements that lead to each other while nothing that begins leads to them."""
    todo = [element.id for element in process.elements.values() if not element.incoming]
    todo += [flow.target for flow in process.flows.values() if flow.source not in process.elements]
    reached: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in reached and name in process.elements:
            reached.add(name)
            todo += [process.flows[flow].target for flow in process.elements[name].outgoing]
    for element in process.elements.values():
        if element.id not in reached:
            yield Broken(
                element.id,
                "Nothing leads to it from a start.",
                "Connect what leads to it with the rest, or delete it.",
            )


def _called(element: Element) -> str:
    return "event sub-process" if element.triggered else element.kind


def _event(element: Element) -> Iterator[Broken]:
    allowed = ALLOWED.get(element.kind)
    if element.event is None or allowed is None or isinstance(element.event, allowed):
        return
    yield Broken(
        element.id,
        f"A {type(element.event).__name__.removesuffix('Event').lower()} event is not run as {element.kind}.",
        "Choose another event type.",
    )


def _any_gateway(_process: Process, gateway: Element) -> Iterator[Broken]:
    if gateway.io.outputs:
        yield Broken(
            gateway.id, "A gateway has output mappings.", "Compute the variables in a script task before it."
        )


def _gateway(process: Process, gateway: Element) -> Iterator[Broken]:
    yield from _any_gateway(process, gateway)
    if len(gateway.outgoing) < 2:
        return
    for flow_id in gateway.outgoing:
        if process.flows[flow_id].condition is None and flow_id != gateway.default:
            yield Broken(
                flow_id,
                f"The sequence flow leaves gateway {gateway.id} without a condition.",
                "Give it a condition or make it the default flow.",
            )


def _event_gateway(process: Process, gateway: Element) -> Iterator[Broken]:
    yield from _any_gateway(process, gateway)
    if not gateway.outgoing:
        yield Broken(
            gateway.id, "No event follows the event-based gateway.", "Draw at least two events behind it."
        )
    for flow_id in gateway.outgoing:
        target = process.elements.get(process.flows[flow_id].target)
        if target is not None:
            yield from _border_behind(process, target)
        if target is None or (target.kind in {"intermediateCatchEvent", "receiveTask"} and _single(target)):
            continue
        yield Broken(
            target.id,
            f"It follows event-based gateway {gateway.id} but is no catching event with that one way in.",
            "Let the gateway lead to catching events or receive tasks of their own.",
        )


def _border_behind(process: Process, target: Element) -> Iterator[Broken]:
    for event in process.elements.values():
        if event.attached_to == target.id:
            yield Broken(
                event.id,
                f"It is on the border of {target.id}, which an event-based gateway waits for in its place.",
                "Draw the event behind the gateway as well.",
            )


def _single(target: Element) -> bool:
    return len(target.incoming) == 1 and not isinstance(target.event, LinkEvent) and target.loop is None


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
        yield from _link_catch(process, event)
    if isinstance(event.event, TimerEvent) and event.event.kind is TimerKind.CYCLE:
        yield Broken(
            event.id,
            "A cycle makes no sense where the path waits once.",
            "Use a date or duration, or a non-interrupting boundary event.",
        )


def _link_catch(process: Process, event: Element) -> Iterator[Broken]:
    thrown = [e for e in process.children(event.container) if _throws_link(e) and e.event == event.event]
    if not thrown:
        yield Broken(
            event.id,
            "Its link has no throwing end in the same process level.",
            "Draw a throwing link event with the same name, or delete this one.",
        )
    if any(not _throws_link(process.elements.get(process.flows[flow].source)) for flow in event.incoming):
        yield Broken(
            event.id,
            "A sequence flow leads into a catching link event.",
            "Lead the flow to the element after it.",
        )


def _throws_link(element: Element | None) -> bool:
    return (
        element is not None
        and element.kind == "intermediateThrowEvent"
        and isinstance(element.event, LinkEvent)
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
    if _throws_link(event) and any(process.flows[flow].id != link_id(event.id) for flow in event.outgoing):
        yield Broken(
            event.id,
            "A sequence flow leaves a throwing link event.",
            "Delete the flow; the path goes on at the catching end.",
        )
    if event.kind == "endEvent" and event.outgoing:
        yield Broken(event.id, "A sequence flow leaves an end event.", "Use an intermediate event.")


Rule = Callable[[Process, Element], Iterator[Broken]]
RULES: Mapping[str, Rule] = {
    "exclusiveGateway": _gateway,
    "inclusiveGateway": _gateway,
    "eventBasedGateway": _event_gateway,
    "parallelGateway": _any_gateway,
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
