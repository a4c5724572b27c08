"""How far a person's roles reach, by the relations of the deployed `groups.yaml`."""

from sqlalchemy import Connection

from engine.groups import Group, Relation
from engine.queries import models
from engine.queries.people import Person
from engine.queries.reach import VARIABLE, Reach
from engine.runtime.library import GROUPS_FILE
from web import edge, roles
from web.access import me

OF_NO_LANE = {roles.ADMINISTRATOR: str(Relation.ANY)}
"""Roles that no lane stands for, yet need to see cases to mend them."""


def reach(connection: Connection) -> Reach:
    """The visitor's reach."""
    return reach_of(connection, me())


def reach_of(connection: Connection, person: Person) -> Reach:
    """A person's reach; before anything is deployed there is no case to reach."""
    deployment_id = connection.execute(models.newest_deployment_with(GROUPS_FILE)).scalar()
    groups = () if deployment_id is None else _groups(connection, deployment_id)
    relations = {group.id: _relation(group) for group in groups}
    return Reach(user_id=person.id, roles=person.roles, relations=OF_NO_LANE | relations)


def _groups(connection: Connection, deployment_id: int) -> tuple[Group, ...]:
    return tuple(edge.library().groups(connection, deployment_id).by_id.values())


def _relation(group: Group) -> str:
    return f"{VARIABLE}{group.variable}" if group.relation == Relation.VARIABLE else str(group.relation)
