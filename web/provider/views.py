"""A provider answers what was asked, such as comments on the draft report, through a signed link."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine import forms
from engine.queries import case_file
from engine.queries.inbox import PROVIDER
from engine.runtime import provider_links, user_tasks
from engine.runtime.errors import NotFoundError
from web import edge
from web.access import for_anyone
from web.downloads import download
from web.inbox import working
from web.pages import go, page, typed_fields
from web.provider.opening import (
    DRAFT_REPORT,
    hold_to_comment,
    open_link,
    open_to_comment,
    refuse_if_ended,
    shown,
)

blueprint = Blueprint("provider", __name__, url_prefix="/provider/<token>")


@blueprint.get("")
@for_anyone
def comment(token: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        opened = open_link(connection, token)
        refuse_if_ended(opened)
        raw = working.prefilled(connection, opened.context, PROVIDER)
        return page("provider/comment.html", **shown(opened, token, raw=raw, errors={}))


@blueprint.get("/draft-report")
@for_anyone
def draft_report(token: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        opened = open_link(connection, token)
        found = connection.execute(case_file.newest_document(opened.line.instance_id, DRAFT_REPORT)).first()
    if found is None:
        raise NotFoundError("draft report in this case")
    return download(found)


@blueprint.post("/save")
@for_anyone
def save(token: str) -> ResponseReturnValue:
    with edge.writing() as connection:
        opened = hold_to_comment(connection, token)
        task_id, at = opened.line.id, edge.now()
        user_tasks.save_draft(connection, task_id=task_id, by=PROVIDER, raw=typed_fields(), at=at)
    return go("provider.comment", token=token, saying="Saved. You can come back through the same link")


@blueprint.post("/redraw")
@for_anyone
def redraw(token: str) -> ResponseReturnValue:
    """The form as the answers so far make it; nothing is recorded."""
    with edge.reading() as connection:
        opened = open_to_comment(connection, token)
        return str(working.redrawn(opened.context.form or working.NO_QUESTIONS, opened.context))


@blueprint.post("")
@for_anyone
def send(token: str) -> ResponseReturnValue:
    with edge.writing() as connection:
        opened = hold_to_comment(connection, token)
        form = opened.context.form or working.NO_QUESTIONS
        if working.ROW_ACTION in request.form:
            raw = forms.act(form, typed_fields(), request.form[working.ROW_ACTION])
            return page("provider/comment.html", **shown(opened, token, raw=raw, errors={}))
        answers = working.submitted(form, opened.context)
        if answers.errors:
            again = shown(opened, token, raw=answers.raw, errors=answers.errors)
            return page("provider/comment.html", status=422, **again)
        working.complete(connection, opened.context, answers, user_tasks.provider())
        provider_links.note_use(connection, instance_id=opened.line.instance_id, at=edge.now())
    return go("provider.thanks", token=token)


@blueprint.get("/thanks")
@for_anyone
def thanks(token: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        opened = open_link(connection, token)
    return page(
        "provider/thanks.html",
        service=opened.line.service_name,
        words=opened.words,
        show_navigation=False,
    )
