"""What people do with their tasks: claim, release, save a draft, complete."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select, update
from sqlalchemy.dialects import postgresql

from engine import feel, forms
from engine.clock import LONDON
from engine.db.tables import Draft, InstanceState, User, UserTask, UserTaskState
from engine.groups import Groups, Relation
from engine.history import Event, EventKind
from engine.queries.people import Person
from engine.runtime.errors import (
    CaseNotRunningError,
    NotFoundError,
    NotPermittedError,
    RefusedCommandError,
    TaskAlreadyClaimedError,
    TaskAlreadyCompletedError,
    TaskCancelledError,
)
from engine.runtime.library import Library
from engine.runtime.records import record
from engine.runtime.step import Step
from engine.runtime.store import lock_of_task

PROVIDER = "provider"
"""Who acts through a signed link."""

TaskRow = RowMapping | Mapping[str, Any]
"""A row of the inbox, as a query or as a step reads it."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role a person holds; empty team or region where the role is not narrowed."""

    role: str
    team: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command."""

    user_id: str
    roles: tuple[Role, ...]

    def holds(self, role: str) -> bool:
        """Whether the person holds a role anywhere."""
        return any(held.role == role for held in self.roles)


def actor(person: Person) -> Actor:
    """A person with the roles they hold."""
    return Actor(person.id, tuple(Role(held.role, held.team, held.region) for held in person.roles))


def provider() -> Actor:
    """Whoever opened a provider's link."""
    return Actor(PROVIDER, (Role(PROVIDER),))


# --- who may --------------------------------------------------------------------------------------


def why_not_claimable(task: TaskRow, by: Actor, groups: Groups) -> str | None:
    """Why a person may not claim a task, or None; `task` is its row."""
    if by.user_id in task["candidate_users"]:
        return None
    for group_id in task["candidate_groups"]:
        group = groups.by_id.get(group_id)
        if group is not None and any(
            held.role == group_id and _near(held, group.relation, task) for held in by.roles
        ):
            return None
    wanted = ", ".join(groups.by_id[each].name for each in task["candidate_groups"] if each in groups.by_id)
    return f"This task is for {wanted or 'people you are not among'} on this case."


def _near(held: Role, relation: Relation, task: TaskRow) -> bool:
    match relation:
        case Relation.ANY | Relation.LINK:
            return True
        case Relation.TEAM:
            return bool(held.team == task["team"])
        case Relation.REGION:
            return bool(held.region == task["region"])
        case Relation.VARIABLE:
            return False  # those are among the task's candidate users


# --- commands -------------------------------------------------------------------------------------


def claim(connection: Connection, library: Library, *, task_id: int, by: Actor, at: datetime) -> None:
    """Take a task; taking one's own again is no error. Raises the errors of `engine.runtime.errors`."""
    library.cases.take(task_id)  # what was left of the case is no longer so
    task = _locked(connection, task_id)
    if task["state"] == UserTaskState.CLAIMED:
        if task["assignee"] == by.user_id:
            return
        raise TaskAlreadyClaimedError(_name(connection, task["assignee"]))
    _permit(connection, library, task, by)
    connection.execute(
        update(UserTask)
        .where(UserTask.id == task_id)
        .values(state=UserTaskState.CLAIMED, assignee=by.user_id, claimed_at=at)
    )
    _record(connection, task, EventKind.TASK_CLAIMED, by, at)


def release(connection: Connection, *, task_id: int, by: Actor, at: datetime) -> None:
    """Give a claimed task back to its candidates; drafts stay with those who wrote them."""
    task = _locked(connection, task_id)
    if task["assignee"] != by.user_id:
        raise NotPermittedError("Only the person who claimed a task can release it.")
    connection.execute(
        update(UserTask)
        .where(UserTask.id == task_id)
        .values(state=UserTaskState.OPEN, assignee=None, claimed_at=None)
    )
    _record(connection, task, EventKind.TASK_RELEASED, by, at)


def save_draft(
    connection: Connection, *, task_id: int, by: str, raw: Mapping[str, Sequence[str]], at: datetime
) -> None:
    """Keep what a person typed; it is theirs alone until they complete the task."""
    kept = {name: list(values) for name, values in raw.items()}
    statement = postgresql.insert(Draft).values(user_task_id=task_id, user_id=by, saved_at=at, raw=kept)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[Draft.user_task_id, Draft.user_id], set_={"saved_at": at, "raw": kept}
        )
    )


