"""Record something from any page of a case: choose what, and its first task opens."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from web import edge, roles, sending
from web.access import for_roles
from web.cases.opening import framed, open_case
from web.pages import go, page
from web.presenters import tags
from web.recording import starting

blueprint = Blueprint("recording", __name__, url_prefix="/cases/<reference>/record")

RECORDERS = roles.CASEWORK


@blueprint.get("")
@for_roles(*RECORDERS)
def choose(reference: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        case = open_case(connection, reference, "record something")
        found = starting.offers(connection, case)
        return page(
            "recording/choose.html", **framed(connection, case, offers=found, restricted=tags.RESTRICTED)
        )


@blueprint.post("")
@for_roles(*RECORDERS)
def begin(reference: str) -> ResponseReturnValue:
    with edge.writing() as connection:
        case = open_case(connection, reference, "record something")
        sent = sending.first(connection)
        record, task_id = starting.begin(connection, case, request.form.get("process", ""))
        if task_id is not None:
            sent.made("inbox.task", task_id=task_id)
        else:
            sent.made("cases.summary", reference=reference)
    if task_id is not None:
        return go("inbox.task", task_id=task_id)
    return go("cases.summary", reference=reference, saying=f"It is recorded as {record.reference}")
