"""Starts processes by message: the newest version of each process that has a start event for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, func, insert, or_, select
from sqlalchemy.orm import aliased

from engine import feel
from engine.db.tables import Delivery, Instance, Message, ProcessDefinition, StartEvent
from engine.runtime import cases
from engine.runtime.library import Library

OWN = frozenset({"reference", "service", "setting"})
"""What a case has of its own; a payload that carries it too says it of the sender."""


def wanted(message: type[Message] | Row[Any]) -> Select[str, str]:
    """The processes a message starts and has not started: process id and start event."""
    newer = aliased(ProcessDefinition)
    return (
        select(ProcessDefinition.process_id, StartEvent.element)
        .join(ProcessDefinition, ProcessDefinition.id == StartEvent.definition_id)
        .where(
            StartEvent.kind == message.kind,
            StartEvent.name == message.name,
            # A signal for one case has that case's reference as its key.
            or_(StartEvent.kind != "signal", func.coalesce(message.correlation_key, "") == ""),
            ~exists().where(
                newer.process_id == ProcessDefinition.process_id, newer.version > ProcessDefinition.version
            ),
            ~exists()
            .where(Delivery.message_id == message.id, Delivery.process_id == ProcessDefinition.process_id)
            .correlate(Message, ProcessDefinition),  # also where the message is two queries further out
        )
        .order_by(ProcessDefinition.process_id, StartEvent.element)
    )


def is_of(process_id: str) -> ColumnElement[bool]:
    """Whether what is wanted is the start of one process."""
    return ProcessDefinition.process_id == process_id


def start(
    connection: Connection,
    library: Library,
    *,
    message: Row[Any],
    process: Row[str, str],
    actor: str,
    at: datetime,
) -> cases.Case:
    """Start a process by a message whose row is locked, and note it in the same transaction.

    The service is the payload's (`service.urn`), else the sender's; the team is the sender's. Raises
    `NotFoundError` before anything is written when the service is unknown.
    """
    payload = feel.from_json(message.payload)
    assert isinstance(payload, dict)
    urn, team = _sender(connection, message)
    case = cases.start(
        connection,
        library,
        process_id=process.process_id,
        start_event=process.element,
        service_urn=_service(payload) or urn,
        variables={name: value for name, value in payload.items() if name not in OWN},
        team=team,
        by=actor,
        at=at,
        started_by_instance=message.sender_instance_id,
    )
    connection.execute(
        insert(Delivery).values(
            message_id=message.id, instance_id=case.id, process_id=process.process_id, at=at
        )
    )
    return case


def _sender(connection: Connection, message: Row[Any]) -> tuple[str, str]:
    """Service and team of the case that sent it; empty when none did."""
    query = select(Instance.service_urn, Instance.team).where(Instance.id == message.sender_instance_id)
    row = connection.execute(query).one_or_none()
    return (row.service_urn, row.team) if row is not None else ("", "")


def _service(payload: Mapping[str, feel.Value]) -> str:
    service = payload.get("service")
    urn = service.get("urn") if isinstance(service, dict) else None
    return urn if isinstance(urn, str) else ""
