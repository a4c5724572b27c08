"""What runs: a case, its live tokens and their variables."""

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.db.tables.base import Base, Json


class Instance(Base):
    """A process instance: the case people know by its reference. Its row is the lock of the case."""

    __tablename__ = "instance"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"), index=True)
    reference: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    service_urn: Mapped[str] = mapped_column(ForeignKey("service.urn"), index=True)
    team: Mapped[str]
    region: Mapped[str]
    restricted: Mapped[bool] = mapped_column(server_default=text("false"))  # confidential: see the next
    restricted_to: Mapped[list[str]] = mapped_column(server_default=text("'{}'::text[]"))  # roles that see it
    started_at: Mapped[datetime]
    started_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    started_by_instance_id: Mapped[int | None] = mapped_column(ForeignKey("instance.id"), index=True)
    next_id: Mapped[int]  # next token or scope id
    history_length: Mapped[int] = mapped_column(server_default=text("0"))
    chain_head: Mapped[bytes] = mapped_column(server_default=text("'\\x'::bytea"))


class Token(Base):
    """A live element: waiting, ready or started. Finished elements stand in history only."""

    __tablename__ = "token"

    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    container: Mapped[int | None]
    parent: Mapped[int | None]
    definition_id: Mapped[int]
    element: Mapped[str]
    state: Mapped[str]
    triggered: Mapped[bool]
    data: Mapped[Json]


class Scope(Base):
    """A variable scope; scope 0 is the instance."""

    __tablename__ = "scope"

    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    parent: Mapped[int | None]
    kind: Mapped[str]


class Variable(Base):
    """A named FEEL value in a scope."""

    __tablename__ = "variable"
    __table_args__ = (
        ForeignKeyConstraint(
            ["instance_id", "scope_id"], ["scope.instance_id", "scope.id"], ondelete="CASCADE"
        ),
    )

    instance_id: Mapped[int] = mapped_column(primary_key=True)
    scope_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Json]


class CaseMigration(Base):
    """A move of a case to another version of a process, with what undoing it puts back."""

    __tablename__ = "case_migration"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str]
    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"))  # moved to
    rename: Mapped[Json]  # old element id -> new one
    before: Mapped[Json]  # the rows of the case as they were, by table; empty once they put nothing back
    fingerprint: Mapped[str]  # of the case's tokens and open deadlines right after the move
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
