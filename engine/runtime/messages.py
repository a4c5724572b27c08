"""Delivers messages and signals: one transaction a receiver, never twice to the same one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, insert, or_, select, update
from sqlalchemy.dialects import postgresql

from engine import feel
from engine.db.tables import Delivery, Incident, Instance, InstanceState, Message, Subscription
from engine.history import Event, EventKind
from engine.runtime.library import Library
from engine.runtime.records import record
from engine.runtime.step import Step
from engine.runtime.store import lock
from engine.runtime.timers import SYSTEM


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message on its way, read without a lock."""

    id: int


def waiting(connection: Connection, at: datetime, *, limit: int = 100) -> list[Waiting]:
    """Messages that somebody waits for now, and those whose time to live is over."""
    query = (
        select(Message.id)
        .where(Message.state == "waiting", or_(_receivers(Message).exists(), Message.expires_at <= at))
        .order_by(Message.id)
        .limit(limit)
    )
    return [Waiting(*row) for row in connection.execute(query)]


def _receivers(message: type[Message] | Row[Any]) -> Select[int, int, str]:
    """Who waits for a message and has not had it."""
    return (
        select(Subscription.instance_id, Subscription.token_id, Subscription.key)
        .join(Instance, Instance.id == Subscription.instance_id)
        .where(
            Subscription.kind == message.kind,
            Subscription.name == message.name,
            or_(
                Subscription.correlation_key == message.correlation_key,
                Subscription.correlation_key.is_(None),
            ),
            Instance.state == InstanceState.RUNNING,
            ~exists().where(
                Delivery.message_id == message.id, Delivery.instance_id == Subscription.instance_id
            ),
        )
        .order_by(Subscription.id)
    )


def deliver(connection: Connection, library: Library, *, message: Waiting, at: datetime) -> bool:
    """Deliver to one receiver, or end a message whose time is over; False when nothing was done."""
    row = connection.execute(
        select(Message.__table__)
        .where(Message.id == message.id, Message.state == "waiting")
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return False
    receiver = connection.execute(_receivers(row).limit(1)).one_or_none()
    if receiver is None:
        return _end(connection, row, at)
    if lock(connection, receiver.instance_id, skip_locked=True) is None:
        return False
    inserted = connection.execute(
        postgresql.insert(Delivery)
        .values(message_id=row.id, instance_id=receiver.instance_id, at=at)
        .on_conflict_do_nothing()
    )
    if inserted.rowcount == 0:
        return False
    step = Step.load(connection, library, receiver.instance_id, actor=SYSTEM, at=at)
    step.events.append(
        Event(
            kind=EventKind.MESSAGE_RECEIVED, element=None, fields={"message": row.name}, personal=row.payload
        )
    )
    step.execution.deliver(receiver.token_id, feel.from_json(row.payload), key=receiver.key)
    step.save()
    if row.kind == "message":
        _state(connection, row.id, "delivered")
    return True


def publish(
    connection: Connection,
    *,
    name: str,
    correlation_key: str | None,
    payload: dict[str, feel.Value],
    expires_at: datetime,
    at: datetime,
) -> int:
    """Send a message from outside any case; its number."""
    return connection.execute(
        insert(Message)
        .values(
            kind="message",
            name=name,
            correlation_key=correlation_key,
            payload=feel.to_json(payload),
            sent_at=at,
            expires_at=expires_at,
            state="waiting",
        )
        .returning(Message.id)
    ).scalar_one()


def _end(connection: Connection, row: Row[Any], at: datetime) -> bool:
    """A signal ends with its last receiver; a message that nobody took is an incident of its sender."""
    if row.expires_at > at:
        return False
    had = connection.execute(select(Delivery.at).where(Delivery.message_id == row.id)).first()
    _state(connection, row.id, "delivered" if had or row.kind == "signal" else "expired")
    if row.kind == "message" and had is None and row.sender_instance_id is not None:
        _tell_sender(connection, row, at)
    return True


def _tell_sender(connection: Connection, row: Row[Any], at: datetime) -> None:
    lock(connection, row.sender_instance_id)
    message = f"Nobody took the message '{row.name}' in its time."
    remedy = "See that the process that waits for it runs, or act by hand; then mark this as resolved."
    connection.execute(
        insert(Incident).values(
            instance_id=row.sender_instance_id,
            token_id=row.sender_token_id,
            element=row.name,
            kind="message",
            message=message,
            remedy=remedy,
            opened_at=at,
        )
    )
    fields = {"kind": "message", "message": message, "remedy": remedy}
    event = Event(kind=EventKind.INCIDENT_OPENED, element=None, fields=fields)
    record(connection, row.sender_instance_id, [event], actor=SYSTEM, at=at)


def _state(connection: Connection, message_id: int, state: str) -> None:
    connection.execute(update(Message).where(Message.id == message_id).values(state=state))
