"""Which forms were carried out, so that what is sent twice is done once."""

from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql

from engine.db.tables import SentForm


def begin(connection: Connection, key: bytes, *, at: datetime) -> str | None:
    """Note that a form is carried out in this transaction; where it led if it was carried out before.

    `key` tells one sending from another. Who sends the same at the same time waits for the first to end.
    """
    noted = postgresql.insert(SentForm).values(key=key, at=at, leads_to="").on_conflict_do_nothing()
    if connection.execute(noted.returning(SentForm.key)).first() is not None:
        return None
    return connection.execute(select(SentForm.leads_to).where(SentForm.key == key)).scalar_one()


def lead(connection: Connection, key: bytes, to: str) -> None:
    """Note where the form leads that this transaction carries out."""
    connection.execute(update(SentForm).where(SentForm.key == key).values(leads_to=to))
