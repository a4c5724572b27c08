"""The library of processes, decisions and forms; new files in, checked, deployed."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from engine.check import Severity
from engine.runtime import deployments
from web import edge, roles
from web.access import for_roles, me
from web.models import editor, migrating, reading, uploading, versions
from web.pages import go, page, typed_fields
from web.presenters import models as rows

blueprint = Blueprint("models", __name__, url_prefix="/models")
blueprint.register_blueprint(editor.blueprint)
blueprint.register_blueprint(migrating.blueprint)

READERS = (roles.ANALYST, roles.ADMINISTRATOR)
MEDIA_TYPES = {"bpmn": "application/xml", "dmn": "application/xml", "form": "application/json"}


@blueprint.get("")
@for_roles(*READERS)
def library() -> ResponseReturnValue:
    with edge.reading() as connection:
        return page("models/library.html", **reading.library(connection))


@blueprint.get("/processes/<int:definition_id>")
@for_roles(*READERS)
def process(definition_id: int) -> ResponseReturnValue:
    with edge.reading() as connection:
        return page("models/process.html", **reading.process(connection, definition_id))


@blueprint.get("/processes/<int:definition_id>/changes.json")
@for_roles(*READERS)
def changes(definition_id: int) -> ResponseReturnValue:
    """What the viewer colours: the differences to the version before."""
    with edge.reading() as connection:
        return jsonify(reading.coloured(connection, definition_id))


@blueprint.get("/decisions/<int:definition_id>")
@for_roles(*READERS)
def decision(definition_id: int) -> ResponseReturnValue:
    with edge.reading() as connection:
        return page("models/decision.html", **reading.decision(connection, definition_id))


@blueprint.post("/decisions/<int:definition_id>")
@for_roles(*READERS)
def try_decision(definition_id: int) -> ResponseReturnValue:
    """Evaluates the decision with what was typed; nothing is stored."""
    with edge.reading() as connection:
        shown = reading.decision(connection, definition_id, typed_fields())
    return page("models/decision.html", status=422 if shown["errors"] else 200, **shown)


@blueprint.get("/forms/<int:definition_id>")
@for_roles(*READERS)
def form(definition_id: int) -> ResponseReturnValue:
    with edge.reading() as connection:
        return page("models/form.html", **reading.form(connection, definition_id))


@blueprint.get("/files/<int:resource_id>")
@for_roles(*READERS)
def file(resource_id: int) -> ResponseReturnValue:
    with edge.reading() as connection:
        found = versions.file(connection, resource_id)
    return Response(found.content, mimetype=MEDIA_TYPES.get(found.kind, "text/plain"))


@blueprint.get("/upload")
@for_roles(roles.ANALYST)
def upload() -> ResponseReturnValue:
    return page("models/upload.html", errors={})


@blueprint.post("/upload")
@for_roles(roles.ANALYST)
def check() -> ResponseReturnValue:
    """Shows the findings; nothing is stored."""
    with edge.reading() as connection:
        contents, wrong = uploading.chosen(connection)
        if wrong:
            return page("models/upload.html", status=422, errors={"files": wrong})
    return _findings(contents)


@blueprint.post("/deploy")
@for_roles(roles.ANALYST)
def deploy() -> ResponseReturnValue:
    contents, note = uploading.carried(), uploading.note()
    if not note:
        return _findings(contents, status=422, errors={"note": uploading.NO_NOTE})
    with edge.writing() as connection:
        made = deployments.deploy(connection, files=contents, by=me().id, at=edge.now(), note=note)
    return go("models.library", saying=uploading.told(made))


def _findings(
    contents: Mapping[str, bytes], *, status: int = 200, errors: Mapping[str, str] = MappingProxyType({})
) -> ResponseReturnValue:
    with edge.reading() as connection:
        findings = deployments.check_with_deployed(connection, contents)
    blocked = any(found.severity is Severity.ERROR for found in findings)
    return page(
        "models/findings.html",
        status=status,
        findings=[rows.finding(found) for found in findings],
        carried=uploading.to_carry(contents),
        blocked=blocked,
        errors={} if blocked else errors,
    )
