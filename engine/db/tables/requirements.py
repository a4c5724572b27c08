"""What inspections required of services, and what became of it."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.db.tables.base import Base


class RequirementState(StrEnum):
    """Open until somebody records whether it was met."""

    OPEN = "open"
    MET = "met"
    NOT_MET = "not met"


class Requirement(Base):
    """A requirement or recommendation on a service. `number` counts those of one case from 1."""

    __tablename__ = "requirement"
    __table_args__ = (UniqueConstraint("instance_id", "number"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    service_urn: Mapped[str] = mapped_column(ForeignKey("service.urn"), index=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"))
    number: Mapped[int]
    kind: Mapped[str]
    regulation: Mapped[str]
    action: Mapped[str]
    due_on: Mapped[date | None]
    state: Mapped[str]
    settled_on: Mapped[date | None]
    note: Mapped[str | None]
