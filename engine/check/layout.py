"""Checks how diagrams are drawn: what a reader would stumble over is a warning."""

from collections.abc import Iterator
from itertools import combinations

from engine.check.files import FileKind, ReadFiles
from engine.check.findings import Finding, Severity
from engine.dialect import Box, DialectError, Drawing, Route, Shape, read_drawing

_SLACK = 1.5
"""Pixels by which a modeller's rounding may be off."""

_Segment = tuple[tuple[float, float], tuple[float, float]]


def check_layout(read: ReadFiles) -> Iterator[Finding]:
    """Overlapping shapes and labels, flows through shapes or across each other, slanted or loose flows."""
    for file in read.names(FileKind.BPMN):
        try:
            drawing = read_drawing(read.contents[file])
        except DialectError as error:
            yield from (_warn(file, each.element_id, each.message, each.remedy) for each in error.findings)
            continue
        if drawing is None:
            yield _warn(file, "", "Nothing is drawn.", "Open it in the modeller and arrange it.")
            continue
        for element in drawing.missing:
            yield _warn(file, element, "It is not drawn.", "Draw it, or remove it from the model.")
        yield from _out_of_lanes(file, drawing)
        for plane in drawing.planes():
            yield from _overlaps(file, plane)
            for route in plane.routes.values():
                yield from _badly_routed(file, route, plane)
            yield from _crossings(file, plane)


def _overlaps(file: str, drawing: Drawing) -> Iterator[Finding]:
    plain = [shape for shape in drawing.shapes.values() if not shape.holds_others]
    for one, other in combinations(plain, 2):
        if not _belong_together(one, other) and one.box.overlaps(other.box, _SLACK):
            yield _warn(file, one.id, f"It is drawn over {other.id}.", "Move one of them.")
    labels = list(_labels(drawing))
    for (owner, label), (other_owner, other_label) in combinations(labels, 2):
        if label.overlaps(other_label, _SLACK):
            yield _warn(file, owner, f"Its label touches the label of {other_owner}.", "Move a label.")
    for owner, label in labels:
        for shape in plain:
            if shape.id != owner and _covers(shape, label):
                yield _warn(file, owner, f"Its label lies on {shape.id}.", "Move the label.")


def _covers(shape: Shape, label: Box) -> bool:
    """A label may lie inside an expanded sub-process, but not on its border."""
    if shape.kind == "subProcess" and shape.box.holds(label):
        return False
    return shape.box.overlaps(label, _SLACK)


def _belong_together(one: Shape, other: Shape) -> bool:
    if one.id == other.attached_to or other.id == one.attached_to:
        return True
    inside, around = (one, other) if other.id in one.within else (other, one)
    return around.id in inside.within and around.box.holds(inside.box)


def _labels(drawing: Drawing) -> Iterator[tuple[str, Box]]:
    for shape in drawing.shapes.values():
        if shape.label is not None and not shape.holds_others:
            yield shape.id, shape.label
    for route in drawing.routes.values():
        if route.label is not None:
            yield route.id, route.label


def _out_of_lanes(file: str, drawing: Drawing) -> Iterator[Finding]:
    for lane, members in drawing.lanes.items():
        around = drawing.shapes.get(lane)
        for member in sorted(members):
            shape = drawing.shapes.get(member)
            if around is not None and shape is not None and not around.box.holds(shape.box):
                yield _warn(
                    file, member, f"It is not drawn inside its lane {lane}.", "Move it into the lane."
                )


def _badly_routed(file: str, route: Route, drawing: Drawing) -> Iterator[Finding]:
    if len(route.points) < 2:
        yield _warn(file, route.id, "It has no waypoints.", "Connect its ends again in the modeller.")
        return
    for end, point in ((route.source, route.points[0]), (route.target, route.points[-1])):
        shape = drawing.shapes.get(end)
        if shape is not None and not _touches(shape.box, point):
            yield _warn(file, route.id, f"It does not meet {end}.", "Connect its ends again.")
    if any(not _straight(segment) for segment in _segments(route)):
        yield _warn(file, route.id, "It runs at a slant.", "Make it run across and down.")
    for shape in drawing.shapes.values():
        if _ignorable(shape, route, drawing):
            continue
        if any(_through(segment, shape.box) for segment in _segments(route)):
            yield _warn(file, route.id, f"It runs through {shape.id}.", "Lead it around.")
    for owner, label in _labels(drawing):
        if owner != route.id and any(_through(segment, label) for segment in _segments(route)):
            yield _warn(file, route.id, f"It runs through the label of {owner}.", "Move the label.")


def _ignorable(shape: Shape, route: Route, drawing: Drawing) -> bool:
    """Its own ends (entered at the border), and whatever it is drawn inside."""
    ends = [drawing.shapes[end] for end in (route.source, route.target) if end in drawing.shapes]
    around = {each for end in ends for each in end.within}
    return shape.holds_others or shape.id in around or shape.id in (route.source, route.target)


def _crossings(file: str, drawing: Drawing) -> Iterator[Finding]:
    for one, other in combinations(drawing.routes.values(), 2):
        if one.source == other.source or one.target == other.target:
            continue  # they leave or arrive together
        if any(_cross(a, b) for a in _segments(one) for b in _segments(other)):
            yield _warn(file, one.id, f"It crosses {other.id}.", "Move one of them.")


def _segments(route: Route) -> list[_Segment]:
    return list(zip(route.points, route.points[1:], strict=False))


def _straight(segment: _Segment) -> bool:
    (x1, y1), (x2, y2) = segment
    return abs(x1 - x2) <= _SLACK or abs(y1 - y2) <= _SLACK


def _touches(box: Box, point: tuple[float, float]) -> bool:
    x, y = point
    return box.x - _SLACK <= x <= box.right + _SLACK and box.y - _SLACK <= y <= box.bottom + _SLACK


def _through(segment: _Segment, box: Box) -> bool:
    (x1, y1), (x2, y2) = segment
    left, right, top, bottom = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    return (
        left < box.right - _SLACK
        and right > box.x + _SLACK
        and top < box.bottom - _SLACK
        and bottom > box.y + _SLACK
    )


def _cross(one: _Segment, other: _Segment) -> bool:
    (ax1, ay1), (ax2, ay2) = one
    (bx1, by1), (bx2, by2) = other
    return (
        min(ax1, ax2) <= max(bx1, bx2)
        and min(bx1, bx2) <= max(ax1, ax2)
        and min(ay1, ay2) <= max(by1, by2)
        and min(by1, by2) <= max(ay1, ay2)
    )


def _warn(file: str, element: str, reason: str, remedy: str) -> Finding:
    return Finding(file=file, element=element, reason=reason, remedy=remedy, severity=Severity.WARNING)
