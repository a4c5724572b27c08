"""Delivers messages, signals and facts: one transaction a receiver, never twice to the same one.

A message starts every process that waits for it with a start event, once, and then goes to one waiting
case, if there is one; a signal goes to all, and a fact of a service to all its cases that wait for it.

A signal is for who waits when it is sent. When it is first seen it becomes a row for each waiting case,
with the case's reference as its key; that of a suspended case stays until the case goes on. The first row
keeps the empty key and starts processes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, insert, or_, select, update

from engine import feel
from engine.db.tables import Delivery, Incident, Instance, InstanceState, Message, Subscription
from engine.history import Event, EventKind
from engine.queries import incidents
from engine.runtime import message_starts, service_facts
from engine.runtime.errors import CaseBusyError, NotFoundError
from engine.runtime.library import Library
from engine.runtime.records import open_incident, record
from engine.runtime.step import Step
from engine.runtime.store import lock
from engine.runtime.timers import SYSTEM

MESSAGE, SIGNAL = "message", "signal"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message on its way, read without a lock."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Who is to have a message: a waiting case, or a process that is started by it. Read without a lock."""

    message_id: int
    process_id: str = ""  # of the process to start; else it is a case
    instance_id: int = 0
    token_id: int = 0
    key: str = ""
    element: str = ""
    reference: str = ""


def waiting(connection: Connection, at: datetime, *, after: int = 0, limit: int = 100) -> list[Waiting]:
    """Messages that somebody can have now, and those that end; read on from the number `after`."""
    alive = or_(Message.expires_at == Message.sent_at, Message.expires_at >= at)
    query = (
        select(Message.id)
        .where(
            Message.state == "waiting",
            Message.id > after,
            or_(
                and_(Message.kind == SIGNAL, Message.correlation_key.is_(None)),
                and_(alive, or_(*(each.exists() for each in _able(Message)))),
                and_(Message.expires_at <= at, ~_held(Message)),
                and_(Message.kind == MESSAGE, _was_had(Message), ~_held(Message)),
            ),
        )
        .order_by(Message.id)
        .limit(limit)
    )
    return [Waiting(*row) for row in connection.execute(query)]


def receivers(connection: Connection, message: Waiting, at: datetime) -> list[Receiver]:
    """Who can have a message now: processes it starts, then cases; none when its time to live is over."""
    row = connection.execute(
        select(Message.__table__).where(Message.id == message.id, Message.state == "waiting")
    ).one_or_none()
    if row is None or not _is_alive(row, at):
        return []
    starts, cases, told = (connection.execute(query).all() for query in _able(row))
    return [
        *(Receiver(message_id=row.id, process_id=each.process_id, element=each.element) for each in starts),
        *(Receiver(message_id=row.id, **each._mapping) for each in cases),
        *(Receiver(message_id=row.id, element=row.name, **each._mapping) for each in told),
    ]


def _is_alive(row: Row[Any], at: datetime) -> bool:
    """Whether it may still be delivered. Without a time to live it is for who waits when it is first seen."""
    return bool(row.expires_at == row.sent_at or row.expires_at >= at)


def _able(message: type[Message] | Row[Any]) -> tuple[Select[*tuple[Any, ...]], ...]:
    """Who can have it now: processes, waiting cases, cases of a service."""
    cases = _cases(message).where(Instance.state == InstanceState.RUNNING, ~_is_stopped())
    return message_starts.wanted(message), cases, service_facts.able(message)


def _was_had(message: type[Message]) -> ColumnElement[bool]:
    """Whether somebody had it, and the worker that handed it over was stopped before it could end it."""
    return exists().where(Delivery.message_id == message.id)


def _held(message: type[Message]) -> ColumnElement[bool]:
    """Whether a message without a time to live waits for a case that is suspended or stopped."""
    somebody = or_(_cases(message).exists(), service_facts.receivers(message).exists())
    return and_(message.expires_at == message.sent_at, somebody)


