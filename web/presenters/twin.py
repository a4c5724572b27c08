"""The diagram as text: every element in the order of the flow, with state, lane, rules and what follows."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.dialect import Element, Flow, Process
from web.presenters import tags
from web.presenters.tags import Tag

KINDS = {
    "userTask": "Task for a person",
    "businessRuleTask": "Decision table",
    "serviceTask": "Automatic step",
    "sendTask": "Message sent",
    "receiveTask": "Wait for a message",
    "scriptTask": "Calculation",
    "callActivity": "Another process",
    "subProcess": "Group of steps",
    "exclusiveGateway": "Choice of one way",
    "inclusiveGateway": "Choice of one or more ways",
    "parallelGateway": "All ways together",
    "eventBasedGateway": "Whatever happens first",
    "startEvent": "Start",
    "endEvent": "End",
    "boundaryEvent": "Meanwhile",
    "intermediateCatchEvent": "Wait",
    "intermediateThrowEvent": "Event",
    "task": "Step",
    "manualTask": "Step outside the service",
}

JOINS = {
    "exclusiveGateway": "The ways meet",
    "inclusiveGateway": "All ways taken have come together",
    "parallelGateway": "All ways have come together",
}
"""What a gateway without a name does where several flows end."""


@dataclass(frozen=True, slots=True)
class Next:
    """An element that follows, with the name of the flow that leads there."""

    id: str
    name: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinElement:
    """An element in words."""

    id: str
    name: str
    kind: str
    lane: str
    state: Tag | None
    rules: tuple[str, ...]
    about: str
    next: tuple[Next, ...]
    during: str
    called: str
    inside: tuple["TwinElement", ...]


def twin(process: Process, states: Mapping[str, str]) -> tuple[TwinElement, ...]:
    """The elements of the process, nested as drawn; `states` by element id."""
    return _container(process, process.id, states)


def with_coming(process: Process, states: Mapping[str, str]) -> dict[str, str]:
    """`states` and "coming" for what the flow can still reach from where the case stands."""
    coming: dict[str, str] = {}
    waiting = deque(key for key, state in states.items() if state != "done" and key in process.elements)
    while waiting:
        for following in _reached(process, process.elements[waiting.popleft()]):
            if following not in states and following not in coming:
                coming[following] = "coming"
                waiting.append(following)
    return coming | {key: str(state) for key, state in states.items()}


def island_states(states: Mapping[str, str]) -> dict[str, dict[str, dict[str, list[str] | str]]]:
    """What the diagram viewer reads to colour its shapes."""
    return {
        "elements": {
            key: {"states": [state], "badge": "" if state == "coming" else tags.ELEMENT[state].text}
            for key, state in states.items()
        }
    }


def _reached(process: Process, element: Element) -> Iterable[str]:
    for flow in _outgoing(process, element):
        yield flow.target
    for child in process.children(element.id):
        if child.kind == "startEvent":
            yield child.id
    if not element.outgoing and element.container != process.id:
        yield from (flow.target for flow in _outgoing(process, process.elements[element.container]))


def _outgoing(process: Process, element: Element) -> list[Flow]:
    return [flow for flow in process.flows.values() if flow.source == element.id]


def _container(process: Process, container: str, states: Mapping[str, str]) -> tuple[TwinElement, ...]:
    ordered = _in_flow_order(process, process.children(container))
    return tuple(_element(process, element, states) for element in ordered)


def _in_flow_order(process: Process, elements: tuple[Element, ...]) -> list[Element]:
    """Starts first, then what they lead to, what hangs on an element right behind it."""
    by_id = {element.id: element for element in elements}
    found: dict[str, Element] = {}
    waiting = deque(element for element in elements if element.kind == "startEvent")
    remaining = deque(element for element in elements if element.kind != "startEvent")
    while waiting or remaining:
        element = waiting.popleft() if waiting else remaining.popleft()
        if element.id in found:
            continue
        found[element.id] = element
        hanging = [other for other in elements if other.attached_to == element.id]
        following = [by_id[flow.target] for flow in _outgoing(process, element) if flow.target in by_id]
        waiting.extend(hanging + following)
    return list(found.values())


def _element(process: Process, element: Element, states: Mapping[str, str]) -> TwinElement:
    state = states.get(element.id)
    return TwinElement(
        id=element.id,
        name=name_of(element),
        kind=KINDS.get(element.kind, element.kind) if element.name else "",
        lane=element.lane or "",
        state=tags.ELEMENT.get(state or ""),
        rules=element.guidance,
        about=element.documentation,
        next=tuple(_next(process, flow) for flow in _outgoing(process, element)),
        during=name_of(process.elements[element.attached_to]) if element.attached_to else "",
        called=element.called.process_id.text if element.called else "",
        inside=_container(process, element.id, states),
    )


def _next(process: Process, flow: Flow) -> Next:
    when = flow.name or (flow.condition.text.lstrip("= ") if flow.condition else "")
    return Next(id=flow.target, name=name_of(process.elements[flow.target]), when=when)


def name_of(element: Element) -> str:
    """The element's name; one without a name is called by what it does."""
    if element.name:
        return element.name
    if element.kind in JOINS and len(element.incoming) > 1:
        return JOINS[element.kind]
    return KINDS.get(element.kind, element.kind)
