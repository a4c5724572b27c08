"""Appends facts to a case's history outside a step: the case must be locked in this transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from engine.db.tables import History, Instance
from engine.history import Event, append


def record(
    connection: Connection, instance_id: int, events: Sequence[Event], *, actor: str, at: datetime
) -> None:
    """Append `events` to the chain of a case whose row this transaction has locked."""
    head, length = connection.execute(
        select(Instance.chain_head, Instance.history_length)
        .where(Instance.id == instance_id)
        .with_for_update(key_share=True)
    ).one()
    rows, head, length = append(bytes(head), length, at=at, actor=actor, events=events)
    connection.execute(insert(History), [row | {"instance_id": instance_id} for row in rows])
    connection.execute(
        update(Instance).where(Instance.id == instance_id).values(chain_head=head, history_length=length)
    )
