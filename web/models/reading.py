"""One version of a process, a decision or a form, ready to show."""

from typing import Any

from sqlalchemy import Connection

from engine import feel, forms
from engine.queries import models
from web import edge
from web import forms as form_pages
from web.inbox.working import rule_link
from web.models import differing, trying, versions
from web.presenters import decisions
from web.presenters import models as rows
from web.presenters.changes import island_states
from web.presenters.trials import MATCHES
from web.presenters.twin import twin

SHOWN = {"processes": "models.process", "decisions": "models.decision", "forms": "models.form"}
"""The page of a version, by its shelf."""


def library(connection: Connection) -> dict[str, Any]:
    """Everything that is deployed, the newest version of each with its older ones."""
    return {
        "processes": rows.grouped(connection.execute(models.processes()).mappings()),
        "decisions": rows.grouped(connection.execute(models.decisions()).mappings()),
        "forms": rows.grouped(connection.execute(models.forms()).mappings()),
    }


def process(connection: Connection, definition_id: int) -> dict[str, Any]:
    """A version of a process: its file and its elements in words."""
    compiled = edge.library().process(connection, definition_id)
    return _about(connection, "processes", definition_id) | {
        "about": compiled.model.documentation,
        "elements": twin(compiled.model, {}),
    }


def coloured(connection: Connection, definition_id: int) -> dict[str, Any]:
    """The elements of a process that are new or changed since the version before, for the viewer."""
    found = versions.versions(connection, "processes", definition_id)
    return island_states(differing.changes(connection, "processes", found))


def decision(connection: Connection, definition_id: int, typed: forms.Raw | None = None) -> dict[str, Any]:
    """A version of a decision: its table as rows, or its expression; tried with what was `typed`."""
    deployed = edge.library().decision_version(connection, definition_id)
    found = deployed.model.decision(deployed.decision_id)
    return _about(connection, "decisions", definition_id) | {
        "table": decisions.table(found),
        "expression": decisions.expression(found),
        "matches": MATCHES,
        **(trying.form_of(deployed) if typed is None else trying.tried(connection, deployed, typed)),
    }


def form(connection: Connection, definition_id: int) -> dict[str, Any]:
    """A version of a form, drawn empty, and its questions as a list."""
    found = edge.library().form(connection, definition_id)
    return _about(connection, "forms", definition_id) | {
        "fields": rows.questions(found),
        "drawn": _drawn(found),
    }


def _about(connection: Connection, kind: str, definition_id: int) -> dict[str, Any]:
    """What the page of every version shows."""
    found = versions.versions(connection, kind, definition_id)
    return {
        "kind": kind,
        "shown": SHOWN[kind],
        "version": found.this,
        "newest": found.newest,
        "since": differing.since_before(connection, kind, found),
    }


def _drawn(form: forms.Form) -> Any:
    """The form without a case; a form that asks the case for choices cannot be drawn without one."""
    environment = feel.Environment(at=edge.now())
    try:
        return form_pages.render(form, {}, {}, {}, environment, guidance_link=rule_link)
    except forms.FormConditionError:
        return ""
