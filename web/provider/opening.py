"""What a provider's link opens: the case's draft report and the form for comments."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.db.tables import UserTaskState
from engine.queries import case_file, inbox
from engine.queries.inbox import PROVIDER, TaskLine
from engine.runtime import provider_links, user_tasks
from engine.runtime.errors import LinkRefusedError
from engine.runtime.user_tasks import TaskContext
from web import edge
from web import forms as form_pages
from web.inbox import working
from web.presenters import dates, deadlines
from web.sightings import seen

DRAFT_REPORT = "Draft report"
"""The only document of a case that a link shows."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The provider's task behind a link."""

    line: TaskLine
    context: TaskContext


def open_link(connection: Connection, token: str) -> Opened:
    """The open task behind a link, for a page that the access log tells of.

    Raises LinkRefusedError when the link is not ours, expired or withdrawn, or has done its work.
    """
    opened = _open(connection, token)
    seen(opened.line.instance_id, "draft report through a provider link")
    return opened


def _open(connection: Connection, token: str) -> Opened:
    instance_id = provider_links.open_link(
        connection, secret_key=edge.edge().settings.secret_key, token=token, at=edge.now()
    )
    found = inbox.page(connection, inbox.for_provider(instance_id), 1).rows
    if not found:
        raise LinkRefusedError(
            "There is nothing to comment on yet.", "Wait for the e-mail that says that the draft is ready."
        )
    context = user_tasks.context(
        connection, edge.library(), task_id=found[0].id, user_id=PROVIDER, at=edge.now()
    )
    return Opened(found[0], context)


def open_to_comment(connection: Connection, token: str) -> Opened:
    """The same for someone who sends comments, which are kept for the page of a refusal.

    They have seen it: the token they send comes from its page, whose view was logged.
    """
    opened = _open(connection, token)
    working.keep_typed(opened.context.form or working.NO_QUESTIONS)
    refuse_if_ended(opened.line)
    return opened


def refuse_if_ended(line: TaskLine) -> None:
    """Raises LinkRefusedError when comments were sent, or are no longer asked for."""
    match UserTaskState(line.state):
        case UserTaskState.COMPLETED:
            raise LinkRefusedError(
                f"Comments on this draft were sent on {dates.moment(line.completed_at)}.",
                "If something is missing from them, tell your inspector.",
            )
        case UserTaskState.CANCELLED:
            raise LinkRefusedError(
                "Comments on this draft are no longer asked for.",
                "Ask your inspector what can still be done.",
            )
        case _:
            pass


def shown(connection: Connection, opened: Opened, token: str, **answers: Any) -> dict[str, Any]:
    """What the provider's template needs; `answers` are `raw` and `errors`."""
    context, today = opened.context, edge.today()
    form = context.form or working.NO_QUESTIONS
    draft = connection.execute(case_file.newest_document(opened.line.instance_id, DRAFT_REPORT)).first()
    return {
        "token": token,
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
