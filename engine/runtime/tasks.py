"""The inbox rows that follow from live user tasks: who may do each, by when, with which form."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from engine import dialect, feel, spiff
from engine.dialect.durations import TimeFormatError
from engine.dialect.numbers import PRIORITIES, whole_number
from engine.groups import Groups, Relation
from engine.history import Event, EventKind
from engine.runtime.errors import DefinitionMissingError
from engine.runtime.store import Row
from engine.runtime.writing import Changes
from engine.spiff.times import london_day

if TYPE_CHECKING:
    from engine.runtime.library import CompiledProcess
    from engine.runtime.step import Step

DEFAULT_PRIORITY = 50


class _Candidates(Struct, frozen=True):
    groups: list[str]
    users: list[str]
    assignee: str | None


ASSIGNMENT = "assignment"
"""The kind of an incident about a task for which nobody, no form, no date or no priority was found."""


class TaskRows:
    """Adds to a step's changes what happens to the rows of user tasks."""

    def __init__(self, step: "Step", changes: Changes) -> None:
        """`changes` is filled; `events` are to be appended to the history."""
        self._step, self._changes = step, changes
        self.events: list[Event] = []

    def follow(self, before: Mapping[int, spiff.UserTask], after: Mapping[int, spiff.UserTask]) -> None:
        """End the rows of tasks that are gone, add those that are new, keep the others true."""
        stored = {row["token_id"]: row for row in self._step.rows.tasks}
        for token_id in before:
            if token_id not in after and token_id in stored:
                self._end(stored[token_id])
        for token_id, task in after.items():
            if token_id in stored:
                self._keep(stored[token_id], task)
            else:
                self._add(task)

    def _end(self, row: Row) -> None:
        done = row["token_id"] in self._step.completed_tasks
        (self._changes.tasks_completed if done else self._changes.tasks_cancelled).append(row["token_id"])
        if any(token_id == row["token_id"] for token_id, _, _ in self._step.rows.incidents):
            self._changes.incidents_resolved.append({"token_id": row["token_id"]})
        if done:
            self._changes.gone_drafts.append(row["id"])
        else:
            fields = {"task": row["id"]}
            self.events.append(Event(kind=EventKind.TASK_CANCELLED, element=row["element"], fields=fields))

    def _keep(self, row: Row, task: spiff.UserTask) -> None:
        process = self._step.host.process(task.definition)
        element = process.model.elements[task.element]
        kept = {
            "token_id": row["token_id"],
            "due_date": self._kept_due(row, task, element),
            "candidate_groups": row["candidate_groups"],
            "candidate_users": sorted(self._named(task, self._groups(process), row["candidate_groups"]))
            or row["candidate_users"],
        }
        if task.token_id in self._step.renewed_tasks:
            candidates = self._candidates(task, element, process)
            kept |= {
                "candidate_groups": candidates.groups,
                "candidate_users": candidates.users,
                "form_definition_id": self._form(task, element, process),
                "priority": self._priority(task, element),
            }
        if any(row.get(name) != value for name, value in kept.items()):
            self._changes.tasks_changed.append(kept)

    def _add(self, task: spiff.UserTask) -> None:
        process = self._step.host.process(task.definition)
        element = process.model.elements[task.element]
        candidates = self._candidates(task, element, process)
        self._changes.tasks.append(
            {
                "token_id": task.token_id,
                "definition_id": process.id,
                "element": element.id,
                "name": element.name,
                "lane": element.lane,
                "form_definition_id": self._form(task, element, process),
                "guidance": list(element.guidance),
                "candidate_groups": candidates.groups,
                "candidate_users": candidates.users,
                "assignee": candidates.assignee,
                "priority": self._priority(task, element),
                "due_date": _text(self._due(task, element)),
                "follow_up_date": _text(self._date(task, element.schedule.follow_up_date)),
            }
        )
        fields = {"name": element.name, "groups": candidates.groups, "process": process.model.id}
        self.events.append(Event(kind=EventKind.TASK_CREATED, element=element.id, fields=fields))

    # --- who --------------------------------------------------------------------------------------

    def _candidates(
        self, task: spiff.UserTask, element: dialect.Element, process: "CompiledProcess"
    ) -> _Candidates:
        groups = self._groups(process)
        stated = self._texts(task, element.assignment.candidate_groups)
        lane = groups.by_lane.get(element.lane or "")
        roles = stated or ([lane.id] if lane is not None else [])
        for role in roles:
            if role not in groups.by_id:
                self._incident(task, f"The role '{role}' is unknown.", "Add it to groups.yaml and deploy.")
        users = {*self._texts(task, element.assignment.candidate_users), *self._named(task, groups, roles)}
        assignee = next(iter(self._texts(task, element.assignment.assignee)), None)
        if assignee is None and len(users) == 1:
            assignee = next(iter(users))
        return _Candidates(roles, sorted(users), assignee)

    def _named(self, task: spiff.UserTask, groups: Groups, roles: Iterable[str]) -> Iterable[str]:
        """The people a case names for its roles, such as its lead inspector."""
        for role in roles:
            group = groups.by_id.get(role)
            if group is None or group.relation is not Relation.VARIABLE or group.variable is None:
                continue
            named = _people(self._step.execution.variables(task.token_id).get(group.variable))
            if not named:
                self._incident(
                    task,
                    f"The case names nobody as {group.name}.",
                    f"Set the variable '{group.variable}' of the case, then retry.",
                )
            yield from named

    def _groups(self, process: "CompiledProcess") -> Groups:
        return self._step.library.groups(self._step.connection, process.deployment_id)

    # --- what and when ------------------------------------------------------------------------------

    def _form(self, task: spiff.UserTask, element: dialect.Element, process: "CompiledProcess") -> int | None:
        if element.form is None:
            return None
        form = element.form
        try:
            return self._step.library.form_id(self._step.connection, process, form.form_id, form.binding)
        except DefinitionMissingError as error:
            self._incident(task, error.reason, error.remedy)
            return None

    def _priority(self, task: spiff.UserTask, element: dialect.Element) -> int:
        value = self._value(task, element.priority)
        if value is None:
            return DEFAULT_PRIORITY
        priority = whole_number(value, PRIORITIES)
        if priority is None:
            self._incident(
                task,
                f"The priority '{value}' is no whole number from 0 to {PRIORITIES[-1]}.",
                "Correct the variables of the case and retry, or correct the priority in a new version.",
            )
            return DEFAULT_PRIORITY
        return priority

    def _due(self, task: spiff.UserTask, element: dialect.Element) -> date | None:
        return self._step.book.due_date(self._step.meeting(element.id)) or self._date(
            task, element.schedule.due_date
        )

    def _kept_due(self, row: Row, task: spiff.UserTask, element: dialect.Element) -> str | None:
        """A due date moves with a deadline; without one a task keeps what it was created with.

        Only a command changes that: one that renews the task, or corrects a variable the date is written in.
        """
        step, meeting = self._step, self._step.meeting(element.id)
        moves = step.book.due_date(meeting) is not None or step.book.had_due_date(meeting)
        written = element.schedule.due_date.compiled if element.schedule.due_date is not None else None
        corrected = written is not None and bool(step.corrected & written.names)
        if moves or corrected or step.renewed_tasks.get(task.token_id, False):
            return _text(self._due(task, element))
        stored: str | None = row["due_date"]
        return stored

    def _date(self, task: spiff.UserTask, expression: dialect.Expression | None) -> date | None:
        value = self._value(task, expression)
        if value is None:
            return None
        try:
            return london_day(value)
        except TimeFormatError as error:
            self._incident(task, f"It is no due or follow-up date: {error}", "Correct what it is written in.")
            return None

    def _texts(self, task: spiff.UserTask, expression: dialect.Expression | None) -> list[str]:
        value = self._value(task, expression)
        return _people(value)

    def _value(self, task: spiff.UserTask, expression: dialect.Expression | None) -> feel.Value:
        if expression is None:
            return None
        if expression.is_literal:
            return expression.text
        try:
            return self._step.execution.evaluate(task.token_id, expression)
        except spiff.IncidentError as error:
            self._incident(task, error.message, error.remedy)
            return None

    def _incident(self, task: spiff.UserTask, message: str, remedy: str) -> None:
        """Tell it loudly, and once; the task stays, for whoever can be found to do it."""
        told = [
            said
            for token_id, kind, said in self._step.rows.incidents
            if (token_id, kind) == (task.token_id, ASSIGNMENT)
        ]
        if message in told or any(row["token_id"] == task.token_id for row in self._changes.incidents):
            return
        if told:
            self._changes.incidents_resolved.append({"token_id": task.token_id, "kind": ASSIGNMENT})
        fields = {"kind": ASSIGNMENT, "message": message, "remedy": remedy}
        self._changes.incidents.append({"token_id": task.token_id, "element": task.element} | fields)
        self.events.append(Event(kind=EventKind.INCIDENT_OPENED, element=task.element, fields=fields))


def _people(value: feel.Value) -> list[str]:
    """Names from a comma list or a FEEL list."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _text(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
