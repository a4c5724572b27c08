"""Builds SpiffWorkflow specs from a process of the dialect.

The specs are built from the values that were checked at deployment, not by SpiffWorkflow's XML parser:
one reading of the file decides what runs, and that parser recurses along the sequence flows (it fails
at a few hundred tasks in a row) and orders branches by their height on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from engine import dialect
from engine.dialect import Flow, MessageEvent, Process
from engine.spiff.containers import CallActivity, EventSubProcess, SubProcess
from engine.spiff.elements import Element
from engine.spiff.events import Boundary, CatchEvent, EventGateway, StartEvent, ThrowEvent, Trigger
from engine.spiff.gateways import ExclusiveGateway, InclusiveGateway, ParallelGateway
from engine.spiff.multi_instance import MultiInstance
from engine.spiff.process_spec import ProcessSpec
from engine.spiff.tasks import BusinessRuleTask, Job, PassThrough, ScriptTask, UserTask

SPECS: Mapping[str, type[Element]] = {
    "task": PassThrough,
    "manualTask": PassThrough,
    "userTask": UserTask,
    "businessRuleTask": BusinessRuleTask,
    "scriptTask": ScriptTask,
    "serviceTask": Job,
    "sendTask": Job,
    "receiveTask": CatchEvent,
    "callActivity": CallActivity,
    "subProcess": SubProcess,
    "exclusiveGateway": ExclusiveGateway,
    "inclusiveGateway": InclusiveGateway,
    "parallelGateway": ParallelGateway,
    "eventBasedGateway": EventGateway,
    "startEvent": StartEvent,
    "endEvent": ThrowEvent,
    "intermediateThrowEvent": ThrowEvent,
    "intermediateCatchEvent": CatchEvent,
    "boundaryEvent": Boundary,
}
EACH, START = "[each]", "[start]"


def build(process: Process) -> Mapping[str, ProcessSpec]:
    """The specs of a process and of each sub-process in it, by container id."""
    inside: dict[str, list[dialect.Element]] = {process.id: []}
    for element in process.elements.values():
        inside.setdefault(element.container, []).append(element)
        if element.kind == "subProcess":
            inside.setdefault(element.id, [])
    containers = {name: ProcessSpec(name) for name in inside}
    for name, elements in inside.items():
        _add_elements(containers[name], elements)
        _connect(containers[name], process)
    for spec in containers.values():
        _finish(spec, process, containers)
    return MappingProxyType(containers)


def _spec_class(element: dialect.Element) -> type[Element]:
    if element.kind in {"endEvent", "intermediateThrowEvent"} and isinstance(element.event, MessageEvent):
        return Job
    if element.kind == "intermediateCatchEvent" and isinstance(element.event, dialect.LinkEvent):
        return PassThrough
    return EventSubProcess if element.triggered else SPECS[element.kind]


def _add_elements(spec: ProcessSpec, elements: list[dialect.Element]) -> None:
    for element in elements:
        kind = _spec_class(element)
        if element.loop is None:
            kind(spec, element.id, element)
            continue
        body = MultiInstance(spec, element.id, element)
        body.each = kind(spec, element.id + EACH, element)
        body.each.body = body


def _connect(spec: ProcessSpec, process: Process) -> None:
    for node in spec.task_specs.values():
        if node.body is None:
            ways = _ways(spec, process, node.element.outgoing)
            node.flows = tuple(ways)
            for _flow, target in ways:
                node.connect(target)


def _ways(spec: ProcessSpec, process: Process, flows: tuple[str, ...]) -> list[tuple[Flow, Element]]:
    return [(process.flows[flow], spec.task_specs[process.flows[flow].target]) for flow in flows]


def _finish(spec: ProcessSpec, process: Process, containers: Mapping[str, ProcessSpec]) -> None:
    triggers = []
    for node in list(spec.task_specs.values()):
        match node:
            case Boundary():
                host = spec.task_specs[node.element.attached_to or ""]
                host.boundary = (*host.boundary, node)
            case SubProcess() if node.element.kind == "subProcess":
                node.inner = containers[node.element.id]
                if isinstance(node, EventSubProcess):
                    triggers.append(_trigger(spec, node))
            case EventGateway():
                targets = [target.element for _flow, target in node.flows]
                node.connect_events({e.id: e.event for e in targets if e.event is not None})
            case StartEvent() if spec.name != process.id:
                spec.first = node
            case InclusiveGateway():
                node.behind = dict(_behind(node, process, spec))
    spec.triggers = tuple(triggers)


def _trigger(spec: ProcessSpec, handler: EventSubProcess) -> Trigger:
    start = next(n for n in handler.inner.task_specs.values() if isinstance(n, StartEvent))
    trigger = Trigger(spec, handler.element.id + START, start.element)
    trigger.handler = handler
    return trigger


def _behind(
    gateway: InclusiveGateway, process: Process, spec: ProcessSpec
) -> Iterator[tuple[str, frozenset[str]]]:
    for flow in gateway.element.incoming:
        seen: set[str] = set()
        todo = [process.flows[flow].source]
        while todo:
            name = todo.pop()
            if name in seen or name == gateway.name:
                continue
            seen.add(name)
            todo.extend(_before(process, process.elements[name]))
        yield flow, frozenset(seen)


def _before(process: Process, element: dialect.Element) -> list[str]:
    before = [process.flows[flow].source for flow in element.incoming]
    return before if element.attached_to is None else [*before, element.attached_to]
