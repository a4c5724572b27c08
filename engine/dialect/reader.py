"""Reads a BPMN document of the Camunda 8 dialect into a model, or says everything that is in the way."""

from collections import Counter, defaultdict
from dataclasses import replace
from types import MappingProxyType

from lxml import etree

from engine.dialect import rules
from engine.dialect.events import read_event
from engine.dialect.extensions import KNOWN, check_extensions, read_details, read_loop, read_properties
from engine.dialect.findings import DialectError
from engine.dialect.model import (
    Element,
    Flow,
    Lane,
    LinkEvent,
    MessageEvent,
    Model,
    Process,
    SignalEvent,
    Start,
    TimerEvent,
    link_id,
)
from engine.dialect.reading import Reading, extension
from engine.dialect.tags import ACTIVITIES, FLOW_NODES, IGNORED, NEVER, SUB_PROCESS
from engine.dialect.xml import BPMN, child, children, local_name, namespace, parse, refusal, text_of

INTERRUPTING = {"boundaryEvent": "cancelActivity", "startEvent": "isInterrupting"}
ONLY = {
    "eventGatewayType": ("Exclusive", "Fork with a parallel gateway and wait on each branch."),
    "startQuantity": ("1", "Join the tokens with a parallel gateway."),
    "completionQuantity": ("1", "Draw a flow for each token."),
}
"""Attributes that may only say what holds without them."""


def read(data: bytes) -> Model:
    """Every executable process of a file.

    :raises DialectError: anything in it cannot be run as drawn; all findings at once.
    """
    root = parse(data)
    reading = Reading(root)
    _refuse_duplicate_ids(root, reading)
    nodes = [node for node in children(root, "process") if reading.flag(node, "isExecutable")]
    if not nodes:
        raise refusal(
            "The file has no executable process.",
            "Tick “Executable” on the process (isExecutable=true), or add a process.",
        )
    processes = {node.get("id", ""): _process(node, reading) for node in nodes}
    if reading.findings:
        raise DialectError(tuple(reading.findings))
    return Model(MappingProxyType(processes))


def _refuse_duplicate_ids(root: etree._Element, reading: Reading) -> None:
    nodes = [node for node in root.iter(f"{{{BPMN}}}*") if node.get("id")]
    counts = Counter(node.get("id", "") for node in nodes)
    for node in nodes:
        if counts[node.get("id", "")] > 1:
            reading.refuse(
                node,
                f"The id “{node.get('id')}” is given to {counts[node.get('id', '')]} elements.",
                "Give each element an id of its own.",
            )


def _process(node: etree._Element, reading: Reading) -> Process:
    if not node.get("id"):
        reading.refuse(node, "A process has no id.", "Give the process an id.")
    check_extensions(node, reading)
    for holder in node.iter(f"{{{BPMN}}}extensionElements"):
        owner = holder.getparent()
        if owner is not None and local_name(owner) not in KNOWN.keys() | FLOW_NODES:
            check_extensions(owner, reading)
    parts = _Parts(node, reading)
    parts.read_container(node)
    flows = {**parts.flows, **_links(parts)}
    elements = _connected(parts.elements, flows)
    tag = extension(node, "versionTag")
    process = Process(
        id=node.get("id", ""),
        name=node.get("name", "") or node.get("id", ""),
        executable=True,
        version_tag="" if tag is None else tag.get("value", ""),
        documentation=text_of(child(node, "documentation")),
        properties=MappingProxyType(read_properties(node)),
        lanes=tuple(parts.lanes),
        elements=MappingProxyType(elements),
        flows=MappingProxyType(flows),
        starts=_starts(node.get("id", ""), elements),
    )
    unreadable = {finding.element_id for finding in reading.findings}
    for broken in rules.broken(process):
        if broken.unless not in unreadable:
            reading.refuse(parts.nodes.get(broken.element_id, node), broken.reason, broken.remedy)
    return process


