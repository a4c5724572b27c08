"""A task as the person in front of it sees it: its line, its form, what they typed, what is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, request
from sqlalchemy import Connection

from engine import forms
from engine.db.tables import UserTaskState
from engine.queries import inbox
from engine.queries.inbox import TaskLine
from engine.runtime import user_tasks
from engine.runtime.errors import NotFoundError
from engine.runtime.user_tasks import TaskContext
from web import edge
from web import forms as pages_of_forms
from web.access import me
from web.pages import typed_fields
from web.presenters import task_page
from web.presenters.typed import typed_by_label
from web.reach import reach

Raw = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task with its form and the variables its form may show."""

    line: TaskLine
    context: TaskContext

    @property
    def prefilled(self) -> Raw:
        """The draft if there is one, else what the case already knows."""
        if self.context.draft is not None:
            return self.context.draft
        return forms.prefill(self.context.form, self.context.variables)


def find(connection: Connection, task_id: int) -> TaskLine:
    """The line of a task within the visitor's reach. Raises NotFoundError."""
    found = inbox.page(connection, inbox.one(task_id, reach(connection)), 1).rows
    if not found:
        raise NotFoundError("task with this number among those your roles open")
    g.case_reference = found[0].reference
    return found[0]


def open_task(connection: Connection, task_id: int) -> OpenTask:
    """The task with its form; what was typed is kept for the error page should anything be refused."""
    line = find(connection, task_id)
    context = user_tasks.context(connection, edge.library(), task_id=task_id, user_id=me().id)
    if request.method == "POST" and context.form is not None:
        labels = {field.key: field.label for field in context.form.fields}
        g.typed = typed_by_label(typed_fields(), labels)
    return OpenTask(line, context)