def _cases(message: type[Message] | Row[Any]) -> Select[int, int, str, str, str]:
    """The cases that wait for a message and have not had it, in any state; none when one had it."""
    ours = Delivery.message_id == message.id
    had = exists().where(ours, Delivery.instance_id == Subscription.instance_id)
    taken = exists().where(ours, Delivery.process_id.is_(None))
    for_key = or_(
        Subscription.correlation_key == message.correlation_key, Subscription.correlation_key.is_(None)
    )
    return (
        select(
            Subscription.instance_id,
            Subscription.token_id,
            Subscription.key,
            Subscription.element,
            Instance.reference,
        )
        .join(Instance, Instance.id == Subscription.instance_id)
        .where(
            Subscription.kind == message.kind,
            Subscription.name == message.name,
            or_(
                and_(
                    Subscription.kind == MESSAGE,
                    for_key,
                    ~taken.correlate(Message),  # also where the message is two queries further out
                ),
                and_(Subscription.kind == SIGNAL, Instance.reference == message.correlation_key),
            ),
            ~had.correlate(Message, Subscription),
        )
        .order_by(Subscription.id)
    )


def _is_stopped() -> ColumnElement[bool]:
    return incidents.is_open(
        incidents.DELIVERY,
        Incident.instance_id == Subscription.instance_id,
        Incident.token_id == Subscription.token_id,
        Incident.element == Subscription.element,
    )


def deliver(connection: Connection, library: Library, *, to: Receiver, at: datetime) -> bool:
    """Deliver to one receiver; False when it cannot be had now, or needs it no more."""
    row = _locked(connection, to.message_id)
    if row is None or not _is_alive(row, at):
        return False
    if to.process_id:
        return _start(connection, library, row, to, at)
    if row.kind == service_facts.KIND:
        return service_facts.tell(connection, library, message=row, to=to.instance_id, at=at)
    return _hand_over(connection, library, row, to, at)


def _locked(connection: Connection, message_id: int) -> Row[Any] | None:
    query = select(Message.__table__).where(Message.id == message_id, Message.state == "waiting")
    return connection.execute(query.with_for_update(skip_locked=True)).one_or_none()


def _start(connection: Connection, library: Library, row: Row[Any], to: Receiver, at: datetime) -> bool:
    """Start one process; a message whose service is unknown is refused and told to its sender."""
    wanted = message_starts.wanted(row).where(message_starts.is_of(to.process_id))
    start = connection.execute(wanted.limit(1)).one_or_none()
    if start is None:
        return False
    try:
        message_starts.start(connection, library, message=row, process=start, actor=SYSTEM, at=at)
    except NotFoundError as error:
        remedy = "Correct 'service.urn' in the input mapping of what sends it; start this one by hand."
        _refuse(connection, row, to.process_id, error.reason, remedy, at)
    return True


def _refuse(
    connection: Connection, row: Row[Any], process_id: str, why: str, remedy: str, at: datetime
) -> None:
    _state(connection, row.id, "refused")
    _tell_sender(
        connection, row, at, f"The message '{row.name}' could not start '{process_id}'. {why}", remedy
    )


def _hand_over(connection: Connection, library: Library, row: Row[Any], to: Receiver, at: datetime) -> bool:
    """Hand a message or signal to a case that waits for it."""
    case = lock(connection, to.instance_id, skip_locked=True)
    if case is None or case.state != InstanceState.RUNNING:
        return False
    waits = _cases(row).where(
        Subscription.instance_id == to.instance_id,
        Subscription.token_id == to.token_id,
        Subscription.key == to.key,
    )
    if connection.execute(waits).first() is None:
        return False
    step = Step.load(connection, library, to.instance_id, actor=SYSTEM, at=at, case=case)
    connection.execute(insert(Delivery).values(message_id=row.id, instance_id=to.instance_id, at=at))
    step.events.append(
        Event(
            kind=EventKind.MESSAGE_RECEIVED, element=None, fields={"message": row.name}, personal=row.payload
        )
    )
    payload = feel.from_json(row.payload)
    if row.kind == SIGNAL:
        step.execution.broadcast_signal(row.name, payload)
    else:
        step.execution.deliver(to.token_id, payload, key=to.key)
    step.save()
    return True


