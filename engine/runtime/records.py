"""What is written of a case outside a step: facts and incidents. It must be locked in this transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from engine.db.tables import History, Incident, Instance
from engine.history import Event, EventKind, append


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


def open_incident(
    connection: Connection,
    instance_id: int,
    *,
    token_id: int,
    element: str,
    kind: str,
    message: str,
    remedy: str,
    at: datetime,
) -> Event:
    """Stop a path of a case from outside; the event that tells it is the caller's to record."""
    told = {"kind": kind, "message": message, "remedy": remedy}
    row = told | {"instance_id": instance_id, "token_id": token_id, "element": element, "opened_at": at}
    connection.execute(insert(Incident).values(row))
    return Event(kind=EventKind.INCIDENT_OPENED, element=element, fields=told)
