"""One version of a process, a decision or a form, ready to show."""

from typing import Any

from sqlalchemy import Connection

from engine import feel, forms
from engine.queries import models
from engine.runtime.errors import NotFoundError
from web import edge
from web import forms as form_pages
from web.inbox.working import rule_link
from web.presenters import decisions
from web.presenters import models as rows
from web.presenters.twin import twin


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
    return {
        "version": _version(connection, models.processes(), definition_id),
        "about": compiled.model.documentation,
        "elements": twin(compiled.model, {}),
    }


def decision(connection: Connection, definition_id: int) -> dict[str, Any]:
    """A version of a decision: its table as rows, or its expression."""
    deployed = edge.library().decision_version(connection, definition_id)
    found = deployed.model.decision(deployed.decision_id)
    return {
        "version": _version(connection, models.decisions(), definition_id),
        "table": decisions.table(found),
        "expression": decisions.expression(found),
        "inputs": sorted(deployed.model.inputs_of(deployed.decision_id)),
    }


def form(connection: Connection, definition_id: int) -> dict[str, Any]:
    """A version of a form, drawn empty, and its questions as a list."""
    found = edge.library().form(connection, definition_id)
    return {
        "version": _version(connection, models.forms(), definition_id),
        "fields": rows.questions(found),
        "drawn": _drawn(found),
    }


def file(connection: Connection, resource_id: int) -> Any:
    """A deployed file. Raises NotFoundError."""
    found = connection.execute(models.resource(resource_id)).first()
    if found is None:
        raise NotFoundError("deployed file with this number")
    return found


def _version(connection: Connection, statement: Any, definition_id: int) -> rows.Version:
    for each in connection.execute(statement).mappings():
        if each["id"] == definition_id:
            return rows.version(each)
    raise NotFoundError("deployed version with this number")


def _drawn(form: forms.Form) -> Any:
    """The form without a case; a form that asks the case for choices cannot be drawn without one."""
    environment = feel.Environment(at=edge.now())
    try:
        return form_pages.render(form, {}, {}, {}, environment, guidance_link=rule_link)
    except forms.FormConditionError:
        return ""
