"""Delivers messages, signals and facts: one transaction a receiver, never twice to the same one.

A message starts every process that waits for it with a start event, once, and then goes to one waiting
case, if there is one; a signal goes to all, and a fact of a service to all its cases that wait for it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, insert, or_, select, update
from sqlalchemy.dialects import postgresql

from engine import feel
from engine.db.tables import Delivery, Incident, Instance, InstanceState, Message, Subscription
from engine.history import Event, EventKind
from engine.runtime import message_starts, service_facts
from engine.runtime.errors import NotFoundError
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
        .where(
            Message.state == "waiting",
            or_(
                message_starts.wanted(Message).exists(),
                _receivers(Message).exists(),
                service_facts.receivers(Message).exists(),
                Message.expires_at <= at,
            ),
        )
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
            ~exists()
            .where(Delivery.message_id == message.id, Delivery.instance_id == Subscription.instance_id)
            .correlate(Message, Subscription),  # also where the message is two queries further out
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
    if row.kind == service_facts.KIND:
        return _tell(connection, library, row, at)
    start = connection.execute(message_starts.wanted(row).limit(1)).one_or_none()
    if start is not None:
        return _start(connection, library, row, start, at)
    return _hand_over(connection, library, row, at)


def _start(
    connection: Connection, library: Library, row: Row[Any], start: Row[str, str], at: datetime
) -> bool:
    """Start one process; a message whose service is unknown is refused and told to its sender."""
    try:
        message_starts.start(connection, library, message=row, process=start, actor=SYSTEM, at=at)
    except NotFoundError as error:
        _state(connection, row.id, "refused")
        why = f"The message '{row.name}' could not start '{start.process_id}'. {error.reason}"
        remedy = "Correct 'service.urn' in the input mapping of what sends it; start this one by hand."
        _tell_sender(connection, row, at, why, remedy)
        return True
    if row.kind == "message" and not _is_wanted(connection, row):
        _state(connection, row.id, "delivered")
    return True


def _tell(connection: Connection, library: Library, row: Row[Any], at: datetime) -> bool:
    """Tell one case of a fact; it ends with the last."""
    to = connection.execute(service_facts.receivers(row).limit(1)).scalar_one_or_none()
    if to is None:
        _state(connection, row.id, "delivered")
        return True
    return service_facts.tell(connection, library, message=row, to=to, at=at)


def _is_wanted(connection: Connection, row: Row[Any]) -> bool:
    return any(
        connection.execute(query.limit(1)).first() is not None
        for query in (message_starts.wanted(row), _receivers(row))
    )


def _hand_over(connection: Connection, library: Library, row: Row[Any], at: datetime) -> bool:
    """Hand the message to one waiting case."""
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
    if row.kind == "message" and had is None:
        message = f"Nobody took the message '{row.name}' in its time."
        remedy = "See that the process that waits for it runs, or act by hand; then mark this as resolved."
        _tell_sender(connection, row, at, message, remedy)
    return True


def _tell_sender(connection: Connection, row: Row[Any], at: datetime, message: str, remedy: str) -> None:
    """Open an incident in the case that sent the message, if a case did."""
    if row.sender_instance_id is None:
        return
    lock(connection, row.sender_instance_id)
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
