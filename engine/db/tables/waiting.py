"""What a case waits for: people, time, jobs, messages, repair."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.db.tables.base import Base, Json

_OPEN_TASKS = "state IN ('open', 'claimed')"


class UserTask(Base):
    """A row in the inbox. The columns from `reference` to `restricted` are the instance's, copied."""

    __tablename__ = "user_task"
    __table_args__ = (
        UniqueConstraint("instance_id", "token_id"),
        Index("ix_user_task_assignee_open", "assignee", "due_date", "id", postgresql_where="state='claimed'"),
        # Read in the order of a page; whose team or region a task is for is told without a look at it.
        Index(
            "ix_user_task_inbox",
            *("due_date", text("priority DESC"), "id", "team", "region"),
            postgresql_where=_OPEN_TASKS,
        ),
        Index("ix_user_task_live", "instance_id", postgresql_where=_OPEN_TASKS),
        Index(
            "ix_user_task_completed_by",
            *("completed_by", "completed_at"),
            postgresql_where="completed_by IS NOT NULL",
        ),
        Index(
            "ix_user_task_groups", "candidate_groups", postgresql_using="gin", postgresql_where=_OPEN_TASKS
        ),
        Index("ix_user_task_users", "candidate_users", postgresql_using="gin", postgresql_where=_OPEN_TASKS),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"))
    token_id: Mapped[int]
    definition_id: Mapped[int]
    element: Mapped[str]
    name: Mapped[str]
    lane: Mapped[str | None]
    form_definition_id: Mapped[int | None]
    guidance: Mapped[list[str]]
    state: Mapped[str]
    assignee: Mapped[str | None]
    candidate_groups: Mapped[list[str]]
    candidate_users: Mapped[list[str]]
    priority: Mapped[int]
    due_date: Mapped[date | None]
    follow_up_date: Mapped[date | None]
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[str | None]
    reference: Mapped[str]
    service_urn: Mapped[str]
    team: Mapped[str]
    region: Mapped[str]
    restricted: Mapped[bool]


class Draft(Base):
    """What one person typed into a task's form and has not completed yet."""

    __tablename__ = "draft"

    user_task_id: Mapped[int] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    saved_at: Mapped[datetime]
    raw: Mapped[Json]  # field name -> list of the strings typed


class Timer(Base):
    """What happens at a time: a timer event (`token_id`) or a mark of a deadline (`deadline_id`)."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("instance_id", "token_id", "key"),
        Index("ix_timer_due", "due_at", "id"),
        CheckConstraint("(token_id IS NULL) <> (deadline_id IS NULL)", name="one_kind"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"))
    token_id: Mapped[int | None]
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadline.id"), index=True)
    key: Mapped[str]  # of the token; or "opens", "warning", "missed"
    element: Mapped[str]
    due_at: Mapped[datetime]


class Job(Base):
    """An outside effect, done after commit by a worker, at least once, told apart by its key."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("idempotency_key"),
        Index("ix_job_due", "due_at", "id", postgresql_where="state='waiting'"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), index=True)
    token_id: Mapped[int]
    element: Mapped[str]
    type: Mapped[str]
    headers: Mapped[Json]
    state: Mapped[str]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    retries: Mapped[int]
    leased_by: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    idempotency_key: Mapped[str]
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]


class Subscription(Base):
    """A token that waits for a message or a signal."""

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("instance_id", "token_id", "key"),
        Index("ix_subscription_name", "kind", "name", "correlation_key"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"))
    token_id: Mapped[int]
    key: Mapped[str]
    element: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    correlation_key: Mapped[str | None]


class Message(Base):
    """A message, signal or fact of a service on its way.

    It is written by its sender, and delivered in one transaction a receiver.
    """

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_waiting", "id", postgresql_where="state='waiting'"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    correlation_key: Mapped[str | None]
    payload: Mapped[Json]
    sender_instance_id: Mapped[int | None] = mapped_column(ForeignKey("instance.id"))
    sender_token_id: Mapped[int | None]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[str]  # waiting, delivered, expired, refused


class Delivery(Base):
    """That a message reached a receiver; a second delivery to the same one is impossible.

    The receiver is a case that waited, or a case that the message started: then `process_id` names
    its process, which no message can start twice.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "ix_delivery_started",
            "message_id",
            "process_id",
            unique=True,
            postgresql_where="process_id IS NOT NULL",
        ),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    at: Mapped[datetime]
    process_id: Mapped[str | None]


class Deadline(Base):
    """A policy date people are held to, with its arithmetic and its life."""

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("instance_id", "scope_id", "key"),
        Index("ix_deadline_open", "due_on", "id", postgresql_where="state IN ('running','extended')"),
        Index("ix_deadline_counted", "calendar_revision", "instance_id", postgresql_where="ended_on IS NULL"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"))
    scope_id: Mapped[int]
    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"))
    key: Mapped[str]  # the <id> of its deadline.<id>.* properties
    element: Mapped[str]
    name: Mapped[str]
    met_by: Mapped[str]
    force: Mapped[str]
    owner: Mapped[str]
    rules: Mapped[list[str]]
    state: Mapped[str]
    start_on: Mapped[date | None]
    opens_on: Mapped[date | None]
    warn_on: Mapped[date | None]
    due_on: Mapped[date | None]
    arithmetic: Mapped[str]  # in words
    calendar_revision: Mapped[str | None]
    ended_on: Mapped[date | None]
    reason: Mapped[str | None]
    authority: Mapped[str | None]
    counted: Mapped[Json | None]  # the numbers it is counted with (engine.deadlines.Numbers)
    adjustments: Mapped[Json] = mapped_column(server_default=text("'[]'::jsonb"))  # pauses, extensions
    miss_reason: Mapped[str | None]  # why it was missed, as its owner said
    is_right: Mapped[bool] = mapped_column(server_default=text("false"))  # of its owner: closes, never missed


class Incident(Base):
    """A path that stopped, with its cause and what mends it."""

    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_open", "instance_id", "token_id", postgresql_where="resolved_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), index=True)
    token_id: Mapped[int]
    element: Mapped[str]
    kind: Mapped[str]
    message: Mapped[str]
    remedy: Mapped[str]
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
