"""A task as the person in front of it sees it: its line, its form, what they typed, what is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from markupsafe import Markup
from sqlalchemy import Connection

from engine import forms
from engine.db.tables import InstanceState, UserTaskState
from engine.queries import inbox, people
from engine.queries.inbox import TaskLine
from engine.runtime import user_tasks
from engine.runtime.errors import (
    NotFoundError,
    NotPermittedError,
    TaskAlreadyClaimedError,
    TaskAlreadyCompletedError,
    TaskCancelledError,
)
from engine.runtime.user_tasks import Actor, TaskContext
from engine.workdays import Calendar
from web import edge, roles, uploads
from web import forms as form_pages
from web.access import me, visitor
from web.cases.opening import why_still
from web.guidance.registered import register
from web.inbox.preview import previews
from web.pages import typed_fields
from web.presenters import dates
from web.presenters.task_page import task_page
from web.presenters.typed import typed_by_label
from web.reach import reach
from web.sightings import seen

Raw = Mapping[str, Sequence[str]]

ROW_ACTION = "_action"
"""The button of a form that adds or removes a row."""

REFUSED = "_refused"
"""The fields whose answers the page says were refused: a redraw says so again while they are wrong."""

NO_QUESTIONS = forms.Form(id="none", components=(), order=(), asked=frozenset())
"""For a task that only says that something was done."""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task with its form and the variables its form may show."""

    line: TaskLine
    context: TaskContext

    @property
    def form(self) -> forms.Form:
        return self.context.form or NO_QUESTIONS


def find(connection: Connection, task_id: int) -> TaskLine:
    """The line of a task within the visitor's reach. Raises NotFoundError."""
    found = inbox.one(connection, task_id, reach(connection))
    if found is None:
        raise NotFoundError("task with this number among those your roles open")
    g.case_reference = found.reference
    return found


def open_task(connection: Connection, task_id: int) -> OpenTask:
    """The task with its form, for a page that the access log tells of. Raises NotFoundError."""
    opened = _open(connection, find(connection, task_id))
    seen(opened.line.instance_id, f"task {task_id}")
    return opened


def open_to_work(connection: Connection, task_id: int) -> OpenTask:
    """The task for someone who sends its form: what they typed is kept for the page of a refusal.

    They have seen it: the token they send comes from its page, whose view was logged.

    Raises the errors of a task that is no longer theirs, before any answer is looked at.
    """
    return _to_work(connection, find(connection, task_id))


def hold_to_work(connection: Connection, task_id: int) -> OpenTask:
    """The same under the case's lock: nobody changes what the answers are checked against."""
    line = find(connection, task_id)
    hold(connection, line)
    return _to_work(connection, line)


def hold(connection: Connection, line: TaskLine) -> None:
    """Locks the case of a task whose form was sent.

    What was typed is kept before, for the page of a `CaseBusyError`.
    """
    form_id = line.form_definition_id
    keep_typed(edge.library().form(connection, form_id) if form_id is not None else NO_QUESTIONS)
    user_tasks.hold(connection, line.id)


def _to_work(connection: Connection, line: TaskLine) -> OpenTask:
    opened = _open(connection, line)
    keep_typed(opened.form)
    _refuse_if_gone(connection, opened.line)
    return opened


def _open(connection: Connection, line: TaskLine) -> OpenTask:
    context = user_tasks.context(connection, edge.library(), task_id=line.id, at=edge.now())
    task = context.task
    found = (task["state"], task["assignee"], context.case_state)
    if found != (line.state, line.assignee, line.case_state):
        line = find(connection, line.id)  # it changed while the lock was waited for
    return OpenTask(line, context)


def keep_typed(form: forms.Form) -> None:
    """Keeps what was typed, under the form's own labels, for the page of a refusal."""
    labels = {field.key: field.label for field in form.fields}
    g.typed = typed_by_label(typed_fields(), labels)


def prefilled(connection: Connection, context: TaskContext, user_id: str) -> Raw:
    """The person's draft if there is one, else what the case already knows."""
    saved = user_tasks.draft(connection, task_id=context.task["id"], user_id=user_id)
    return saved if saved is not None else forms.prefill(context.form or NO_QUESTIONS, context.variables)


