"""A person's calendar feed: a signed address that their own calendar reads, until they revoke it."""

from datetime import datetime

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Connection, insert, select, update

from engine.db.tables import CalendarFeed, User
from engine.runtime.errors import LinkRefusedError

_SALT = "calendar-feed"


def issue(connection: Connection, *, user_id: str, at: datetime) -> None:
    """Give the person a new feed; one they had before is revoked."""
    revoke(connection, user_id=user_id, at=at)
    connection.execute(insert(CalendarFeed).values(user_id=user_id, created_at=at))


def revoke(connection: Connection, *, user_id: str, at: datetime) -> None:
    """Close every feed of the person: whoever knows its address reads nothing any more."""
    connection.execute(
        update(CalendarFeed)
        .where(CalendarFeed.user_id == user_id, CalendarFeed.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def token(feed_id: int, *, secret_key: str) -> str:
    """What the address of a feed ends with."""
    return URLSafeSerializer(secret_key, salt=_SALT).dumps(feed_id)


def owner(connection: Connection, token: str, *, secret_key: str) -> str:
    """The person whose feed it is. Raises `LinkRefusedError` for a token that is not ours or was revoked."""
    try:
        feed_id = URLSafeSerializer(secret_key, salt=_SALT).loads(token)
    except BadSignature as error:
        raise LinkRefusedError(
            "This address is not one of ours.", "Copy it again from your settings."
        ) from error
    query = (
        select(CalendarFeed.user_id)
        .join(User, User.id == CalendarFeed.user_id)
        .where(CalendarFeed.id == feed_id, CalendarFeed.revoked_at.is_(None), User.active)
    )
    user_id = connection.execute(query).scalar_one_or_none()
    if user_id is None:
        raise LinkRefusedError("This feed was closed.", "Make a new one in your settings.")
    return user_id
