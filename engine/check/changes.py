"""What differs between two versions of a model file, element by element, however it was written down."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from lxml import etree

from engine import dialect, dmn
from engine.check.files import FileKind
from engine.dialect.xml import local_name, namespace, text_of
from engine.dialect.xml import parse as parse_diagram
from engine.dmn.xml import parse as parse_tables

_OWNERS = frozenset(
    {"definitions", "process", "subProcess", "collaboration", "laneSet", "childLaneSet", "decisionTable"}
)
"""What is drawn directly inside these is an element of its own; anything deeper is part of its element."""

_LISTED_ELSEWHERE = frozenset({"incoming", "outgoing", "flowNodeRef"})
_WRITTEN_DIFFERENTLY = (
    "{http://www.w3.org/2001/XMLSchema-instance}",
    "{http://bpmn.io/schema/dmn/biodi/2.0}",
)
"""Attributes that modellers add or leave out and that mean nothing: column widths, types of expressions."""

_FORM_FIELDS = frozenset({"exporter", "schemaVersion", "executionPlatform", "executionPlatformVersion"})
_NAMES = ("label", "dateLabel", "key", "text")
"""Where a component of a form says what people call it."""


class ChangeKind(StrEnum):
    """What became of an element; one that moved is the same at another place of an ordered list."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One element that differs; `kind` is its BPMN or DMN tag, or the type of a form's component."""

    what: ChangeKind
    id: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class _Part:
    kind: str
    name: str
    content: object  # compared only: nested tuples, or JSON text


class IncomparableError(ValueError):
    """A version cannot be read as a file of its kind, so nothing can be said of what differs."""


def compare(kind: FileKind, before: bytes, after: bytes) -> tuple[Change, ...]:
    """What is new or different in `after`, in its order, then what is gone. Layout is left out.

    Raises `IncomparableError`.
    """
    old, new = _parts(kind, before), _parts(kind, after)
    moved = frozenset() if kind is FileKind.BPMN else _moved(list(old), list(new))
    found = [
        Change(what=what, id=key, kind=part.kind, name=part.name)
        for key, part in new.items()
        if (what := _what(old.get(key), part, key in moved)) is not None
    ]
    gone = [
        Change(what=ChangeKind.REMOVED, id=key, kind=part.kind, name=part.name)
        for key, part in old.items()
        if key not in new
    ]
    return (*found, *gone)


def _what(old: _Part | None, new: _Part, moved: bool) -> ChangeKind | None:
    if old is None:
        return ChangeKind.ADDED
    if old.content != new.content:
        return ChangeKind.CHANGED
    return ChangeKind.MOVED if moved else None


def _moved(old: list[str], new: list[str]) -> frozenset[str]:
    """Ids in both lists that left their place among the others."""
    old, new = [key for key in old if key in new], [key for key in new if key in old]
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    kept = {key for block in blocks for key in old[block.a : block.a + block.size]}
    return frozenset(old) - kept


def _parts(kind: FileKind, data: bytes) -> dict[str, _Part]:
    try:
        match kind:
            case FileKind.BPMN:
                return _drawn(parse_diagram(data))
            case FileKind.DMN:
                return _drawn(parse_tables(data).node)
            case FileKind.FORM:
                return _asked(json.loads(data))
    except (dialect.DialectError, dmn.ModelError, ValueError, RecursionError) as error:
        raise IncomparableError(str(error)) from error
    raise IncomparableError(f"A {kind} has no elements to compare.")


# --- diagrams and tables --------------------------------------------------------------------------


def _drawn(root: etree._Element) -> dict[str, _Part]:
    """The elements of a BPMN or DMN document by id, in order; pictures of them are left out."""
    own = [node for node in root.iter(f"{{{namespace(root)}}}*") if _is_element(node)]
    apart = frozenset(own)
    names = {node.get("id", ""): node.get("name", "") for node in own}
    lanes = _lanes(own)
    return {
        key: _Part(local_name(node), _name(node, names), (lanes.get(key), _content(node, apart, top=True)))
        for node in own
        if (key := node.get("id", ""))
    }


def _is_element(node: etree._Element) -> bool:
    owner = node.getparent()
    return owner is not None and node.get("id") is not None and local_name(owner) in _OWNERS


def _lanes(nodes: list[etree._Element]) -> dict[str, str | None]:
    """The innermost lane of each element that stands in one."""
    return {
        text_of(reference): lane.get("id")
        for lane in nodes
        if local_name(lane) == "lane"
        for reference in lane
        if local_name(reference) == "flowNodeRef"
    }


def _content(node: etree._Element, apart: frozenset[etree._Element], *, top: bool = False) -> object:
    """The element as nested tuples, without elements of their own and without ids of its parts."""
    attributes = [
        (name, value)
        for name, value in node.attrib.items()
        if not str(name).startswith(_WRITTEN_DIFFERENTLY) and (top or name != "id")
    ]
    inside = (each for each in node if each not in apart and local_name(each) not in _LISTED_ELSEWHERE)
    return node.tag, sorted(attributes), text_of(node), [_content(each, apart) for each in inside]


def _name(node: etree._Element, names: Mapping[str, str]) -> str:
    """What people call the element, as far as the file says."""
    kind = local_name(node)
    if kind == "rule":
        owner = node.getparent()
        rows = [] if owner is None else [each for each in owner if local_name(each) == "rule"]
        return f"row {rows.index(node) + 1}"
    stated = node.get("name") or node.get("label") or ""
    if not stated and (source := node.get("sourceRef")) and (target := node.get("targetRef")):
        return f"{names.get(source) or source} to {names.get(target) or target}"
    return stated or next((text for each in node if (text := text_of(each))), "") or node.get("id", "")


# --- forms ----------------------------------------------------------------------------------------


def _asked(document: object) -> dict[str, _Part]:
    """The form itself and its components by id, in order."""
    if not isinstance(document, dict):
        raise IncomparableError("The form is no JSON object.")
    own = {name: value for name, value in document.items() if name not in _FORM_FIELDS}
    whole = _Part("form", str(own.get("id", "")), _json(own))
    return {f"form {own.get('id', '')}": whole} | dict(_components(document, ""))


def _components(owner: Mapping[str, object], inside: str) -> Iterator[tuple[str, _Part]]:
    listed = owner.get("components")
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict):
            key = str(each.get("id") or each.get("key") or "")
            name = next((str(each[field]) for field in _NAMES if each.get(field)), key)
            yield key, _Part(str(each.get("type", "")), name, (inside, _json(each)))
            yield from _components(each, key)


def _json(component: Mapping[str, object]) -> str:
    """The component without those inside it, and without the row of the page it was dragged to."""
    own = {name: value for name, value in component.items() if name not in ("components", "layout")}
    return json.dumps(own, sort_keys=True)
