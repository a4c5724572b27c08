"""Where the newest deployed models cite a rule."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from engine import forms
from engine.queries import models
from engine.queries.statement import Statement
from web import edge
from web.presenters.twin import KINDS, name_of

CITING = (forms.Field, forms.Group, forms.Rows)
"""The parts of a form that may cite rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A part of a model that implements the rule."""

    model: str
    part: str
    kind: str


def citations(connection: Connection, rule_id: str) -> list[Citation]:
    """The parts of the newest processes and forms that cite the rule."""
    return [*_in_processes(connection, rule_id), *_in_forms(connection, rule_id)]


def _newest(connection: Connection, statement: Statement) -> Iterator[int]:
    seen: set[str] = set()
    for row in connection.execute(statement):
        if row.key not in seen:
            seen.add(row.key)
            yield row.id


def _in_processes(connection: Connection, rule_id: str) -> Iterator[Citation]:
    for definition_id in _newest(connection, models.processes()):
        compiled = edge.library().process(connection, definition_id)
        model = compiled.model
        for element in model.elements.values():
            if rule_id in element.guidance:
                kind = KINDS.get(element.kind, element.kind)
                yield Citation(model=model.name, part=name_of(element), kind=kind)
        for policies in compiled.policies.values():
            for policy in policies:
                if rule_id in policy.rules:
                    yield Citation(model=model.name, part=policy.name, kind="Deadline")


def _in_forms(connection: Connection, rule_id: str) -> Iterator[Citation]:
    for definition_id in _newest(connection, models.forms()):
        form = edge.library().form(connection, definition_id)
        for component in forms.flat(form.components):
            if (
                isinstance(component, forms.Field | forms.Group | forms.Rows)
                and rule_id in component.guidance
            ):
                yield Citation(model=form.id, part=component.label or component.id, kind="Question")
