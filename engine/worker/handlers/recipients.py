"""To whom an e-mail goes: addresses, user ids, holders of a role, whoever a deadline concerns."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, select

from engine import feel
from engine.db.tables import Deadline, Instance, User, UserRole, UserTask, UserTaskState
from engine.groups import Group, Relation
from engine.runtime.jobs import Leased
from engine.worker.handlers.base import HandlerError, Tools

ROLE, DEADLINE = "role:", "deadline:"
"""Before the id of a role, and before that of a deadline."""


def addresses(connection: Connection, tools: Tools, job: Leased, stated: str) -> list[str]:
    """The e-mail addresses that the header `to` means, each once.

    It lists addresses, user ids, `role:<id>` (the people who hold the role for the case) and `deadline:<id>`
    (whoever has the task that meets it; while nobody has, the role that owns it). Raises `HandlerError` for
    one that means nobody.
    """
    found: dict[str, None] = {}
    for name in (each.strip() for each in stated.split(",")):
        meant = [name] if "@" in name else _mail_of(connection, _people(connection, tools, job, name))
        if not meant:
            raise HandlerError(
                f"'{name}' means nobody with an account. Correct the header 'to', or give someone the role."
            )
        found.update(dict.fromkeys(meant))
    return list(found)


def _people(connection: Connection, tools: Tools, job: Leased, name: str) -> Iterable[str]:
    if name.startswith(ROLE):
        return _holders(connection, tools, job, name.removeprefix(ROLE))
    if name.startswith(DEADLINE):
        return _held_to(connection, tools, job, name.removeprefix(DEADLINE))
    return [name]


def _mail_of(connection: Connection, people: Iterable[str]) -> list[str]:
    query = select(User.email).where(User.id.in_(list(people)), User.active).order_by(User.id)
    return list(connection.execute(query).scalars())


def _held_to(connection: Connection, tools: Tools, job: Leased, key: str) -> list[str]:
    deadlines = connection.execute(
        select(Deadline.met_by, Deadline.owner).where(
            Deadline.instance_id == job.instance_id, Deadline.key == key, Deadline.ended_on.is_(None)
        )
    ).all()
    tasks = select(UserTask.assignee).where(
        UserTask.instance_id == job.instance_id,
        UserTask.state == UserTaskState.CLAIMED,
        UserTask.element.in_([each.met_by for each in deadlines]),
    )
    assignees = [each for each in connection.execute(tasks).scalars() if each is not None]
    owners = [each.owner for each in deadlines]
    return assignees or [each for role in owners for each in _holders(connection, tools, job, role)]


def _holders(connection: Connection, tools: Tools, job: Leased, role: str) -> list[str]:
    group = tools.library.groups(connection, job.deployment_id).by_id.get(role)
    if group is None:
        raise HandlerError(f"'{role}' is no role of groups.yaml. Correct the header 'to'.")
    return list(_near(connection, job, group))


def _near(connection: Connection, job: Leased, group: Group) -> Iterator[str]:
    case = connection.execute(
        select(Instance.team, Instance.region, Instance.restricted, Instance.restricted_to).where(
            Instance.id == job.instance_id
        )
    ).one()
    if case.restricted and group.id not in case.restricted_to:
        return
    held = select(UserRole.user_id).where(UserRole.role == group.id).distinct().order_by(UserRole.user_id)
    match group.relation:
        case Relation.ANY:
            yield from connection.execute(held).scalars()
        case Relation.TEAM:
            yield from connection.execute(held.where(UserRole.team == case.team)).scalars()
        case Relation.REGION:
            yield from connection.execute(held.where(UserRole.region == case.region)).scalars()
        case Relation.VARIABLE:
            named: feel.Value = job.variables.get(group.variable or "")
            yield from (
                each for each in (named if isinstance(named, list) else [named]) if isinstance(each, str)
            )
        case Relation.LINK:
            return
