"""The library of processes, decisions and forms; new files in, checked, deployed."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from engine.check import Severity
from engine.runtime import deployments
from web import edge, roles
from web.access import for_roles, me
from web.models import reading, uploading
from web.pages import go, page
from web.presenters import models as rows

blueprint = Blueprint("models", __name__, url_prefix="/models")

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


@blueprint.get("/decisions/<int:definition_id>")
@for_roles(*READERS)
def decision(definition_id: int) -> ResponseReturnValue:
    with edge.reading() as connection:
        return page("models/decision.html", **reading.decision(connection, definition_id))


@blueprint.get("/forms/<int:definition_id>")
@for_roles(*READERS)
def form(definition_id: int) -> ResponseReturnValue:
    with edge.reading() as connection:
        return page("models/form.html", **reading.form(connection, definition_id))


@blueprint.get("/files/<int:resource_id>")
@for_roles(*READERS)
def file(resource_id: int) -> ResponseReturnValue:
    with edge.reading() as connection:
        found = reading.file(connection, resource_id)
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
        findings = deployments.check_with_deployed(connection, contents)
    blocked = any(found.severity is Severity.ERROR for found in findings)
    shown = [rows.finding(found) for found in findings]
    carried = uploading.to_carry(contents)
    return page("models/findings.html", findings=shown, carried=carried, blocked=blocked)


@blueprint.post("/deploy")
@for_roles(roles.ANALYST)
def deploy() -> ResponseReturnValue:
    note = request.form.get("note", "").strip()[:1000]
    with edge.writing() as connection:
        made = deployments.deploy(connection, files=uploading.carried(), by=me().id, at=edge.now(), note=note)
    return go(
        "models.library", saying="Deployed" if made else "Nothing was changed: the files are deployed already"
    )
