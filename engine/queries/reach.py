"""How far a person's roles reach: the one condition of rights, for lists and for single rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, exists, literal, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB

from engine.db.tables import Instance, UserTask, UserTaskState, Variable
from engine.queries.people import HeldRole

OPEN_TASKS = (UserTaskState.OPEN, UserTaskState.CLAIMED)
VARIABLE = "variable:"
"""Opens a relation that names the variable in which the people of the case stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A person's roles, with each role's relation to a case (any, team, region, variable:<name>)."""

    user_id: str
    roles: tuple[HeldRole, ...]
    relations: Mapping[str, str]


def cases_seen_by(reach: Reach) -> ColumnElement[bool]:
    """Which rows of `instance` the person may open.

    A restricted one opens to the roles it names and to those who do, or are offered, one of its tasks.
    """
    open_to_role = (
        and_(or_(Instance.restricted.is_(False), Instance.restricted_to.contains([held.role])), near)
        for held in reach.roles
        if (near := _case_near(held, reach)) is not None
    )
    offered = and_(Instance.restricted, _is_offered_a_task_of_it(reach))
    return or_(_does_a_task_of_it(reach.user_id), offered, *open_to_role)


def tasks_offered_to(reach: Reach) -> ColumnElement[bool]:
    """Which rows of `user_task` are offered to the person: by name, or through a role held for it."""
    return or_(offered_by_name(reach), *offered_by_roles(reach))


def offered_by_name(reach: Reach) -> ColumnElement[bool]:
    """The task names the person, as one whom a variable of the case names for instance."""
    return UserTask.candidate_users.contains([reach.user_id])


def offered_by_roles(reach: Reach) -> tuple[ColumnElement[bool], ...]:
    """The task is for a role that the person holds for it, role by role."""
    return tuple(
        and_(UserTask.candidate_groups.contains([held.role]), near)
        for held in reach.roles
        if (near := _near(held, reach.relations.get(held.role), UserTask.team, UserTask.region)) is not None
    )


def _case_near(held: HeldRole, reach: Reach) -> ColumnElement[bool] | None:
    relation = reach.relations.get(held.role)
    if relation is not None and relation.startswith(VARIABLE):
        return _is_named_in(relation.removeprefix(VARIABLE), reach.user_id)
    return _near(held, relation, Instance.team, Instance.region)


def _near(held: HeldRole, relation: str | None, team: Any, region: Any) -> ColumnElement[bool] | None:
    """The condition of a relation that columns decide; None for any other."""
    match relation:
        case "any":
            return true()
        case "team":
            return and_(literal(held.team) != "", team == held.team)
        case "region":
            return and_(literal(held.region) != "", region == held.region)
        case _:
            return None


def _is_named_in(variable: str, user_id: str) -> ColumnElement[bool]:
    """The variable is the user's id, or a list that holds it (jsonb containment says both)."""
    return exists(
        select(literal(1)).where(
            Variable.instance_id == Instance.id,
            Variable.scope_id == 0,
            Variable.name == variable,
            Variable.value.op("@>")(cast(user_id, JSONB)),
        )
    )


def _is_offered_a_task_of_it(reach: Reach) -> ColumnElement[bool]:
    open_task = (UserTask.instance_id == Instance.id, UserTask.state.in_(OPEN_TASKS))
    return exists(select(literal(1)).where(*open_task, tasks_offered_to(reach)))


def _does_a_task_of_it(user_id: str) -> ColumnElement[bool]:
    return exists(select(literal(1)).where(UserTask.instance_id == Instance.id, UserTask.assignee == user_id))
