"""Cases: the manager's list, and what one case holds."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, union

from engine.db.tables import (
    Deadline,
    DeadlineState,
    Document,
    Evidence,
    Incident,
    Instance,
    ProcessDefinition,
    Service,
    Token,
    User,
    UserTask,
    UserTaskState,
    Variable,
)
from engine.queries.statement import Page, Statement, paged, sliced

OPEN_TASKS = (UserTaskState.OPEN, UserTaskState.CLAIMED)
OPEN_DEADLINES = (DeadlineState.RUNNING, DeadlineState.EXTENDED, DeadlineState.MISSED)
"""With no end day: a missed deadline stays open until what it asks for is done, or no longer needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What a list of cases is narrowed to; an empty string narrows nothing."""

    state: str = ""
    region: str = ""
    setting: str = ""
    late: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One case of a list."""

    id: int
    reference: str
    state: str
    restricted: bool
    team: str
    region: str
    started_at: datetime
    ended_at: datetime | None
    process_name: str
    service_name: str
    setting: str
    next_due: date | None
    open_tasks: int
    incidents: int
    missed: int


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


def lines(seen: ColumnElement[bool], wanted: CaseFilter, *, today: date) -> Statement:
    """Cases the person may see (`seen`, of `engine.queries.reach`), the next due first."""
    next_due = _next_due()
    statement = (
        select(
            Instance.id, Instance.reference, Instance.state, Instance.restricted, Instance.team,
            Instance.region, Instance.started_at, Instance.ended_at,
            ProcessDefinition.name.label("process_name"),
            Service.name.label("service_name"),
            Service.setting,
            next_due.label("next_due"),
            _count(UserTask, UserTask.state.in_(OPEN_TASKS)).label("open_tasks"),
            _count(Incident, Incident.resolved_at.is_(None)).label("incidents"),
            _count(Deadline, Deadline.state == DeadlineState.MISSED).label("missed"),
        )
        .join(ProcessDefinition, ProcessDefinition.id == Instance.definition_id)
        .join(Service, Service.urn == Instance.service_urn)
        .where(seen)
        .order_by(next_due.asc().nulls_last(), Instance.id)
    )  # fmt: skip
    return _narrowed(statement, wanted, today)


def page(connection: Connection, statement: Statement, number: int) -> Page[CaseLine]:
    """Page `number` (from 1) of `lines`."""
    found = connection.execute(sliced(statement, number)).mappings()
    return paged([CaseLine(**row) for row in found], number)


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
        select(Document.name, Document.version, Document.media_type, Document.content, Document.created_at)
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


def incidents_seen(connection: Connection, seen: ColumnElement[bool], number: int) -> Page[IncidentLine]:
    """Page `number` (from 1) of the open incidents of the cases the person may see, the oldest first."""
    found = connection.execute(sliced(_open_incidents().where(seen), number)).mappings()
    return paged([IncidentLine(**row) for row in found], number)


def is_incident_seen(connection: Connection, incident_id: int, seen: ColumnElement[bool]) -> bool:
    """Whether the incident is open and its case one the person may see."""
    return connection.execute(_open_incidents().where(Incident.id == incident_id, seen)).first() is not None


def incidents_of(connection: Connection, instance_id: int) -> list[IncidentLine]:
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


def settings_and_regions(connection: Connection) -> tuple[list[str], list[str]]:
    """The settings and the regions that services have, for filters."""
    settings = connection.execute(select(Service.setting).distinct().order_by(Service.setting)).scalars()
    regions = connection.execute(select(Service.region).distinct().order_by(Service.region)).scalars()
    return list(settings), list(regions)


def _next_due() -> Any:
    return (
        select(func.min(Deadline.due_on))
        .where(
            Deadline.instance_id == Instance.id,
            Deadline.state.in_(OPEN_DEADLINES),
            Deadline.ended_on.is_(None),
        )
        .scalar_subquery()
    )


def _count(table: Any, condition: ColumnElement[bool]) -> Any:
    return (
        select(func.count())
        .select_from(table)
        .where(table.instance_id == Instance.id, condition)
        .scalar_subquery()
    )


def _narrowed(statement: Statement, wanted: CaseFilter, today: date) -> Statement:
    if wanted.state:
        statement = statement.where(Instance.state == wanted.state)
    if wanted.region:
        statement = statement.where(Instance.region == wanted.region)
    if wanted.setting:
        statement = statement.where(Service.setting == wanted.setting)
    if wanted.late:
        statement = statement.where(_next_due() < today)
    if wanted.text:
        sought = f"%{_escaped(wanted.text)}%"
        statement = statement.where(Instance.reference.ilike(sought) | Service.name.ilike(sought))
    return statement


def _escaped(text: str) -> str:
    """`text` with the wildcards of LIKE taken literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