def complete(
    connection: Connection,
    library: Library,
    *,
    task_id: int,
    values: Mapping[str, feel.Value],
    by: Actor,
    at: datetime,
) -> None:
    """Complete a task with the form's values and move the case on, in this one transaction."""

    def act(step: Step) -> None:
        task = next((row for row in step.rows.tasks if row["id"] == task_id), None)
        if task is None:
            raise _gone(connection, find(connection, task_id))
        if step.case.state != InstanceState.RUNNING:
            raise CaseNotRunningError(step.case.reference, step.case.state)
        if task["state"] == UserTaskState.CLAIMED and task["assignee"] != by.user_id:
            raise TaskAlreadyClaimedError(_name(connection, task["assignee"]))
        _permit(connection, library, task, by)
        event = Event(
            kind=EventKind.TASK_COMPLETED,
            element=task["element"],
            fields={
                "task": task_id,
                "name": task["name"],
                "token": task["token_id"],
                "process": library.process(connection, task["definition_id"]).model.id,
            },
            personal=feel.to_json(dict(values)),
        )
        step.complete_task(task["token_id"], task["element"], values, event)

    Step.of_task(connection, library, task_id, act, actor=by.user_id, at=at)


# --- what a task's page shows ------------------------------------------------------------------

# Asked for every page of a task: put together once.
_TASK = select(UserTask.__table__).where(UserTask.id == bindparam("task_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskContext:
    """Everything a task's page needs; `variables` are those its scope sees."""

    task: RowMapping
    case_state: str
    form: forms.Form | None
    variables: Mapping[str, feel.Value]
    environment: feel.Environment
    deadlines: list[dict[str, Any]]


def context(connection: Connection, library: Library, *, task_id: int, at: datetime) -> TaskContext:
    """A task with its form, variables and deadlines. Raises `NotFoundError`."""
    task = find(connection, task_id)
    step = Step.look(connection, library, task["instance_id"], at=at)
    alive = task["state"] in (UserTaskState.OPEN, UserTaskState.CLAIMED)
    form_id = task["form_definition_id"]
    meeting = step.meeting(task["element"])
    return TaskContext(
        task=task,
        case_state=step.case.state,
        form=library.form(connection, form_id) if form_id is not None else None,
        variables=step.execution.variables(task["token_id"] if alive else 0),
        environment=step.environment,
        deadlines=[row for row in step.book.rows() if row["met_by"] in meeting],
    )


def draft(connection: Connection, *, task_id: int, user_id: str) -> dict[str, list[str]] | None:
    """What the person typed and saved for later, if anything."""
    query = select(Draft.raw).where(Draft.user_task_id == task_id, Draft.user_id == user_id)
    return connection.execute(query).scalar_one_or_none()


def find(connection: Connection, task_id: int) -> RowMapping:
    """A task's row. Raises `NotFoundError`."""
    row = connection.execute(_TASK, {"task_id": task_id}).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"task with number {task_id}")
    return row


def hold(connection: Connection, task_id: int) -> None:
    """Lock a task's case: what is read of it afterwards stays so until the transaction ends.

    Raises `NotFoundError`, `CaseBusyError`.
    """
    lock_of_task(connection, task_id)


def _locked(connection: Connection, task_id: int) -> RowMapping:
    """The task, open or claimed, under its case's lock; re-read, because it may have changed meanwhile."""
    case = lock_of_task(connection, task_id)
    task = find(connection, task_id)
    if task["state"] not in (UserTaskState.OPEN, UserTaskState.CLAIMED):
        raise _gone(connection, task)
    if case.state != InstanceState.RUNNING:
        raise CaseNotRunningError(case.reference, case.state)
    return task


def _gone(connection: Connection, task: RowMapping) -> RefusedCommandError:
    """What to tell whoever comes after a task's end."""
    if task["state"] == UserTaskState.CANCELLED:
        return TaskCancelledError()
    when = task["completed_at"].astimezone(LONDON).strftime("%-d %B %Y, %H:%M")
    return TaskAlreadyCompletedError(_name(connection, task["completed_by"]), when)


def _permit(connection: Connection, library: Library, task: TaskRow, by: Actor) -> None:
    process = library.process(connection, task["definition_id"])
    groups = library.groups(connection, process.deployment_id)
    reason = why_not_claimable(task, by, groups)
    if reason is not None:
        raise NotPermittedError(reason)


def _name(connection: Connection, user_id: str | None) -> str:
    found = connection.execute(select(User.name).where(User.id == user_id)).scalar_one_or_none()
    return found or user_id or "Someone"


def _record(connection: Connection, task: RowMapping, kind: EventKind, by: Actor, at: datetime) -> None:
    fields = {"task": task["id"], "name": task["name"]}
    event = Event(kind=kind, element=task["element"], fields=fields)
    record(connection, task["instance_id"], [event], actor=by.user_id, at=at)
