"""What one case holds: its facts, deadlines, documents and evidence."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, union

from engine.db.tables import (
    Deadline,
    Document,
    Evidence,
    History,
    Instance,
    ProcessDefinition,
    Service,
    Token,
    User,
    UserTask,
    Variable,
)
from engine.history import EventKind
from engine.queries.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """One case with its service and the version of its process."""

    id: int
    reference: str
    state: str
    restricted: bool
    team: str
    region: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    definition_id: int
    process_id: str
    process_name: str
    version: int
    service_urn: str
    service_name: str
    setting: str
    local_authority: str
    provider_name: str
    registered_manager: str | None
    last_inspection: date | None
    last_overall: str | None


def facts(connection: Connection, reference: str, seen: ColumnElement[bool]) -> CaseFacts | None:
    """The case `reference`, if the person may see it."""
    row = connection.execute(
        select(
            Instance.id, Instance.reference, Instance.state, Instance.restricted, Instance.team,
            Instance.region, Instance.started_at, Instance.started_by, Instance.ended_at,
            Instance.definition_id, ProcessDefinition.process_id,
            ProcessDefinition.name.label("process_name"), ProcessDefinition.version,
            Instance.service_urn, Service.name.label("service_name"), Service.setting,
            Service.local_authority, Service.provider_name, Service.registered_manager,
            Service.last_inspection, Service.last_overall,
        )
        .join(ProcessDefinition, ProcessDefinition.id == Instance.definition_id)
        .join(Service, Service.urn == Instance.service_urn)
        .where(Instance.reference == reference, seen)
    ).mappings().first()  # fmt: skip
    return None if row is None else CaseFacts(**row)


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody ordered for a case, and why."""

    by: str
    at: datetime
    reason: str


def last_order(connection: Connection, instance_id: int, kind: EventKind) -> Order | None:
    """The latest fact of this kind, for those that are told with a reason."""
    row = connection.execute(
        select(History.actor, History.at, History.fields["reason"].astext)
        .where(History.instance_id == instance_id, History.kind == kind.value)
        .order_by(History.seq.desc())
        .limit(1)
    ).first()
    return None if row is None else Order(row[0], row[1], row[2] or "")


def deadlines(instance_id: int) -> Statement:
    """The deadlines of a case, open ones by their due day."""
    return (
        select(*Deadline.__table__.columns)
        .where(Deadline.instance_id == instance_id)
        .order_by(Deadline.due_on.asc().nulls_last(), Deadline.id)
    )


def definition_ids(connection: Connection, instance_id: int) -> list[int]:
    """The versions of processes that run or ran in the case, its own first."""
    own = select(Instance.definition_id).where(Instance.id == instance_id)
    others = union(
        *(
            select(table.definition_id).where(table.instance_id == instance_id)
            for table in (Token, UserTask, Deadline)
        )
    )
    found = [connection.execute(own).scalar_one(), *connection.execute(others).scalars()]
    return list(dict.fromkeys(found))


def variables(connection: Connection, instance_id: int) -> dict[str, Any]:
    """The variables of the case's own scope, in the encoding of `engine.feel.to_json`."""
    found = connection.execute(
        select(Variable.name, Variable.value)
        .where(Variable.instance_id == instance_id, Variable.scope_id == 0)
        .order_by(Variable.name)
    )
    return {name: value for name, value in found}


def documents(instance_id: int) -> Statement:
    """The documents of a case without their content, each name's newest version first."""
    return (
        select(
            Document.id, Document.name, Document.version, Document.media_type,
            func.octet_length(Document.content).label("size"),
            Document.created_at, Document.created_by, User.name.label("by_name"),
        )
        .join(User, User.id == Document.created_by, isouter=True)
        .where(Document.instance_id == instance_id)
        .order_by(Document.name, Document.version.desc())
    )  # fmt: skip


def document(instance_id: int, document_id: int) -> Statement:
    """One document of a case, with its content."""
    return select(Document.name, Document.version, Document.media_type, Document.content).where(
        Document.instance_id == instance_id, Document.id == document_id
    )


def newest_document(instance_id: int, name: str) -> Statement:
    """The newest version of a document of a case, with its content."""
    return (
        select(
            Document.id,
            Document.name,
            Document.version,
            Document.media_type,
            Document.content,
            Document.created_at,
        )
        .where(Document.instance_id == instance_id, Document.name == name)
        .order_by(Document.version.desc())
        .limit(1)
    )


def evidence(instance_id: int) -> Statement:
    """The evidence record of a case, the latest entry first."""
    return (
        select(
            Evidence.id, Evidence.source, Evidence.area, Evidence.text, Evidence.written_on, Evidence.at,
            Evidence.by, User.name.label("by_name"), Document.id.label("document_id"),
            Document.name.label("document_name"),
        )
        .join(User, User.id == Evidence.by, isouter=True)
        .join(Document, Document.id == Evidence.document_id, isouter=True)
        .where(Evidence.instance_id == instance_id)
        .order_by(Evidence.written_on.desc(), Evidence.id.desc())
    )  # fmt: skip
