"""Signed, expiring links by which a provider reaches the one task that is theirs."""

from datetime import datetime

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Connection, insert, select, update

from engine.db.tables import ProviderLink
from engine.runtime.errors import LinkRefusedError

_SALT = "provider-link"


def issue(
    connection: Connection, *, secret_key: str, instance_id: int, expires_at: datetime, at: datetime
) -> str:
    """A new link's token; until `expires_at` it opens the provider's task of the case."""
    link_id = connection.execute(
        insert(ProviderLink)
        .values(instance_id=instance_id, created_at=at, expires_at=expires_at)
        .returning(ProviderLink.id)
    ).scalar_one()
    return URLSafeSerializer(secret_key, salt=_SALT).dumps(link_id)


def open_link(connection: Connection, *, secret_key: str, token: str, at: datetime) -> int:
    """The case (instance id) that a link opens. Raises `LinkRefusedError` with the reason."""
    try:
        link_id = URLSafeSerializer(secret_key, salt=_SALT).loads(token)
    except BadSignature as error:
        raise LinkRefusedError(
            "This link is not one of ours.", "Check that the whole link from the e-mail was copied."
        ) from error
    row = connection.execute(
        select(ProviderLink.instance_id, ProviderLink.expires_at, ProviderLink.revoked_at).where(
            ProviderLink.id == link_id
        )
    ).one_or_none()
    if row is None or row.revoked_at is not None:
        raise LinkRefusedError("This link was withdrawn.", "Ask your inspector for a new one.")
    if row.expires_at <= at:
        raise LinkRefusedError(
            "This link has expired: the time for comments is over.",
            "Ask your inspector what can still be done.",
        )
    return int(row.instance_id)


def note_use(connection: Connection, *, instance_id: int, at: datetime) -> None:
    """Record that the links of a case were used."""
    connection.execute(
        update(ProviderLink).where(ProviderLink.instance_id == instance_id).values(last_used_at=at)
    )
