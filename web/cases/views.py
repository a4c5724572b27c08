"""A case: where it stands, on its diagram and in words; what happened, what is due, what was found."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from engine.queries import case_file
from engine.queries import deadlines as deadline_queries
from engine.runtime.errors import NotFoundError
from web import edge, roles, sending
from web.access import for_roles
from web.cases import diagrams, record, timeline
from web.cases import summary as summaries
from web.cases.opening import framed, open_case
from web.downloads import download
from web.pages import go, page
from web.presenters import deadlines as deadline_rows

blueprint = Blueprint("cases", __name__, url_prefix="/cases/<reference>")

READERS = (*roles.CASEWORK, roles.ADMINISTRATOR)


@blueprint.get("")
@for_roles(*READERS)
def summary(reference: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        case = open_case(connection, reference, "summary")
        return page("cases/summary.html", **framed(connection, case, **summaries.shown(connection, case)))


@blueprint.get("/diagram", defaults={"definition_id": None})
@blueprint.get("/diagram/<int:definition_id>")
@for_roles(*READERS)
def diagram(reference: str, definition_id: int | None) -> ResponseReturnValue:
    with edge.reading() as connection:
        case = open_case(connection, reference, "diagram")
        shown = diagrams.shown(connection, case, definition_id or case.definition_id)
        return page("cases/diagram.html", **framed(connection, case, **shown))


@blueprint.get("/diagram/<int:definition_id>/states.json")
@for_roles(*READERS)
def diagram_states(reference: str, definition_id: int) -> ResponseReturnValue:
    with edge.reading() as connection:
        case = open_case(connection, reference, "diagram states")
        return diagrams.states_json(connection, case, definition_id)


@blueprint.get("/diagram/<int:definition_id>/process.bpmn")
@for_roles(*READERS)
def diagram_file(reference: str, definition_id: int) -> ResponseReturnValue:
    with edge.reading() as connection:
        case = open_case(connection, reference, "diagram file")
        content = diagrams.file(connection, case, definition_id)
    return Response(content, mimetype="application/xml")


@blueprint.get("/history")
@for_roles(*READERS)
def history(reference: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        case = open_case(connection, reference, "history")
        return page("cases/history.html", **framed(connection, case, **timeline.shown(connection, case)))


@blueprint.get("/deadlines")
@for_roles(*READERS)
def deadlines(reference: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        case = open_case(connection, reference, "deadlines")
        found = connection.execute(case_file.deadlines(case.id)).mappings()
        behind = deadline_queries.is_behind(connection, case.id)
        rows = [deadline_rows.row(each, today=edge.today(), behind=behind) for each in found]
        return page("cases/deadlines.html", **framed(connection, case, rows=rows, behind=behind))


@blueprint.get("/evidence")
@for_roles(*READERS)
def evidence(reference: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        case = open_case(connection, reference, "evidence")
        shown = record.shown(connection, case, typed={}, errors={})
        return page("cases/evidence.html", **framed(connection, case, **shown))


@blueprint.post("/evidence")
@for_roles(*roles.INSPECTION, *roles.OVERSIGHT)
def add_evidence(reference: str) -> ResponseReturnValue:
    with edge.writing() as connection:
        case = open_case(connection, reference, "evidence")
        entry, errors = record.read_entry()
        if entry is None:
            shown = record.shown(connection, case, typed=record.typed(), errors=errors)
            return page("cases/evidence.html", status=422, **framed(connection, case, **shown))
        sent = sending.first(connection)
        record.add(connection, case, entry)
        sent.made("cases.evidence", reference=reference)
    return go("cases.evidence", reference=reference, saying="The entry is in the evidence record")


@blueprint.get("/documents")
@for_roles(*READERS)
def documents(reference: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        case = open_case(connection, reference, "documents")
        rows = [record.document_row(each) for each in connection.execute(case_file.documents(case.id))]
        return page("cases/documents.html", **framed(connection, case, rows=rows))


@blueprint.get("/documents/<int:document_id>")
@for_roles(*READERS)
def document(reference: str, document_id: int) -> ResponseReturnValue:
    with edge.reading() as connection:
        case = open_case(connection, reference, f"document {document_id}")
        found = connection.execute(case_file.document(case.id, document_id)).first()
    if found is None:
        raise NotFoundError("document with this number in the case")
    return download(found)
