"""Where a diagram draws its elements (BPMN diagram interchange, BPMN 2.0.2 section 12)."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace

from lxml import etree

from engine.dialect.reading import line_of
from engine.dialect.xml import BPMN, local_name, parse, refusal

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"

_CONTAINERS = frozenset({"participant", "lane", "group"})
_DRAWN_TOO = frozenset({"participant", "lane", "textAnnotation", "dataObjectReference", "dataStoreReference"})
_LINES = frozenset({"association", "messageFlow", "dataInputAssociation", "dataOutputAssociation"})


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in pixels; `y` grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: "Box", slack: float = 0) -> bool:
        """Whether they share more than `slack` pixels both ways."""
        across = min(self.right, other.right) - max(self.x, other.x)
        down = min(self.bottom, other.bottom) - max(self.y, other.y)
        return across > slack and down > slack

    def holds(self, other: "Box") -> bool:
        """Whether the other lies wholly inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """An element as drawn on a plane. `within` are the elements it stands in, the nearest first."""

    id: str
    plane: str
    kind: str
    box: Box
    label: Box | None
    within: tuple[str, ...]
    attached_to: str

    @property
    def holds_others(self) -> bool:
        """Whether other shapes are drawn on it."""
        return self.kind in _CONTAINERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A sequence flow as drawn on a plane: its waypoints as (x, y)."""

    id: str
    plane: str
    source: str
    target: str
    points: tuple[tuple[float, float], ...]
    label: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """All shapes and routes of a file, by element, and the elements and flows that are not drawn."""

    shapes: Mapping[str, Shape]
    routes: Mapping[str, Route]
    lanes: Mapping[str, Set[str]]
    missing: tuple[str, ...]

    def planes(self) -> Iterator["Drawing"]:
        """The shapes and routes of each plane by themselves."""
        drawn_on = [shape.plane for shape in self.shapes.values()]
        for plane in dict.fromkeys(drawn_on):
            yield replace(
                self,
                shapes={key: shape for key, shape in self.shapes.items() if shape.plane == plane},
                routes={key: route for key, route in self.routes.items() if route.plane == plane},
            )


def read_drawing(data: bytes) -> Drawing | None:
    """How a BPMN document is drawn; None when it says nothing of it. Raises DialectError as `read` does."""
    root = parse(data)
    if root.find(f"{{{BPMNDI}}}BPMNDiagram") is None:
        return None
    nodes = {str(node.get("id")): node for node in _drawable(root)}
    drawn = {
        str(each.get("bpmnElement")): each for each in root.iter(f"{{{BPMNDI}}}*") if each.get("bpmnElement")
    }
    shapes = dict(_shapes(nodes, drawn))
    routes = dict(_routes(nodes, drawn))
    lanes = {
        str(lane.get("id")): {str(ref.text) for ref in lane.findall(f"{{{BPMN}}}flowNodeRef")}
        for lane in root.iter(f"{{{BPMN}}}lane")
    }
    return Drawing(
        shapes=shapes,
        routes=routes,
        lanes=lanes,
        missing=tuple(key for key in nodes if key not in shapes and key not in routes and key not in drawn),
    )


def _drawable(root: etree._Element) -> Iterator[etree._Element]:
    """What a diagram shows: flow nodes, sequence flows, pools, lanes, annotations."""
    for node in root.iter(f"{{{BPMN}}}*"):
        name = local_name(node)
        if not node.get("id") or name in _LINES:
            continue
        parent = node.getparent()
        in_process = parent is not None and local_name(parent) in _HOLDERS
        if name in _DRAWN_TOO or (in_process and (name == "sequenceFlow" or name.endswith(_ENDINGS))):
            yield node


_HOLDERS = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})
_ENDINGS = ("Task", "task", "Event", "Gateway", "Activity", "subProcess")


def _shapes(
    nodes: Mapping[str, etree._Element], drawn: Mapping[str, etree._Element]
) -> Iterator[tuple[str, Shape]]:
    for key, each in drawn.items():
        bounds = each.find(f"{{{DC}}}Bounds")
        if key in nodes and bounds is not None:
            yield key, _shape(nodes[key], each, _box(bounds))


def _routes(
    nodes: Mapping[str, etree._Element], drawn: Mapping[str, etree._Element]
) -> Iterator[tuple[str, Route]]:
    for key, each in drawn.items():
        if key in nodes and local_name(nodes[key]) == "sequenceFlow":
            yield key, _route(nodes[key], each)


def _shape(node: etree._Element, drawn: etree._Element, box: Box) -> Shape:
    above = [str(each.get("id")) for each in node.iterancestors() if local_name(each) in _HOLDERS]
    return Shape(
        id=str(node.get("id")),
        plane=_plane(drawn),
        kind=local_name(node),
        box=box,
        label=_label(drawn),
        within=tuple(above),
        attached_to=node.get("attachedToRef", ""),
    )


def _route(node: etree._Element, drawn: etree._Element) -> Route:
    points = [(_number(point, "x"), _number(point, "y")) for point in drawn.findall(f"{{{DI}}}waypoint")]
    return Route(
        id=str(node.get("id")),
        plane=_plane(drawn),
        source=node.get("sourceRef", ""),
        target=node.get("targetRef", ""),
        points=tuple(points),
        label=_label(drawn),
    )


def _plane(drawn: etree._Element) -> str:
    """A collapsed sub-process is drawn on a plane of its own."""
    plane = next(drawn.iterancestors(f"{{{BPMNDI}}}BPMNPlane"), None)
    return "" if plane is None else plane.get("bpmnElement", "")


def _label(drawn: etree._Element) -> Box | None:
    bounds = drawn.find(f"{{{BPMNDI}}}BPMNLabel/{{{DC}}}Bounds")
    return None if bounds is None else _box(bounds)


def _box(bounds: etree._Element) -> Box:
    return Box(*(_number(bounds, side) for side in ("x", "y", "width", "height")))


def _number(node: etree._Element, name: str) -> float:
    try:
        return float(node.get(name, ""))
    except ValueError as error:
        raise refusal(
            f"In the drawing, {name} is '{node.get(name, '')}' and no number.",
            "Open the file in the modeller, move the element and save it.",
            line_of(node),
        ) from error
