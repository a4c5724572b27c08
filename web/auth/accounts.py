"""Local accounts: argon2 hashes, and a limit on wrong passwords that holds across processes."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, insert, update

from engine.db.tables import User, UserRole
from engine.queries import access, people
from engine.queries.people import HeldRole, Person

WINDOW = timedelta(minutes=15)
TRIES_FROM_ONE_ADDRESS = 5
TRIES_FROM_ALL = 20
LONGEST_ID = 100

_hasher = PasswordHasher()
_nobodys_hash = _hasher.hash("verified where there is no account, so that both take as long")


class TooManyAttemptsError(Exception):
    """The account had too many wrong passwords within `WINDOW`."""


class TakenError(Exception):
    """An account of that name exists."""

    def __init__(self, user_id: str) -> None:
        super().__init__(f"There is an account {user_id} already. Choose another name to sign in with.")


class UnknownAccountError(Exception):
    """No account has that name."""

    def __init__(self, user_id: str) -> None:
        super().__init__(f"There is no account {user_id}. 'sccif users list' names them all.")


def add(
    connection: Connection,
    *,
    user_id: str,
    name: str,
    email: str,
    password: str,
    roles: Iterable[HeldRole],
    at: datetime,
) -> None:
    """Makes an account with its roles. Raises TakenError."""
    if people.person(connection, user_id) is not None:
        raise TakenError(user_id)
    connection.execute(
        insert(User).values(
            id=user_id, name=name, email=email, password_hash=_hasher.hash(password), created_at=at
        )
    )
    _give(connection, user_id, roles)


def change_roles(connection: Connection, user_id: str, roles: Iterable[HeldRole]) -> None:
    """Gives the account these roles in place of those it had. Raises UnknownAccountError."""
    _require(connection, user_id)
    connection.execute(delete(UserRole).where(UserRole.user_id == user_id))
    _give(connection, user_id, roles)


def change_password(connection: Connection, user_id: str, password: str) -> None:
    """Gives the account a new password and ends its sessions. Raises UnknownAccountError."""
    _require(connection, user_id)
    _change(connection, user_id, password_hash=_hasher.hash(password))


def admit(connection: Connection, user_id: str, *, active: bool) -> None:
    """Opens the account, or closes it, which ends its sessions. Raises UnknownAccountError."""
    _require(connection, user_id)
    _change(connection, user_id, active=active)


def _require(connection: Connection, user_id: str) -> None:
    if people.person(connection, user_id) is None:
        raise UnknownAccountError(user_id)


def _change(connection: Connection, user_id: str, **values: object) -> None:
    connection.execute(update(User).where(User.id == user_id).values(values))


def _give(connection: Connection, user_id: str, roles: Iterable[HeldRole]) -> None:
    for held in roles:
        connection.execute(
            insert(UserRole).values(user_id=user_id, role=held.role, team=held.team, region=held.region)
        )


def check(
    connection: Connection, *, user_id: str, password: str, address: str, at: datetime
) -> Person | None:
    """The person whose id and password these are; None, and counted, where they are not.

    Raises TooManyAttemptsError before the password is looked at.
    """
    user_id = user_id.strip()[:LONGEST_ID]
    here, everywhere = access.refused_sign_ins(
        connection, user_id=user_id, address=address, since=at - WINDOW
    )
    if here >= TRIES_FROM_ONE_ADDRESS or everywhere >= TRIES_FROM_ALL:
        raise TooManyAttemptsError
    person = people.person(connection, user_id)
    if _is_password_of(person, password):
        return person
    access.record(connection, user_id=user_id, instance_id=None, what=access.SIGN_IN_REFUSED + address, at=at)
    return None


def _is_password_of(person: Person | None, password: str) -> bool:
    expected = _nobodys_hash if person is None else person.password_hash
    try:
        _hasher.verify(expected, password)
    except (VerificationError, InvalidHashError):
        return False
    return person is not None and person.active
