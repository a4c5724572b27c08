"""Paths that stopped, across the cases a person sees and within one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, func, select

from engine.db.tables import Incident, Instance, Service, Timer
from engine.queries.statement import Page, Statement, paged, sliced

TIMER = "timer"
"""The kind of an incident about a timer that cannot be fired."""

DELIVERY = "delivery"
"""The kind of an incident about a message that a case cannot receive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLine:
    """An open incident with the case it stops."""

    id: int
    instance_id: int
    token_id: int
    reference: str
    case_state: str
    service_name: str
    element: str
    kind: str
    message: str
    remedy: str
    opened_at: datetime


def seen_by(connection: Connection, seen: ColumnElement[bool], number: int) -> Page[IncidentLine]:
    """Page `number` (from 1) of the open incidents of the cases the person may see, the oldest first."""
    found = connection.execute(sliced(_open_incidents().where(seen), number)).mappings()
    return paged([IncidentLine(**row) for row in found], number)


def one(connection: Connection, incident_id: int, seen: ColumnElement[bool]) -> IncidentLine | None:
    """The incident, if it is open and its case one the person may see."""
    found = connection.execute(_open_incidents().where(Incident.id == incident_id, seen)).mappings().first()
    return None if found is None else IncidentLine(**found)


def of_case(connection: Connection, instance_id: int) -> list[IncidentLine]:
    """The open incidents of a case, the oldest first."""
    found = connection.execute(_open_incidents().where(Instance.id == instance_id)).mappings()
    return [IncidentLine(**row) for row in found]


def is_open(kind: str, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an incident of a kind is open; `where` says of what, in terms of the query around it."""
    query = exists().where(Incident.kind == kind, Incident.resolved_at.is_(None), *where)
    return query.correlate_except(Incident)


def stopped_timer() -> ColumnElement[bool]:
    """Whether a timer could not be fired and waits for its repair; a deadline's mark belongs to no token."""
    return is_open(
        TIMER,
        Incident.instance_id == Timer.instance_id,
        Incident.token_id == func.coalesce(Timer.token_id, 0),
        Incident.element == Timer.element,
    )


def _open_incidents() -> Statement:
    return (
        select(
            Incident.id, Instance.id.label("instance_id"), Incident.token_id, Instance.reference,
            Instance.state.label("case_state"), Service.name.label("service_name"), Incident.element,
            Incident.kind, Incident.message, Incident.remedy, Incident.opened_at,
        )
        .join(Instance, Instance.id == Incident.instance_id)
        .join(Service, Service.urn == Instance.service_urn)
        .where(Incident.resolved_at.is_(None))
        .order_by(Incident.opened_at, Incident.id)
    )  # fmt: skip
