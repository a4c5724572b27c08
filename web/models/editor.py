"""The editors: change a deployed model in the browser, check it, deploy it."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from engine.runtime.deployments import OutdatedError, RefusedError
from web import edge, roles, security
from web.access import for_roles
from web.models import editing, uploading
from web.pages import go, page

blueprint = Blueprint("editor", __name__)

EDIT = "/<any(processes, decisions, forms):kind>/<int:definition_id>/edit"


@blueprint.get("/templates.json")
@for_roles(roles.ANALYST)
def templates() -> ResponseReturnValue:
    with edge.reading() as connection:
        found, _ = editing.templates(connection)
    return jsonify(found)


@blueprint.get(EDIT)
@for_roles(roles.ANALYST)
def edit(kind: str, definition_id: int) -> ResponseReturnValue:
    with edge.reading() as connection:
        opened = editing.opened(connection, kind, definition_id)
    security.allow_inline_styles()
    return page("models/edit.html", **opened, errors={})


@blueprint.post(EDIT)
@for_roles(roles.ANALYST)
def change(kind: str, definition_id: int) -> ResponseReturnValue:
    """Checks what was sent, and deploys it if that was asked for; what stands against it is shown."""
    sent = editing.sent()
    errors = editing.wrong(sent)
    status = 422 if errors else 200
    if sent.deploying and not errors:
        try:
            with edge.writing() as connection:
                made = editing.deploy(connection, kind, definition_id, sent)
            return go("models.library", saying=uploading.told(made))
        except RefusedError:
            status = 422
        except OutdatedError:
            status = 409
    with edge.reading() as connection:
        reopened = editing.reopened(connection, kind, definition_id, sent)
    security.allow_inline_styles()
    return page("models/edit.html", status=status, **reopened, errors=errors)
