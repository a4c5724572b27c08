"""What happened, and what a case keeps."""

from datetime import date, datetime

from sqlalchemy import (
    ForeignKey,
    Identity,
    Index,
    Sequence,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.db.tables.base import Base, Json

CASE_NUMBER = Sequence("case_number", metadata=Base.metadata)
"""Numbers the references of cases."""


class History(Base):
    """One fact, never changed: who, what, when. Rows of a case are chained by hash."""

    __tablename__ = "history"

    instance_id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    kind: Mapped[str]
    element: Mapped[str | None]
    fields: Mapped[Json]
    personal: Mapped[Json | None]  # removed, with `salt`, by redaction
    salt: Mapped[bytes | None]
    personal_digest: Mapped[bytes | None]
    hash: Mapped[bytes]


class AccessLog(Base):
    """Who looked at sensitive data; locks no case."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_user", "user_id", "at"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[str]
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("instance.id"), index=True)
    what: Mapped[str]


class SentForm(Base):
    """A form that made something new, by what tells its sending from others, and the page of what it made."""

    __tablename__ = "sent_form"

    key: Mapped[bytes] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    leads_to: Mapped[str]


class Document(Base):
    """A file of a case: uploaded, or made from a template. Versions of a name are kept."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("instance_id", "name", "version"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), index=True)
    name: Mapped[str]
    version: Mapped[int]
    media_type: Mapped[str]
    content: Mapped[bytes]
    sha256: Mapped[bytes]
    created_at: Mapped[datetime]
    created_by: Mapped[str]


class Publication(Base):
    """A report made public; withheld ones have a document of their own on the case instead."""

    __tablename__ = "publication"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), index=True)
    at: Mapped[datetime]


class Evidence(Base):
    """An entry of the case record that the team writes in until publication."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), index=True)
    source: Mapped[str]  # case tracked, interview, record, observation …
    area: Mapped[str]  # the judgement it bears on
    text: Mapped[str]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    written_on: Mapped[date]
    at: Mapped[datetime]
    by: Mapped[str]


class ProviderLink(Base):
    """A signed, expiring door for a provider to the provider's open task of a case."""

    __tablename__ = "provider_link"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class CalendarRevision(Base):
    """A dated set of bank holidays and closure days; a package upgrade never moves a date silently."""

    __tablename__ = "calendar_revision"

    id: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    reason: Mapped[str]
    data: Mapped[Json]


class OutgoingMail(Base):
    """An e-mail sent by a job, kept as the record of what left and when."""

    __tablename__ = "outgoing_mail"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), index=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    recipients: Mapped[list[str]]
    subject: Mapped[str]
    body: Mapped[str]
    sent_at: Mapped[datetime]
