"""The inbox, and what one does with a task: claim, release, save, complete."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from engine import forms
from engine.queries import inbox
from engine.runtime import user_tasks
from web import edge
from web.access import for_signed_in, me
from web.inbox import listing, working
from web.pages import go, page, typed_fields
from web.reach import reach

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/tasks")
@for_signed_in
def mine() -> ResponseReturnValue:
    with edge.reading() as connection:
        return page("inbox/list.html", **listing.shown(connection, "mine", inbox.mine(me().id)))


@blueprint.get("/tasks/team")
@for_signed_in
def team() -> ResponseReturnValue:
    with edge.reading() as connection:
        return page("inbox/list.html", **listing.shown(connection, "team", inbox.team(reach(connection))))


@blueprint.get("/tasks/done")
@for_signed_in
def done() -> ResponseReturnValue:
    with edge.reading() as connection:
        return page("inbox/list.html", **listing.shown(connection, "done", inbox.done(me().id)))


@blueprint.get("/tasks/<int:task_id>")
@for_signed_in
def task(task_id: int) -> ResponseReturnValue:
    with edge.reading() as connection:
        opened = working.open_task(connection, task_id)
        raw = working.prefilled(connection, opened.context, me().id)
        return page("inbox/task.html", **working.shown(connection, opened, raw=raw, errors={}))


@blueprint.post("/tasks/<int:task_id>/claim")
@for_signed_in
def claim(task_id: int) -> ResponseReturnValue:
    with edge.writing() as connection:
        working.find(connection, task_id)
        actor = user_tasks.actor(me())
        user_tasks.claim(connection, edge.library(), task_id=task_id, by=actor, at=edge.now())
    return go("inbox.task", task_id=task_id, saying="The task is yours")


@blueprint.post("/tasks/<int:task_id>/release")
@for_signed_in
def release(task_id: int) -> ResponseReturnValue:
    with edge.writing() as connection:
        line = working.find(connection, task_id)
        actor = user_tasks.actor(me())
        user_tasks.release(connection, task_id=task_id, by=actor, at=edge.now())
    return go("inbox.team", saying=f"You released “{line.name}”: others can claim it now")


@blueprint.post("/tasks/<int:task_id>/draft")
@for_signed_in
def save_draft(task_id: int) -> ResponseReturnValue:
    with edge.writing() as connection:
        working.hold_to_work(connection, task_id)
        user_tasks.save_draft(connection, task_id=task_id, by=me().id, raw=typed_fields(), at=edge.now())
    return go("inbox.task", task_id=task_id, saying="Saved. You can come back to it from your tasks")


@blueprint.post("/tasks/<int:task_id>/complete")
@for_signed_in
def complete(task_id: int) -> ResponseReturnValue:
    with edge.writing() as connection:
        opened = working.hold_to_work(connection, task_id)
        if working.ROW_ACTION in request.form:
            return _with_other_rows(connection, opened)
        answers = working.submitted(opened.form, opened.context)
        if answers.errors:
            shown = working.shown(connection, opened, raw=answers.raw, errors=answers.errors)
            return page("inbox/task.html", status=422, **shown)
        working.complete(connection, opened.context, answers, user_tasks.actor(me()))
    return go("cases.summary", reference=opened.line.reference, saying=f"You completed “{opened.line.name}”")


@blueprint.post("/tasks/<int:task_id>/redraw")
@for_signed_in
def redraw(task_id: int) -> ResponseReturnValue:
    """The form as the answers so far make it; nothing is recorded."""
    with edge.reading() as connection:
        opened = working.open_to_work(connection, task_id)
        return str(working.redrawn(opened.form, opened.context))


def _with_other_rows(connection: Connection, opened: working.OpenTask) -> ResponseReturnValue:
    """The form with a row of a repeating question added or removed; nothing is recorded."""
    raw = forms.act(opened.form, typed_fields(), request.form[working.ROW_ACTION])
    return page("inbox/task.html", **working.shown(connection, opened, raw=raw, errors={}))
