"""The list of cases, narrowed and ordered for those who oversee them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from engine.db.tables import (
    Deadline,
    DeadlineState,
    Incident,
    Instance,
    ProcessDefinition,
    Service,
    UserTask,
)
from engine.queries.reach import OPEN_TASKS
from engine.queries.statement import Page, Statement, paged, sliced

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
