"""How points and ranges lie to one another (DMN 10.3.4.6, after Allen's interval algebra)."""

from typing import Any

from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.values.equality import contains, order
from engine.feel.values.functions import FunctionError
from engine.feel.values.kinds import type_name
from engine.feel.values.ranges import Range

_POINT = "number|string|date|time|date and time|days and time duration|years and months duration"


def _compare(left: Any, right: Any) -> int:
    found = order(left, right)
    if found is None:
        raise FunctionError(f"{type_name(left)} cannot be compared with {type_name(right)}")
    return found


def _holds(span: Range, point: Any) -> bool:
    inside = contains(span, point)
    if inside is None:
        raise FunctionError(f"{type_name(point)} cannot lie in the range {span}")
    return inside


def _range(value: Any) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


def _start(first: Range, second: Range) -> int:
    """Which range starts first: without a start, then including it, then leaving it out."""
    if _startless(first) or _startless(second):
        return (first.start is not None) - (second.start is not None)
    return _compare(first.start, second.start) or second.start_included - first.start_included


def _end(first: Range, second: Range) -> int:
    """Which range ends first: leaving its end out, then including it, then without an end."""
    if _endless(first) or _endless(second):
        return (first.end is None) - (second.end is None)
    return _compare(first.end, second.end) or first.end_included - second.end_included


def _startless(span: Range) -> bool:
    """`<5` and `<=5` have no start."""
    return span.operator in ("<", "<=")


def _endless(span: Range) -> bool:
    """`>5` and `>=5` have no end."""
    return span.operator in (">", ">=")


def _precedes(first: Range, second: Range) -> bool:
    """Every point of the first lies before every point of the second."""
    if _endless(first) or _startless(second):
        return False
    compared = _compare(first.end, second.start)
    return compared < 0 or (compared == 0 and not (first.end_included and second.start_included))


def _overlap(first: Range, second: Range) -> bool:
    return not _precedes(first, second) and not _precedes(second, first)


@builtin(f"before(point1: {_POINT}, point2: {_POINT})")
@builtin(f"before(point: {_POINT}, range: range)", f"before(range: range, point: {_POINT})")
@builtin("before(range1: range, range2: range)")
def before(run: Run, first: Any, second: Any) -> bool:
    return _precedes(_range(first), _range(second))


@builtin(f"after(point1: {_POINT}, point2: {_POINT})")
@builtin(f"after(point: {_POINT}, range: range)", f"after(range: range, point: {_POINT})")
@builtin("after(range1: range, range2: range)")
def after(run: Run, first: Any, second: Any) -> bool:
    return _precedes(_range(second), _range(first))


@builtin("meets(range1: range, range2: range)")
def meets(run: Run, first: Range, second: Range) -> bool:
    if _endless(first) or _startless(second):
        return False
    return first.end_included and second.start_included and _compare(first.end, second.start) == 0


@builtin("met by(range1: range, range2: range)")
def met_by(run: Run, first: Range, second: Range) -> bool:
    return meets(run, second, first)


@builtin("overlaps(range1: range, range2: range)")
def overlaps(run: Run, first: Range, second: Range) -> bool:
    return _overlap(first, second)


@builtin("overlaps before(range1: range, range2: range)")
def overlaps_before(run: Run, first: Range, second: Range) -> bool:
    return _overlap(first, second) and _start(first, second) < 0 and _end(first, second) <= 0


@builtin("overlaps after(range1: range, range2: range)")
def overlaps_after(run: Run, first: Range, second: Range) -> bool:
    return overlaps_before(run, second, first)


@builtin(f"finishes(point: {_POINT}, range: range)")
def point_finishes(run: Run, point: Any, span: Range) -> bool:
    return span.end_included and _compare(point, span.end) == 0


@builtin("finishes(range1: range, range2: range)")
def finishes(run: Run, first: Range, second: Range) -> bool:
    return _end(first, second) == 0 and _start(second, first) <= 0


@builtin(f"finished by(range: range, point: {_POINT})")
def finished_by_point(run: Run, span: Range, point: Any) -> bool:
    return point_finishes(run, point, span)


@builtin("finished by(range1: range, range2: range)")
def finished_by(run: Run, first: Range, second: Range) -> bool:
    return finishes(run, second, first)


@builtin(f"includes(range: range, point: {_POINT})")
def includes_point(run: Run, span: Range, point: Any) -> bool:
    return _holds(span, point)


@builtin("includes(range1: range, range2: range)")
def includes(run: Run, first: Range, second: Range) -> bool:
    return _start(first, second) <= 0 and _end(second, first) <= 0


@builtin(f"during(point: {_POINT}, range: range)")
def point_during(run: Run, point: Any, span: Range) -> bool:
    return _holds(span, point)


@builtin("during(range1: range, range2: range)")
def during(run: Run, first: Range, second: Range) -> bool:
    return includes(run, second, first)


@builtin(f"starts(point: {_POINT}, range: range)")
def point_starts(run: Run, point: Any, span: Range) -> bool:
    return span.start_included and _compare(point, span.start) == 0


@builtin("starts(range1: range, range2: range)")
def starts(run: Run, first: Range, second: Range) -> bool:
    return _start(first, second) == 0 and _end(first, second) <= 0


@builtin(f"started by(range: range, point: {_POINT})")
def started_by_point(run: Run, span: Range, point: Any) -> bool:
    return point_starts(run, point, span)


@builtin("started by(range1: range, range2: range)")
def started_by(run: Run, first: Range, second: Range) -> bool:
    return starts(run, second, first)


@builtin(f"coincides(point1: {_POINT}, point2: {_POINT})")
def points_coincide(run: Run, first: Any, second: Any) -> bool:
    return _compare(first, second) == 0


@builtin("coincides(range1: range, range2: range)")
def coincide(run: Run, first: Range, second: Range) -> bool:
    return _start(first, second) == 0 and _end(first, second) == 0
