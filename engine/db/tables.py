"""The typed tables: what is deployed, what runs, what waits, what happened.

Times are aware and stored in UTC; dates are London days. `values`, `data` and `fields` columns hold
FEEL values in the encoding of `engine.feel.to_json`.

What every step writes refers to definitions, and history to its case, without a foreign key: PostgreSQL would
lock the referred row for each new one, and all cases of a version share its row. Definitions and cases are
never deleted, and a step writes under the lock of its case.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Sequence,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json = Any
"""A JSON-able structure, as `engine.feel.to_json` makes it."""


_OPEN_TASKS = "state IN ('open', 'claimed')"


class Base(DeclarativeBase):
    """Names every constraint, so that a violated one can be told by name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: TIMESTAMP(timezone=True),
        date: Date(),
        str: Text(),
        bytes: LargeBinary(),
        Json: JSONB(none_as_null=True),
        list[str]: ARRAY(Text()),
        int: BigInteger(),
    }


class InstanceState(StrEnum):
    """Where a process instance stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"


class UserTaskState(StrEnum):
    """Where a user task stands; `OPEN` may be claimed, `CLAIMED` has an assignee."""

    OPEN = "open"
    CLAIMED = "claimed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class JobState(StrEnum):
    """Where a job stands; `FAILED` means its retries ran out and an incident is open."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DeadlineState(StrEnum):
    """Where a deadline stands; `WAITING` does not know its start yet."""

    WAITING = "waiting"
    RUNNING = "running"
    MET = "met"
    MISSED = "missed"
    PAUSED = "paused"
    EXTENDED = "extended"
    VOID = "void"


# --- what is deployed -------------------------------------------------------------------------


class Deployment(Base):
    """One act of deploying a set of files together."""

    __tablename__ = "deployment"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")


class Resource(Base):
    """A deployed file, byte for byte; one row a content."""

    __tablename__ = "resource"
    __table_args__ = (UniqueConstraint("name", "sha256"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str]  # bpmn, dmn, form, groups, letter, guidance
    name: Mapped[str]  # path inside the models folder
    content: Mapped[bytes]
    sha256: Mapped[bytes]


class DeploymentResource(Base):
    """Which files stood together when a deployment was made: what binding "deployment" means."""

    __tablename__ = "deployment_resource"

    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), primary_key=True)


class ProcessDefinition(Base):
    """A version of a process; a running instance keeps the version it started with."""

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("process_id", "version"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    process_id: Mapped[str]
    version: Mapped[int]
    version_tag: Mapped[str | None]
    name: Mapped[str]
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), index=True)
    closure_sha256: Mapped[bytes]  # of its file and of every file it is bound to
    deployed_at: Mapped[datetime]


class StartEvent(Base):
    """A message or signal that starts a version of a process; only the newest version is started."""

    __tablename__ = "start_event"
    __table_args__ = (Index("ix_start_event_name", "kind", "name"),)

    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"), primary_key=True)
    element: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]  # message, signal
    name: Mapped[str]


class DecisionDefinition(Base):
    """A version of a decision; `resource_id` holds the whole DMN file it stands in."""

    __tablename__ = "decision_definition"
    __table_args__ = (UniqueConstraint("decision_id", "version"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    decision_id: Mapped[str]
    version: Mapped[int]
    version_tag: Mapped[str | None]
    name: Mapped[str]
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), index=True)
    deployed_at: Mapped[datetime]


class FormDefinition(Base):
    """A version of a form; an open task keeps the version it was created with."""

    __tablename__ = "form_definition"
    __table_args__ = (UniqueConstraint("form_id", "version"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    form_id: Mapped[str]
    version: Mapped[int]
    version_tag: Mapped[str | None]
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), index=True)
    deployed_at: Mapped[datetime]


# --- who and what -----------------------------------------------------------------------------


class Service(Base):
    """A registered home or agency."""

    __tablename__ = "service"

    urn: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    setting: Mapped[str]
    region: Mapped[str]
    local_authority: Mapped[str]
    provider_name: Mapped[str]
    provider_email: Mapped[str]
    registered_manager: Mapped[str | None]
    responsible_individual: Mapped[str | None]
    manager_vacant_since: Mapped[date | None]
    last_inspection: Mapped[date | None]
    last_overall: Mapped[str | None]


class User(Base):
    """A person who signs in. `id` is the name they sign in with."""

    __tablename__ = "app_user"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime]
    works_on: Mapped[list[str]] = mapped_column(
        server_default=text("'{Monday,Tuesday,Wednesday,Thursday,Friday}'")
    )


class CalendarFeed(Base):
    """A signed address from which a person's own calendar reads their deadlines, until it is revoked."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"), index=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class UserRole(Base):
    """A role a person holds; team and region narrow it where the role's relation asks for it."""

    __tablename__ = "user_role"

    user_id: Mapped[str] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    team: Mapped[str] = mapped_column(primary_key=True, server_default="")
    region: Mapped[str] = mapped_column(primary_key=True, server_default="")


# --- what runs --------------------------------------------------------------------------------


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
    restricted: Mapped[bool] = mapped_column(server_default=text("false"))
    started_at: Mapped[datetime]
    started_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    started_by_instance_id: Mapped[int | None] = mapped_column(ForeignKey("instance.id"))
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


class UserTask(Base):
    """A row in the inbox. The columns from `reference` to `restricted` are the instance's, copied."""

    __tablename__ = "user_task"
    __table_args__ = (
        UniqueConstraint("instance_id", "token_id"),
        Index("ix_user_task_assignee_open", "assignee", "due_date", "id", postgresql_where="state='claimed'"),
        Index("ix_user_task_open", "due_date", "id", postgresql_where="state='open'"),
        Index("ix_user_task_completed_by", "completed_by", "completed_at"),
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
    """A message or signal on its way: written by its sender, delivered in one transaction a receiver."""

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


CASE_NUMBER = Sequence("case_number", metadata=Base.metadata)
"""Numbers the references of cases."""


# --- what happened ----------------------------------------------------------------------------


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
