"""Paths that stopped, across the cases a person sees and within one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from engine.db.tables import (
    Incident,
    Instance,
)
from engine.queries.statement import Page, Statement, paged, sliced


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLine:
    """An open incident with the case it stops."""

    id: int
    instance_id: int
    reference: str
    element: str
    kind: str
    message: str
    remedy: str
    opened_at: datetime


def seen_by(connection: Connection, seen: ColumnElement[bool], number: int) -> Page[IncidentLine]:
    """Page `number` (from 1) of the open incidents of the cases the person may see, the oldest first."""
    found = connection.execute(sliced(_open_incidents().where(seen), number)).mappings()
    return paged([IncidentLine(**row) for row in found], number)


def is_seen(connection: Connection, incident_id: int, seen: ColumnElement[bool]) -> bool:
    """Whether the incident is open and its case one the person may see."""
    return connection.execute(_open_incidents().where(Incident.id == incident_id, seen)).first() is not None


def of_case(connection: Connection, instance_id: int) -> list[IncidentLine]:
    """The open incidents of a case, the oldest first."""
    found = connection.execute(_open_incidents().where(Instance.id == instance_id)).mappings()
    return [IncidentLine(**row) for row in found]


def _open_incidents() -> Statement:
    return (
        select(
            Incident.id, Instance.id.label("instance_id"), Instance.reference, Incident.element,
            Incident.kind, Incident.message, Incident.remedy, Incident.opened_at,
        )
        .join(Instance, Instance.id == Incident.instance_id)
        .where(Incident.resolved_at.is_(None))
        .order_by(Incident.opened_at, Incident.id)
    )  # fmt: skip
