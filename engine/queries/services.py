"""Registered services, for planning an inspection."""

from sqlalchemy import select

from engine.db.tables import Service
from engine.queries.statement import Statement


def all_services() -> Statement:
    """Every service, by name."""
    return select(*Service.__table__.columns).order_by(Service.name, Service.urn)


def service(urn: str) -> Statement:
    """The service of one URN."""
    return select(*Service.__table__.columns).where(Service.urn == urn)
