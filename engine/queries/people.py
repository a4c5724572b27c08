"""Who may sign in, which roles they hold, and how they are called."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from engine.db.tables import User, UserRole


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role a person holds; team and region are empty where the role is not narrowed."""

    role: str
    team: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A local account with its roles."""

    id: str
    name: str
    email: str
    password_hash: str
    active: bool
    roles: tuple[HeldRole, ...]

    @property
    def role_ids(self) -> frozenset[str]:
        return frozenset(held.role for held in self.roles)


# Asked at every request: put together once.
_PERSON = (
    select(
        User.id, User.name, User.email, User.password_hash, User.active,
        UserRole.role, UserRole.team, UserRole.region,
    )
    .join(UserRole, UserRole.user_id == User.id, isouter=True)
    .where(User.id == bindparam("user_id"))
    .order_by(UserRole.role, UserRole.team, UserRole.region)
)  # fmt: skip


def person(connection: Connection, user_id: str) -> Person | None:
    """The account `user_id`, or None."""
    rows = connection.execute(_PERSON, {"user_id": user_id}).all()
    if not rows:
        return None
    row = rows[0]
    roles = tuple(HeldRole(each.role, each.team, each.region) for each in rows if each.role is not None)
    return Person(
        id=row.id,
        name=row.name,
        email=row.email,
        password_hash=row.password_hash,
        active=row.active,
        roles=roles,
    )


def names(connection: Connection, ids: Collection[str | None]) -> dict[str, str]:
    """Names by user id; an id that is no account's (the system, a provider) is left out."""
    wanted = {user_id for user_id in ids if user_id}
    if not wanted:
        return {}
    found = connection.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {user_id: name for user_id, name in found}


def holders(connection: Connection, roles: Collection[str]) -> list[tuple[str, str]]:
    """Ids and names of the active people who hold one of `roles`, by name."""
    found = connection.execute(
        select(User.id, User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role.in_(list(roles)), User.active)
        .distinct()
        .order_by(User.name, User.id)
    )
    return [(user_id, name) for user_id, name in found]


def teams(connection: Connection) -> list[str]:
    """Every team that a role is narrowed to, by name."""
    found = connection.execute(
        select(UserRole.team).where(UserRole.team != "").distinct().order_by(UserRole.team)
    )
    return list(found.scalars())
