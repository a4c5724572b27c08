"""The people of a case: a claim of somebody absent released, another lead named."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from engine import feel
from engine.db.tables import User, UserRole, UserTask, UserTaskState
from engine.groups import Group, Relation
from engine.history import Event, EventKind
from engine.runtime import user_tasks
from engine.runtime.library import Library
from engine.runtime.operator.rights import LIVE, Command, OperatorRefusedError, open_case, said
from engine.runtime.records import record
from engine.runtime.step import Step
from engine.runtime.user_tasks import Actor


def release_claim(
    connection: Connection, library: Library, *, task_id: int, reason: str, by: Actor, at: datetime
) -> None:
    """Give a task back that somebody absent has claimed; drafts stay with those who wrote them.

    Raises `OperatorRefusedError` when nobody has claimed it, or nobody else could then do it.
    """
    because = said(reason)
    case_id = user_tasks.find(connection, task_id)["instance_id"]
    step = open_case(connection, library, Command.RELEASE, instance_id=case_id, by=by, at=at, states=LIVE)
    task = user_tasks.find(connection, task_id)
    if task["state"] != UserTaskState.CLAIMED:
        raise OperatorRefusedError("Nobody holds this task now.", "Look at the case again.")
    groups = [_group(step, role) for role in task["candidate_groups"]]
    if task["candidate_users"] == [task["assignee"]] and all(
        group is None or group.relation is Relation.VARIABLE for group in groups
    ):
        raise OperatorRefusedError(
            "The case names one person for this task, so nobody else could claim it.",
            "Name another lead for the case instead.",
        )
    connection.execute(
        update(UserTask)
        .where(UserTask.id == task_id)
        .values(state=UserTaskState.OPEN, assignee=None, claimed_at=None)
    )
    fields = {"task": task_id, "name": task["name"], "held by": task["assignee"], "reason": because}
    event = Event(kind=EventKind.TASK_RELEASED, element=task["element"], fields=fields)
    record(connection, case_id, [event], actor=by.user_id, at=at)


def change_lead(
    connection: Connection,
    library: Library,
    *,
    instance_id: int,
    role: str,
    to: str,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """Name another person for a role that the case names one person for, such as its lead inspector.

    The tasks that the one before held in that role become the new one's; where the one before stood in a
    list of people of the case, the new one is added. Raises `OperatorRefusedError`, and the errors of
    `open_case`.
    """
    because = said(reason)
    step = open_case(
        connection, library, Command.CHANGE_LEAD, instance_id=instance_id, by=by, at=at, states=LIVE
    )
    variable = _variable(step, role)
    _check(connection, role, to)
    before = step.execution.variables(0).get(variable)
    if not isinstance(before, str) or before == to:
        raise OperatorRefusedError(f"The case does not name one other person as {role}.", "Choose another.")
    fields = {"role": role, "was": before, "now": to, "reason": because}
    step.events.append(Event(kind=EventKind.LEAD_CHANGED, element=None, fields=fields))
    _replace(step, variable, before, to)
    step.save()
    connection.execute(
        update(UserTask)
        .where(
            UserTask.instance_id == instance_id,
            UserTask.state == UserTaskState.CLAIMED,
            UserTask.assignee == before,
            UserTask.candidate_groups.contains([role]),
        )
        .values(assignee=to, claimed_at=at)
    )


def _replace(step: Step, variable: str, before: str, to: str) -> None:
    """In every scope: called processes were handed copies."""
    named = {each.variable for each in groups_of(step) if each.variable is not None}
    for scope in step.execution.state().scopes.values():
        changed: dict[str, feel.Value] = {}
        for name in named & scope.variables.keys():
            value = scope.variables[name]
            if name == variable and value == before:
                changed[name] = to
            elif isinstance(value, list) and before in value and to not in value:
                changed[name] = [*value, to]
        if changed:
            step.execution.set_variables(changed, scope_id=scope.id)


def groups_of(step: Step) -> tuple[Group, ...]:
    """The roles by which the case was started."""
    groups = step.library.groups(step.connection, step.process.deployment_id)
    return tuple(groups.by_id.values())


def _group(step: Step, role: str) -> Group | None:
    return next((group for group in groups_of(step) if group.id == role), None)


def _variable(step: Step, role: str) -> str:
    group = _group(step, role)
    if group is None or group.relation is not Relation.VARIABLE or group.variable is None:
        raise OperatorRefusedError(f"No case names its own {role}.", "Choose a role such as the lead's.")
    return group.variable


def _check(connection: Connection, role: str, user_id: str) -> None:
    held = (
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.id == user_id, User.active, UserRole.role == role)
    )
    if connection.execute(held).first() is None:
        raise OperatorRefusedError(
            f"{user_id} does not hold the role {role}.", "Choose someone who does, or give them the role."
        )
