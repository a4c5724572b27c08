"""Checks what the files say of each other: forms, decisions, processes, roles and letters that are named."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from engine import dialect
from engine.check.files import FileKind, ReadFiles
from engine.check.findings import Finding
from engine.deadlines import PolicyError, read_policies
from engine.groups import Groups, GroupsError, read_groups


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """All that the files define."""

    forms: Set[str]
    decisions: Set[str]
    processes: Set[str]
    letters: Set[str]
    groups: Groups | None
    meeting: Set[str]  # what can meet a deadline: elements, processes, and facts that elements record


def check_references(read: ReadFiles) -> Iterator[Finding]:
    """Everything named must be there, and how it is bound must be stated."""
    groups, problems = _groups(read)
    yield from problems
    known = _Known(
        forms={form.id for form in read.forms.values()},
        decisions={decision for model in read.tables.values() for decision in model.decisions},
        processes={process for model in read.diagrams.values() for process in model.processes},
        letters={name.rpartition("/")[2].rpartition(".")[0] for name in read.names(FileKind.LETTER)},
        groups=groups,
        meeting=frozenset(_meeting(read)),
    )
    for file, model in read.diagrams.items():
        for process in model.processes.values():
            yield from _deadlines(file, process.id, process.properties, known)
            for element in process.elements.values():
                yield from _deadlines(file, element.id, element.properties, known)
                yield from _named(file, element, known)
                if element.kind == "userTask" and groups is not None:
                    yield from _assigned(file, element, groups)


def _meeting(read: ReadFiles) -> Iterator[str]:
    for model in read.diagrams.values():
        for process in model.processes.values():
            yield process.id
            for element in process.elements.values():
                yield element.id
                if fact := element.properties.get("records", "").strip():
                    yield f"fact:{fact}"


def _groups(read: ReadFiles) -> tuple[Groups | None, list[Finding]]:
    names = read.names(FileKind.GROUPS)
    if not names:
        return None, [
            Finding(
                file="groups.yaml",
                element="",
                reason="There is no file of roles.",
                remedy="Add groups.yaml with the roles that lanes mean.",
            )
        ]
    try:
        return read_groups(read.contents[names[0]]), []
    except GroupsError as error:
        return None, [Finding(file=names[0], element="", reason=str(error), remedy="Correct the file.")]


def _deadlines(file: str, element: str, properties: Mapping[str, str], known: _Known) -> Iterator[Finding]:
    try:
        policies = read_policies(element, properties)
    except PolicyError as error:
        yield Finding(
            file=file, element=element, reason=f"Deadline '{error.key}': {error.why}", remedy=error.remedy
        )
        return
    for policy in policies:
        if policy.met_by not in known.meeting:
            yield Finding(
                file=file,
                element=element,
                reason=f"Deadline '{policy.key}' is met by '{policy.met_by}', which nothing is called.",
                remedy="Give the id of an element, or 'fact:' and what a property 'records' names.",
            )
        if known.groups is not None and policy.owner not in known.groups.by_id:
            yield Finding(
                file=file,
                element=element,
                reason=f"Deadline '{policy.key}' is owned by the unknown role '{policy.owner}'.",
                remedy=f"Use one of: {', '.join(sorted(known.groups.by_id))}.",
            )


def _named(file: str, element: dialect.Element, known: _Known) -> Iterator[Finding]:
    uses: list[tuple[str, str | None, dialect.Binding, Set[str]]] = []
    if element.form is not None:
        uses.append(("form", element.form.form_id, element.form.binding, known.forms))
    if element.decision is not None:
        decision = element.decision
        uses.append(("decision", _literal(decision.decision_id), decision.binding, known.decisions))
    if element.called is not None:
        called = element.called
        uses.append(("process", _literal(called.process_id), called.binding, known.processes))
    for kind, name, binding, there in uses:
        if not binding.stated:
            yield Finding(
                file=file,
                element=element.id,
                reason=f"It does not say which version of the {kind} '{name}' it means.",
                remedy="Choose the binding 'deployment' or 'version tag' in the modeller.",
            )
        if name is not None and name not in there:
            yield Finding(
                file=file,
                element=element.id,
                reason=f"The {kind} '{name}' is not among the files.",
                remedy=f"Add the {kind}, or correct its id.",
            )
    yield from _letters(file, element, known)


def _letters(file: str, element: dialect.Element, known: _Known) -> Iterator[Finding]:
    template = _literal(element.task.headers.get("template")) if element.task is not None else None
    if template is not None and template not in known.letters:
        yield Finding(
            file=file,
            element=element.id,
            reason=f"The letter '{template}' is not among the files.",
            remedy=f"Add letters/{template}.md, or correct the header 'template'.",
        )


def _assigned(file: str, element: dialect.Element, groups: Groups) -> Iterator[Finding]:
    stated = element.assignment.candidate_groups
    literal = _literal(stated)
    if literal is not None:
        for role in (part.strip() for part in literal.split(",")):
            if role not in groups.by_id:
                yield Finding(
                    file=file,
                    element=element.id,
                    reason=f"The role '{role}' is unknown.",
                    remedy=f"Use one of: {', '.join(sorted(groups.by_id))}.",
                )
    elif (
        stated is None and element.assignment.assignee is None and (element.lane or "") not in groups.by_lane
    ):
        yield Finding(
            file=file,
            element=element.id,
            reason=f"Nobody would see this task: lane '{element.lane or ''}' means no role.",
            remedy="Put it in a lane named in groups.yaml, or name its candidate groups.",
        )


def _literal(text: dialect.Expression | None) -> str | None:
    return text.text if text is not None and text.is_literal else None