class _Parts:
    """The elements, flows and lanes of one process while it is read."""

    def __init__(self, process: etree._Element, reading: Reading) -> None:
        self.reading = reading
        self.nodes: dict[str, etree._Element] = {}
        self.elements: dict[str, Element] = {}
        self.flows: dict[str, Flow] = {}
        self.lanes: list[Lane] = []
        self._lane_of: dict[str, str] = {}
        for holder in process.iter(f"{{{BPMN}}}laneSet"):
            self._read_lanes(holder, None)

    def _read_lanes(self, lane_set: etree._Element, parent: str | None) -> None:
        for node in children(lane_set, "lane"):
            lane = Lane(id=node.get("id", ""), name=node.get("name", ""), parent=parent)
            self.lanes.append(lane)
            for reference in children(node, "flowNodeRef"):
                self._lane_of[text_of(reference)] = lane.name
            for inner in children(node, "childLaneSet"):
                self._read_lanes(inner, lane.id)

    def read_container(self, container: etree._Element, lane: str | None = None) -> None:
        for node in container:
            name = local_name(node)
            if namespace(node) != BPMN or name in IGNORED:
                continue
            if name in FLOW_NODES:
                self._read_element(node, container.get("id", ""), lane)
            elif name == "sequenceFlow":
                self._read_flow(node)
            else:
                self.reading.refuse(node, *NEVER.get(name, _unknown(name)))

    def _read_element(self, node: etree._Element, container: str, outer_lane: str | None) -> None:
        name, element_id = local_name(node), node.get("id", "")
        if not element_id:
            self.reading.refuse(node, f"A {name} has no id.", "Give it an id.")
            return
        lane = self._lane_of.get(element_id, outer_lane)
        self.nodes[element_id] = node
        self._refuse_parts(node)
        self.elements[element_id] = Element(
            id=element_id,
            kind=name,
            name=node.get("name", ""),
            lane=lane,
            container=container,
            documentation=text_of(child(node, "documentation")),
            default=node.get("default"),
            event=read_event(node, self.reading) if name not in ACTIVITIES or name == "receiveTask" else None,
            attached_to=node.get("attachedToRef"),
            interrupting=self.reading.flag(node, INTERRUPTING.get(name, "cancelActivity"), default=True),
            triggered=self.reading.flag(node, "triggeredByEvent"),
            loop=read_loop(node, self.reading),
            **read_details(node, self.reading),
        )
        if name == SUB_PROCESS:
            self.read_container(node, lane)

    def _read_flow(self, node: etree._Element) -> None:
        condition = child(node, "conditionExpression")
        if condition is not None and "xpath" in condition.get("language", "").lower():
            self.reading.refuse(node, "Its condition is not FEEL.", "Write the condition in FEEL.")
        source, target = node.get("sourceRef", ""), node.get("targetRef", "")
        if not node.get("id"):
            self.reading.refuse(
                node, f"The sequence flow from {source} to {target} has no id.", "Give it an id of its own."
            )
        flow = Flow(
            id=node.get("id") or f"{source} to {target} ({len(self.flows)})",
            name=node.get("name", ""),
            source=source,
            target=target,
            condition=None
            if condition is None
            else self.reading.formula(node, text_of(condition), "condition"),
        )
        self.nodes[flow.id] = node
        self.flows[flow.id] = flow

    def _refuse_parts(self, node: etree._Element) -> None:
        inner = () if local_name(node) == SUB_PROCESS else node  # a sub-process is read as a container
        for part in inner:
            if namespace(part) == BPMN and local_name(part) in NEVER:
                self.reading.refuse(node, *NEVER[local_name(part)])
        if self.reading.flag(node, "isForCompensation"):
            self.reading.refuse(node, *NEVER["compensation"])
        if self.reading.flag(node, "instantiate"):
            self.reading.refuse(
                node, "It starts a process by itself (instantiate).", "Use a message start event."
            )
        for name, (usual, remedy) in ONLY.items():
            if node.get(name, usual) != usual:
                self.reading.refuse(node, f"{name} is “{node.get(name)}”; only {usual} is run.", remedy)


def _unknown(name: str) -> tuple[str, str]:
    return f"The element {name} is not run.", "Remove it or draw it with elements that are run."


def _links(parts: _Parts) -> dict[str, Flow]:
    """A pair of link events is a sequence flow; ends without a partner are findings."""
    ends = [element for element in parts.elements.values() if isinstance(element.event, LinkEvent)]
    flows: dict[str, Flow] = {}
    for throw in ends:
        if throw.kind != "intermediateThrowEvent":
            continue
        catches = [e for e in ends if e.kind == "intermediateCatchEvent" and _joins(throw, e)]
        if len(catches) != 1:
            parts.reading.refuse(
                parts.nodes[throw.id],
                f"Its link has {len(catches)} catching ends in the same process level.",
                "Draw exactly one catching link event with the same name.",
            )
            continue
        flow_id = link_id(throw.id)
        flows[flow_id] = Flow(id=flow_id, name="", source=throw.id, target=catches[0].id, condition=None)
    return flows


def _joins(throw: Element, catch: Element) -> bool:
    return throw.event == catch.event and throw.container == catch.container


def _connected(elements: dict[str, Element], flows: dict[str, Flow]) -> dict[str, Element]:
    incoming: dict[str, list[str]] = defaultdict(list)
    outgoing: dict[str, list[str]] = defaultdict(list)
    for flow in flows.values():
        incoming[flow.target].append(flow.id)
        outgoing[flow.source].append(flow.id)
    return {
        element.id: replace(
            element, incoming=tuple(incoming[element.id]), outgoing=tuple(outgoing[element.id])
        )
        for element in elements.values()
    }


def _starts(process_id: str, elements: dict[str, Element]) -> tuple[Start, ...]:
    return tuple(
        Start(element_id=element.id, event=element.event)
        for element in elements.values()
        if element.kind == "startEvent"
        and element.container == process_id
        and (element.event is None or isinstance(element.event, TimerEvent | MessageEvent | SignalEvent))
    )