def submitted(form: forms.Form, context: TaskContext) -> forms.Submission:
    """The answers sent, typed and checked. Files are named, and stored only when all is well."""
    named = uploads.names(form_pages.sent_files(form, request.files))
    return forms.submit(form, typed_fields(), context.variables, context.environment, named)


def complete(connection: Connection, context: TaskContext, answers: forms.Submission, by: Actor) -> None:
    """Stores the files sent and completes the task, in the transaction of `connection`."""
    at, task = edge.now(), context.task
    sent = form_pages.sent_files(context.form or NO_QUESTIONS, request.files)
    uploads.store(connection, sent, instance_id=task["instance_id"], by=by.user_id, at=at)
    user_tasks.complete(connection, edge.library(), task_id=task["id"], values=answers.values, by=by, at=at)


def drawn(
    form: forms.Form, context: TaskContext, raw: Raw, errors: Mapping[str, str], *, redraw: bool = False
) -> Markup:
    """The form, filled; with `redraw` without the questions that its answers leave out.

    Rules are named to those signed in, who can read them.
    """
    return form_pages.render(
        form,
        raw,
        errors,
        context.variables,
        context.environment,
        redraw=redraw,
        guidance_link=None if visitor() is None else rule_link,
    )


def redrawn(form: forms.Form, context: TaskContext) -> Markup:
    """The form for the answers sent so far, with the errors that the page showed and that still hold."""
    refused = request.form.get(REFUSED, "").split()
    errors = submitted(form, context).errors if refused else {}
    kept = {name: text for name, text in errors.items() if name in refused}
    return drawn(form, context, typed_fields(), kept, redraw=True)


def rule_link(rule_id: str) -> Markup:
    """A link to the page of a rule."""
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(
        url_for("guidance.rule", rule_id=rule_id), rule_id
    )


def shown(connection: Connection, opened: OpenTask, *, raw: Raw, errors: Mapping[str, str]) -> dict[str, Any]:
    """What the task template needs."""
    line, calendar = opened.line, opened.context.environment.calendar
    task = task_page(
        line,
        deadline_rows=opened.context.deadlines,
        register=register(connection),
        why_not=_why_not(connection, opened),
        names=people.names(connection, [line.completed_by]),
        user_id=me().id,
        today=edge.today(),
        stands_still=_why_suspended(connection, line),
        calendar=calendar if isinstance(calendar, Calendar) else None,
    )
    form = drawn(opened.form, opened.context, raw, errors) if task.mine else Markup()
    return {
        "task": task,
        "form": form,
        "letters": previews(connection, opened.context, raw) if task.mine else [],
        "asked": " ".join(sorted(opened.form.asked)),
        "may_record": bool(me().role_ids & set(roles.CASEWORK)),
        "errors": errors,
        "error_summary": form_pages.error_summary(opened.form, errors),
    }


def _why_suspended(connection: Connection, line: TaskLine) -> str:
    suspended = line.case_state == InstanceState.SUSPENDED and line.completed_at is None
    return why_still(connection, line.instance_id, line.case_state) if suspended else ""


def _why_not(connection: Connection, opened: OpenTask) -> str | None:
    line = opened.line
    if line.assignee is not None and line.assignee != me().id:
        return f"{line.assignee_name or line.assignee} has claimed this task. Ask them to release it."
    process = edge.library().process(connection, opened.context.task["definition_id"])
    groups = edge.library().groups(connection, process.deployment_id)
    actor = user_tasks.actor(me())
    return user_tasks.why_not_claimable(opened.context.task, actor, groups)


def _refuse_if_gone(connection: Connection, line: TaskLine) -> None:
    match UserTaskState(line.state):
        case UserTaskState.COMPLETED:
            by = line.completed_by or ""
            name = people.names(connection, [by]).get(by, by)
            raise TaskAlreadyCompletedError(name, dates.moment(line.completed_at))
        case UserTaskState.CANCELLED:
            raise TaskCancelledError
        case UserTaskState.CLAIMED if line.assignee != me().id:
            raise TaskAlreadyClaimedError(line.assignee_name or line.assignee or "Someone")
        case UserTaskState.OPEN:
            raise NotPermittedError("You have not claimed this task, or you released it.")
        case _:
            pass
