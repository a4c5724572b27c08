"""Rules of what leads where: sequence flows, links and gateways."""

from collections.abc import Iterator
from typing import NamedTuple

from engine.dialect.model import Element, Flow, LinkEvent, Process
from engine.dialect.tags import CHOOSING


class Broken(NamedTuple):
    """A broken rule; not worth telling if the element ``unless`` has a finding that explains it."""

    element_id: str
    reason: str
    remedy: str
    unless: str = ""


def check_flow(process: Process, flow: Flow) -> Iterator[Broken]:
    """Both ends are there, on the same level, and a condition stands where it is looked at."""
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


def check_reached(element: Element) -> Iterator[Broken]:
    """A flow leads to whatever does not begin by itself."""
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


def check_default(element: Element) -> Iterator[Broken]:
    """Only who chooses has a default flow."""
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


def check_islands(process: Process) -> Iterator[Broken]:
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


def any_gateway(_process: Process, gateway: Element) -> Iterator[Broken]:
    """A gateway computes nothing."""
    if gateway.io.outputs:
        yield Broken(
            gateway.id, "A gateway has output mappings.", "Compute the variables in a script task before it."
        )


def choosing_gateway(process: Process, gateway: Element) -> Iterator[Broken]:
    """Every way out has a condition or is the default."""
    yield from any_gateway(process, gateway)
    if len(gateway.outgoing) < 2:
        return
    for flow_id in gateway.outgoing:
        if process.flows[flow_id].condition is None and flow_id != gateway.default:
            yield Broken(
                flow_id,
                f"The sequence flow leaves gateway {gateway.id} without a condition.",
                "Give it a condition or make it the default flow.",
            )


def event_gateway(process: Process, gateway: Element) -> Iterator[Broken]:
    """It leads to events of its own."""
    yield from any_gateway(process, gateway)
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


def link_catch(process: Process, event: Element) -> Iterator[Broken]:
    """It begins where a link of its name is thrown, and nowhere else."""
    thrown = [e for e in process.children(event.container) if throws_link(e) and e.event == event.event]
    if not thrown:
        yield Broken(
            event.id,
            "Its link has no throwing end in the same process level.",
            "Draw a throwing link event with the same name, or delete this one.",
        )
    if any(not throws_link(process.elements.get(process.flows[flow].source)) for flow in event.incoming):
        yield Broken(
            event.id,
            "A sequence flow leads into a catching link event.",
            "Lead the flow to the element after it.",
        )


def throws_link(element: Element | None) -> bool:
    """Whether it is the throwing end of a link."""
    return (
        element is not None
        and element.kind == "intermediateThrowEvent"
        and isinstance(element.event, LinkEvent)
    )