def stop(connection: Connection, *, receiver: Receiver, why: str, at: datetime) -> bool:
    """Let a message that a case cannot receive be an incident there; one that starts nothing is refused.

    False when there is nothing to tell any more, or others can still have it. Raises `CaseBusyError`.
    """
    row = _locked(connection, receiver.message_id)
    if row is None:
        return False
    if receiver.process_id:
        others = [each for each in receivers(connection, Waiting(row.id), at) if not each.process_id]
        if others or (row.kind == SIGNAL and row.correlation_key is None):
            return False
        remedy = "Mend what the message names; start this one by hand."
        _refuse(connection, row, receiver.process_id, why, remedy, at)
        return True
    lock(connection, receiver.instance_id)
    opened = open_incident(
        connection,
        receiver.instance_id,
        token_id=receiver.token_id,
        element=receiver.element,
        kind=incidents.DELIVERY,
        message=f"The message '{row.name}' cannot be received. {why}",
        remedy="Mend what it names, then retry: it is received if its time to live is not over.",
        at=at,
    )
    record(connection, receiver.instance_id, [opened], actor=SYSTEM, at=at)
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


def end(connection: Connection, *, message: Waiting, at: datetime) -> bool:
    """End a message that nobody is to have any more; False when it is still on its way.

    A message that nobody took in its time is an incident of its sender. Raises `CaseBusyError`.
    """
    row = _locked(connection, message.id)
    if row is None:
        return False
    if row.kind == SIGNAL and row.correlation_key is None:
        _spread(connection, row)
        return True
    on_its_way: list[Select[*tuple[Any, ...]]] = [*_able(row)] if _is_alive(row, at) else []
    if row.expires_at == row.sent_at:
        on_its_way += [_cases(row), service_facts.receivers(row)]
    if any(connection.execute(query.limit(1)).first() is not None for query in on_its_way):
        return False
    had = connection.execute(select(Delivery.at).where(Delivery.message_id == row.id)).first()
    if row.kind != MESSAGE or had is not None:
        _state(connection, row.id, "delivered")
        return True
    if row.expires_at > at:
        return False
    _state(connection, row.id, "expired")
    told = f"Nobody took the message '{row.name}' in its time."
    remedy = "See that the process that waits for it runs, or act by hand; then mark this as resolved."
    _tell_sender(connection, row, at, told, remedy)
    return True


def _spread(connection: Connection, row: Row[Any]) -> None:
    """Give each other case that waits for a signal a row of its own, so that none holds up another.

    The case that sent it caught it in the same step.
    """
    same = [
        *(Message.kind, Message.name, Message.payload, Message.sender_instance_id),
        *(Message.sender_token_id, Message.sent_at, Message.expires_at, Message.state),
    ]
    waits = exists().where(
        Subscription.instance_id == Instance.id,
        Subscription.kind == SIGNAL,
        Subscription.name == row.name,
    )
    each = (
        select(*same, Instance.reference)
        .join(Instance, Instance.state.in_([InstanceState.RUNNING, InstanceState.SUSPENDED]))
        .where(Message.id == row.id, waits, Instance.id.is_distinct_from(Message.sender_instance_id))
        .order_by(Instance.id)
    )
    connection.execute(insert(Message).from_select([*same, Message.correlation_key], each))
    connection.execute(update(Message).where(Message.id == row.id).values(correlation_key=""))


def _tell_sender(connection: Connection, row: Row[Any], at: datetime, message: str, remedy: str) -> None:
    """Open an incident in the case that sent the message, if a case did. Raises `CaseBusyError`."""
    if row.sender_instance_id is None:
        return
    if lock(connection, row.sender_instance_id, skip_locked=True) is None:
        raise CaseBusyError
    opened = open_incident(
        connection,
        row.sender_instance_id,
        token_id=row.sender_token_id,
        element=row.name,
        kind=MESSAGE,
        message=message,
        remedy=remedy,
        at=at,
    )
    record(connection, row.sender_instance_id, [opened], actor=SYSTEM, at=at)


def _state(connection: Connection, message_id: int, state: str) -> None:
    connection.execute(update(Message).where(Message.id == message_id).values(state=state))
