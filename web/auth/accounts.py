"""Local accounts: argon2 hashes, and a limit on wrong passwords that holds across processes."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, insert

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
    """Makes an account with its roles."""
    connection.execute(
        insert(User).values(
            id=user_id, name=name, email=email, password_hash=_hasher.hash(password), created_at=at
        )
    )
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
