"""Reads form-js JSON into a form, within bounds, and reports everything that is wrong at once."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import msgspec

from engine.forms.components import (
    read_condition,
    read_field,
    read_guidance,
    read_key,
    read_question,
    read_separator,
    read_table,
    read_text,
)
from engine.forms.findings import Finding, FormError, Source
from engine.forms.model import Component, Condition, FieldKind, Form, Group, Rows
from engine.forms.ordering import asked_about, misplaced, ordered
from engine.forms.wording import Question

MOST_BYTES = 512 * 1024
MOST_COMPONENTS = 400
DEEPEST = 5
OLDEST_SCHEMA = 16

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}")
_SILENT = frozenset({"button", "spacer"})
_REMEDIES = {
    "expression": "Compute the value in a script task or a decision",
    "taglist": "Use a checklist",
    "html": "Use a text",
    "iframe": "Use a text with a link",
    "image": "Use a text",
    "documentPreview": "Show the document on the case's page",
}


def read(data: bytes) -> Form:
    """The form in a `.form` file. Raises `FormError` with every finding."""
    document = _decoded(data)
    findings: list[Finding] = []
    top = Source(document, findings)
    _check_top(top)
    reader = _Reader(findings, dict(_questions(document, DEEPEST)))
    components = reader.components(top, DEEPEST)
    findings.extend(_repeated(reader))
    order = ordered(components, findings)
    findings.extend(misplaced(order))
    if findings:
        raise FormError(tuple(findings))
    return Form(id=top.id, components=components, order=order, asked=asked_about(order))


def _decoded(data: bytes) -> Mapping[str, object]:
    if len(data) > MOST_BYTES:
        raise _unreadable(f"it is larger than {MOST_BYTES // 1024} kB", "Split the form into several tasks")
    try:
        document = msgspec.json.Decoder(float_hook=Decimal).decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, ArithmeticError) as error:
        raise _unreadable(f"it is not JSON ({error})", "Export it from the form editor again") from error
    except RecursionError as error:
        raise _unreadable("it is nested too deeply", "Put fewer groups inside groups") from error
    if not isinstance(document, dict):
        raise _unreadable("it is not a JSON object", "Export it from the form editor again")
    return document


def _unreadable(message: str, remedy: str) -> FormError:
    return FormError(
        (Finding(component_id="form", key="", message=f"the file is refused: {message}", remedy=remedy),)
    )


def _check_top(top: Source) -> None:
    if not _ID.fullmatch(top.id):
        top.refuse("the form has no usable id", "Give the form an id of letters, digits, _, - and dots")
    version = top.whole("schemaVersion")
    if version is None or version < OLDEST_SCHEMA:
        top.refuse(f"the schema version is not {OLDEST_SCHEMA} or later", "Save it with a newer form editor")


def _questions(document: Mapping[str, object], depth: int) -> Iterator[tuple[str, Question]]:
    """Every question's wording by key, also those inside groups and rows."""
    inside = document.get("components")
    for data in inside if isinstance(inside, list) and depth >= 0 else ():
        if isinstance(data, dict):
            if question := read_question(data):
                yield question
            yield from _questions(data, depth - 1)


def _repeated(reader: "_Reader") -> Iterable[Finding]:
    for what, seen in (("id", reader.ids), ("key", reader.keys)):
        for name, count in seen.items():
            if count > 1:
                yield Finding(
                    component_id=name,
                    key=name if what == "key" else "",
                    message=f"the {what} is used {count} times",
                    remedy=f"Give every component a {what} of its own",
                )


class _Reader:
    """The pass over a form's components."""

    def __init__(self, findings: list[Finding], questions: Mapping[str, Question]) -> None:
        self.findings, self.questions = findings, questions
        self.ids: Counter[str] = Counter()
        self.keys: Counter[str] = Counter()

    def components(self, owner: Source, depth: int, *, in_rows: bool = False) -> tuple[Component, ...]:
        if depth < 0:
            owner.refuse(f"groups are nested more than {DEEPEST} deep", "Put fewer groups inside groups")
            return ()
        listed = owner.data.get("components")
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            owner.refuse("it has no list of components", "Export the form from the form editor again")
            return ()
        found: list[Component] = []
        for data in listed:
            if self.ids.total() >= MOST_COMPONENTS:
                owner.refuse(
                    f"the form has more than {MOST_COMPONENTS} components", "Split it into several tasks"
                )
                break
            component = self.component(Source(data, self.findings), depth, in_rows=in_rows)
            if component is not None:
                found.append(component)
        return tuple(found)

    def component(self, source: Source, depth: int, *, in_rows: bool) -> Component | None:
        kind = source.data.get("type")
        self.ids[source.id] += 1
        if kind in _SILENT:
            return None
        condition = read_condition(source, self.questions)
        if kind in set(FieldKind):
            self.keys[source.key] += 1
            return self.field(source, FieldKind(str(kind)), condition, in_rows=in_rows)
        match kind:
            case "group":
                return self.group(source, condition, depth, in_rows=in_rows)
            case "dynamiclist":
                return self.rows(source, condition, depth, in_rows=in_rows)
            case "text":
                return read_text(source, condition)
            case "separator":
                return read_separator(source, condition)
            case "table":
                return read_table(source, condition)
        source.refuse(
            f"a component of type “{kind}” is not supported",
            _REMEDIES.get(str(kind), "Use one of the components the form editor offers for this project"),
        )
        return None

    def field(
        self, source: Source, kind: FieldKind, condition: Condition | None, *, in_rows: bool
    ) -> Component:
        if in_rows and kind is FieldKind.FILES:
            source.refuse("files cannot be asked for once a row", "Move the file question out of the list")
        return read_field(source, kind, condition)

    def group(self, source: Source, condition: Condition | None, depth: int, *, in_rows: bool) -> Group:
        if source.data.get("path"):
            source.refuse("a group does not make a variable", "Leave the group's path empty")
        return Group(
            id=source.id,
            label=source.text("label"),
            components=self.components(source, depth - 1, in_rows=in_rows),
            condition=condition,
            guidance=read_guidance(source),
        )

    def rows(self, source: Source, condition: Condition | None, depth: int, *, in_rows: bool) -> Rows:
        if in_rows:
            source.refuse("a list of rows stands inside another", "Ask for the inner list in its own task")
        self.keys[source.key] += 1
        properties = source.part("properties")
        components = self.components(source, depth - 1, in_rows=True)
        first = source.whole("defaultRepetitions")
        return Rows(
            id=source.id,
            key=read_key(source),
            label=source.text("label"),
            components=components,
            order=ordered(components, self.findings),
            condition=condition,
            guidance=read_guidance(source),
            required=properties.text("required") == "true",
            error_message=properties.text("errorMessage") or None,
            refuse=properties.expression("refuse"),
            first_rows=1 if first is None else first,
            fixed=source.data.get("allowAddRemove") is False,
        )
