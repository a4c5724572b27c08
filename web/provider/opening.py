"""What a provider's link opens: the form of their task, and the draft report once there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Connection, Row

from engine.db.tables import UserTaskState
from engine.queries import case_file, inbox
from engine.queries.inbox import TaskLine
from engine.runtime import provider_links, user_tasks
from engine.runtime.errors import LinkRefusedError
from engine.runtime.user_tasks import TaskContext
from web import edge
from web import forms as form_pages
from web.inbox import working
from web.presenters import dates, deadlines
from web.provider.words import ANSWERS, COMMENTS, Words
from web.sightings import seen

DRAFT_REPORT = "Draft report"
"""The only document of a case that a link shows."""

ANSWERS_TASK = "_task"
"""The hidden field that says which task a form answers."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The provider's task behind a link."""

    line: TaskLine
    context: TaskContext
    draft: Row[Any] | None
    """The draft report, once there is one."""

    @property
    def words(self) -> Words:
        """What its pages say."""
        return COMMENTS if self.draft is not None else ANSWERS


def open_link(connection: Connection, token: str) -> Opened:
    """The open task behind a link, for a page that the access log tells of.

    Raises LinkRefusedError when the link is not ours, expired or withdrawn, or has done its work.
    """
    opened = _open(connection, _tasks(connection, token)[0], is_newest=True)
    seen(opened.line.instance_id, opened.words.seen)
    return opened


def _tasks(connection: Connection, token: str) -> Sequence[TaskLine]:
    """The provider's tasks of the case, the newest first."""
    instance_id = provider_links.open_link(
        connection, secret_key=edge.edge().settings.secret_key, token=token, at=edge.now()
    )
    found = inbox.page(connection, inbox.for_provider(instance_id), 1).rows
    if not found:
        raise LinkRefusedError(
            "There is nothing to answer here yet.", "Wait for the e-mail that asks you for something."
        )
    return found


def _answered(tasks: Sequence[TaskLine]) -> TaskLine:
    """The task that the form sent names: one link serves all that a case asks for in turn."""
    sent = request.form.get(ANSWERS_TASK)
    for line in tasks:
        if str(line.id) == sent:
            return line
    raise LinkRefusedError(
        "The form does not say which of our questions it answers.",
        "Copy what you typed, open the link in our newest e-mail, and answer what it asks for.",
    )


def _open(connection: Connection, line: TaskLine, *, is_newest: bool) -> Opened:
    """A task; the draft belongs to the newest, what was asked before came without one."""
    context = user_tasks.context(connection, edge.library(), task_id=line.id, at=edge.now())
    draft = case_file.newest_document(line.instance_id, DRAFT_REPORT)
    return Opened(line, context, connection.execute(draft).first() if is_newest else None)


def open_to_comment(connection: Connection, token: str) -> Opened:
    """The same for someone who sends answers, which are kept for the page of a refusal.

    They have seen it: the token they send comes from its page, whose view was logged.
    """
    tasks = _tasks(connection, token)
    line = _answered(tasks)
    opened = _open(connection, line, is_newest=line is tasks[0])
    working.keep_typed(opened.context.form or working.NO_QUESTIONS)
    refuse_if_ended(opened)
    return opened


def hold_to_comment(connection: Connection, token: str) -> Opened:
    """The same under the case's lock: nobody changes what the answers are checked against."""
    working.hold(connection, _answered(_tasks(connection, token)))
    return open_to_comment(connection, token)


def refuse_if_ended(opened: Opened) -> None:
    """Raises LinkRefusedError when answers were sent, or are no longer asked for."""
    what, line = opened.words.what, opened.line
    match UserTaskState(line.state):
        case UserTaskState.COMPLETED:
            raise LinkRefusedError(
                f"{what} were sent on {dates.moment(line.completed_at)}.",
                "If something is missing from them, tell your inspector.",
            )
        case UserTaskState.CANCELLED:
            raise LinkRefusedError(
                f"{what} are no longer asked for.",
                "Ask your inspector what can still be done.",
            )
        case _:
            pass


def shown(opened: Opened, token: str, **answers: Any) -> dict[str, Any]:
    """What the provider's template needs; `answers` are `raw` and `errors`."""
    context, today = opened.context, edge.today()
    form = context.form or working.NO_QUESTIONS
    draft = opened.draft
    return {
        "token": token,
        "answers_task": ANSWERS_TASK,
        "task_id": opened.line.id,
        "words": opened.words,
        "title": opened.line.name,
        "service": opened.line.service_name,
        "draft": draft and {"name": draft.name, "made": dates.moment(draft.created_at)},
        "deadlines": [deadlines.row(each, today=today) for each in context.deadlines],
        "form": working.drawn(form, context, **answers),
        "asked": " ".join(sorted(form.asked)),
        "errors": answers["errors"],
        "error_summary": form_pages.error_summary(form, answers["errors"]),
        "show_navigation": False,
    }
