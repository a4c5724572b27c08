"""Where the newest deployed models cite each rule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from engine import forms
from engine.guidance import rule_ids
from engine.queries import models
from engine.queries.statement import Statement
from web import edge
from web.presenters.twin import KINDS, name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A part of a model that implements the rule."""

    model: str
    part: str
    kind: str


Index = Mapping[str, tuple[Citation, ...]]
_built: dict[tuple[tuple[int, ...], ...], Index] = {}
"""By the newest definitions: the newest state only, as going through all models takes a while."""


def citations(connection: Connection) -> Index:
    """The parts of the newest processes, forms and decisions, by the rules they cite."""
    newest = tuple(
        tuple(_newest(connection, kind())) for kind in (models.processes, models.forms, models.decisions)
    )
    found = _built.get(newest)
    if found is None:
        gathered: dict[str, list[Citation]] = {}
        processes, shown, decided = newest
        for rule, citation in (
            *_in_processes(connection, processes),
            *_in_tables(connection, decided),
            *_in_forms(connection, shown),
        ):
            gathered.setdefault(rule, []).append(citation)
        found = {rule: tuple(each) for rule, each in gathered.items()}
        _built.clear()
        _built[newest] = found
    return found


def _newest(connection: Connection, statement: Statement) -> Iterator[int]:
    seen: set[str] = set()
    for row in connection.execute(statement):
        if row.key not in seen:
            seen.add(row.key)
            yield row.id


def _in_processes(connection: Connection, ids: tuple[int, ...]) -> Iterator[tuple[str, Citation]]:
    for definition_id in ids:
        compiled = edge.library().process(connection, definition_id)
        model = compiled.model
        for element in model.elements.values():
            kind = KINDS.get(element.kind, element.kind)
            for rule in element.guidance:
                yield rule, Citation(model=model.name, part=name_of(element), kind=kind)
        for policies in compiled.policies.values():
            for policy in policies:
                for rule in policy.rules:
                    yield rule, Citation(model=model.name, part=policy.name, kind="Deadline")


def _in_tables(connection: Connection, ids: tuple[int, ...]) -> Iterator[tuple[str, Citation]]:
    for definition_id in ids:
        deployed = edge.library().decision_version(connection, definition_id)
        decision = deployed.model.decisions[deployed.decision_id]
        for row in decision.table.rules if decision.table is not None else ():
            said = " ".join(text for _, text in row.annotations)
            for rule in rule_ids(said):
                part = f"Row {row.number}: {said.partition('[')[0].strip()}"
                yield rule, Citation(model=decision.name, part=part, kind="Row of a decision table")


def _in_forms(connection: Connection, ids: tuple[int, ...]) -> Iterator[tuple[str, Citation]]:
    for definition_id in ids:
        form = edge.library().form(connection, definition_id)
        for component in forms.flat(form.components):
            if isinstance(component, forms.Field | forms.Group | forms.Rows):
                for rule in component.guidance:
                    part = component.label or component.id
                    yield rule, Citation(model=form.id, part=part, kind="Question")
