"""Registered services, for planning an inspection."""

from sqlalchemy import select

from engine.db.tables import Instance, Requirement, Service
from engine.queries.statement import Statement


def all_services() -> Statement:
    """Every service, by name."""
    return select(*Service.__table__.columns).order_by(Service.name, Service.urn)


def service(urn: str) -> Statement:
    """The service of one URN."""
    return select(*Service.__table__.columns).where(Service.urn == urn)


def requirements(urn: str) -> Statement:
    """What inspections required of the service, the newest inspection first, with the case's reference."""
    return (
        select(*Requirement.__table__.columns, Instance.reference)
        .join(Instance, Instance.id == Requirement.instance_id)
        .where(Requirement.service_urn == urn)
        .order_by(Requirement.instance_id.desc(), Requirement.number)
    )
