"""How far a person's roles reach: the one condition of rights, for lists and for single rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, exists, false, literal, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB

from engine.db.tables import Instance, UserTask, Variable
from engine.queries.people import HeldRole

VARIABLE = "variable:"
"""Opens a relation that names the variable in which the people of the case stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A person's roles, with each role's relation to a case (any, team, region, variable:<name>)."""

    user_id: str
    roles: tuple[HeldRole, ...]
    relations: Mapping[str, str]


def cases_seen_by(reach: Reach) -> ColumnElement[bool]:
    """Which rows of `instance` the person may open; a role held for any case opens no restricted one."""
    return or_(
        false(),
        *(
            _reaches(held, reach, Instance.id, Instance.team, Instance.region, Instance.restricted)
            for held in reach.roles
        ),
        _does_a_task_of_it(reach.user_id),
    )


def tasks_offered_to(reach: Reach) -> ColumnElement[bool]:
    """Which rows of `user_task` are offered to the person: by name, or through a role held for it."""
    through_roles = (
        and_(
            UserTask.candidate_groups.contains([held.role]),
            _reaches(held, reach, UserTask.instance_id, UserTask.team, UserTask.region, UserTask.restricted),
        )
        for held in reach.roles
    )
    return or_(UserTask.candidate_users.contains([reach.user_id]), *through_roles)


def _reaches(
    held: HeldRole, reach: Reach, instance_id: Any, team: Any, region: Any, restricted: Any
) -> ColumnElement[bool]:
    relation = reach.relations.get(held.role)
    match relation:
        case "any":
            return and_(true(), restricted.is_(False))
        case "team":
            return and_(literal(held.team) != "", team == held.team)
        case "region":
            return and_(literal(held.region) != "", region == held.region)
        case str() if relation.startswith(VARIABLE):
            return _is_named_in(relation.removeprefix(VARIABLE), reach.user_id, instance_id)
        case _:
            return false()


def _is_named_in(variable: str, user_id: str, instance_id: Any) -> ColumnElement[bool]:
    """The variable is the user's id, or a list that holds it (jsonb containment says both)."""
    return exists(
        select(literal(1)).where(
            Variable.instance_id == instance_id,
            Variable.scope_id == 0,
            Variable.name == variable,
            Variable.value.op("@>")(cast(user_id, JSONB)),
        )
    )


def _does_a_task_of_it(user_id: str) -> ColumnElement[bool]:
    return exists(select(literal(1)).where(UserTask.instance_id == Instance.id, UserTask.assignee == user_id))
