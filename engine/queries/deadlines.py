"""Deadlines across cases: the managers' overview, a person's own, a case's, and who works on which days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    update,
)

from engine.db.tables import (
    CalendarFeed,
    CalendarRevision,
    Deadline,
    DeadlineState,
    History,
    Instance,
    ProcessDefinition,
    Service,
    User,
    UserTask,
    Variable,
)
from engine.queries.statement import Page, Statement, paged, sliced

LEAD = "lead_inspector"
"""The variable of a case that names who leads it."""

RUNNING = (DeadlineState.RUNNING, DeadlineState.EXTENDED)
LIVE = (*RUNNING, DeadlineState.MISSED, DeadlineState.PAUSED)
_AS_TEXT = Variable.value.op("#>>")(literal_column("'{}'::text[]"))
"""A variable's string without its quotes."""

MOST = 5000
"""Rows that a list without pages (CSV, feed) holds at most."""


class Show(StrEnum):
    """The parts of the overview."""

    TODAY = "today"
    WEEK = "week"
    RISK = "risk"
    MISSED = "missed"
    PAUSED = "paused"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineFilter:
    """What the overview is narrowed to; an empty string narrows nothing. `inspector` is a user id."""

    team: str = ""
    inspector: str = ""
    region: str = ""
    process: str = ""
    setting: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineLine:
    """An open deadline with its case; `behind` says that an older calendar counted it."""

    id: int
    instance_id: int
    reference: str
    key: str
    name: str
    state: str
    force: str
    owner: str
    opens_on: date | None
    warn_on: date | None
    due_on: date
    arithmetic: str
    miss_reason: str | None
    team: str
    region: str
    setting: str
    service_name: str
    process_name: str
    lead: str | None
    behind: bool


def lines(seen: ColumnElement[bool], wanted: DeadlineFilter) -> Statement:
    """Open deadlines of cases that are `seen`, and misses that ask for their reason; the next due first."""
    statement = (
        select(
            Deadline.id, Deadline.instance_id, Instance.reference, Deadline.key, Deadline.name,
            Deadline.state, Deadline.force, Deadline.owner, Deadline.opens_on, Deadline.warn_on,
            Deadline.due_on, Deadline.arithmetic, Deadline.miss_reason, Instance.team, Instance.region,
            Service.setting, Service.name.label("service_name"),
            ProcessDefinition.name.label("process_name"), _lead().label("lead"),
            and_(Deadline.ended_on.is_(None), Deadline.calendar_revision != _newest()).label("behind"),
        )
        .join(Instance, Instance.id == Deadline.instance_id)
        .join(Service, Service.urn == Instance.service_urn)
        .join(ProcessDefinition, ProcessDefinition.id == Instance.definition_id)
        .where(seen, Deadline.due_on.is_not(None), _is_of_interest())
        .order_by(Deadline.due_on, Deadline.id)
    )  # fmt: skip
    for column, value in (
        (Instance.team, wanted.team),
        (Instance.region, wanted.region),
        (ProcessDefinition.process_id, wanted.process),
        (Service.setting, wanted.setting),
        (_lead(), wanted.inspector),
    ):
        if value:
            statement = statement.where(column == value)
    return statement


def shown(statement: Statement, show: Show, today: date) -> Statement:
    """Narrows `lines` to a part of the overview; `today` is a London day, a week ends with its Sunday."""
    return statement.where(_part(show, today))


def counts(connection: Connection, statement: Statement, today: date) -> dict[Show, int]:
    """How many deadlines of `lines` each part holds."""
    found = statement.order_by(None).subquery()
    columns = [func.count().filter(_part(show, today, found.c)).label(show.value) for show in Show]
    row = connection.execute(select(*columns).select_from(found)).mappings().one()
    return {show: row[show.value] for show in Show}


def page(connection: Connection, statement: Statement, number: int) -> Page[DeadlineLine]:
    """Page `number` (from 1) of `lines`."""
    found = connection.execute(sliced(statement, number)).mappings()
    return paged([DeadlineLine(**row) for row in found], number)


def everything(connection: Connection, statement: Statement) -> list[DeadlineLine]:
    """All of `lines`, up to `MOST`."""
    return [DeadlineLine(**row) for row in connection.execute(statement.limit(MOST)).mappings()]


def of_person(user_id: str) -> ColumnElement[bool]:
    """Deadlines that are a person's: of cases they lead, or met by a task they have claimed."""
    claimed = (
        select(literal(1))
        .where(
            UserTask.instance_id == Deadline.instance_id,
            UserTask.element == Deadline.met_by,
            UserTask.assignee == user_id,
            UserTask.state == "claimed",
        )
        .exists()
    )
    return or_(_lead() == user_id, claimed)


def choices(connection: Connection) -> dict[str, list[tuple[str, str]]]:
    """What the overview can be narrowed to: values and words, by the name of the filter."""

    def distinct(column: Any) -> list[tuple[str, str]]:
        return [
            (each, each) for each in connection.execute(select(column).distinct().order_by(column)).scalars()
        ]

    leads = connection.execute(
        select(User.id, User.name)
        .where(User.id.in_(select(_AS_TEXT).where(Variable.name == LEAD)))
        .order_by(User.name, User.id)
    )
    processes = connection.execute(
        select(ProcessDefinition.process_id, func.max(ProcessDefinition.name))
        .where(ProcessDefinition.id.in_(select(Instance.definition_id).where(Instance.restricted.is_(False))))
        .group_by(ProcessDefinition.process_id)
        .order_by(ProcessDefinition.process_id)
    )
    return {
        "team": distinct(Instance.team),
        "inspector": [(user_id, name) for user_id, name in leads],
        "region": distinct(Instance.region),
        "process": [(process_id, name) for process_id, name in processes],
        "setting": distinct(Service.setting),
    }


# --- one deadline, one case -------------------------------------------------------------------------


def one(instance_id: int, deadline_id: int) -> Statement:
    """A deadline of a case."""
    return select(*Deadline.__table__.columns).where(
        Deadline.instance_id == instance_id, Deadline.id == deadline_id
    )


def told(instance_id: int, scope_id: int, key: str) -> Statement:
    """What history says of a deadline: what was known of it, and when; first to last."""
    return (
        select(History.seq, History.at, History.actor, History.kind, History.fields)
        .where(
            History.instance_id == instance_id,
            History.kind.startswith("deadline "),
            History.fields["deadline"].astext == key,
            History.fields["scope"].astext == str(scope_id),
        )
        .order_by(History.seq)
    )


def is_behind(connection: Connection, instance_id: int) -> bool:
    """Whether a deadline of the case was counted by an older calendar than the newest."""
    found = select(literal(1)).where(
        Deadline.instance_id == instance_id,
        Deadline.ended_on.is_(None),
        Deadline.calendar_revision != _newest(),
    )
    return connection.execute(found.limit(1)).first() is not None


# --- people -----------------------------------------------------------------------------------------


def works_on(connection: Connection, user_id: str) -> list[str]:
    """The weekdays on which a person works."""
    return list(connection.execute(select(User.works_on).where(User.id == user_id)).scalar_one())


def set_works_on(connection: Connection, user_id: str, days: Iterable[str]) -> None:
    """Records the weekdays on which a person works."""
    connection.execute(update(User).where(User.id == user_id).values(works_on=list(days)))


def feed_of(connection: Connection, user_id: str) -> int | None:
    """The number of a person's calendar feed, if it is not revoked."""
    query = select(CalendarFeed.id).where(CalendarFeed.user_id == user_id, CalendarFeed.revoked_at.is_(None))
    return connection.execute(query.order_by(CalendarFeed.id.desc()).limit(1)).scalar_one_or_none()


def _newest() -> Any:
    query = select(CalendarRevision.id).order_by(
        CalendarRevision.created_at.desc(), CalendarRevision.id.desc()
    )
    return query.limit(1).scalar_subquery()


def _lead() -> Any:
    return (
        select(_AS_TEXT)
        .where(Variable.instance_id == Deadline.instance_id, Variable.scope_id == 0, Variable.name == LEAD)
        .scalar_subquery()
    )


def _is_of_interest() -> ColumnElement[bool]:
    """Open, or missed and its reason still asked for."""
    is_open = and_(Deadline.ended_on.is_(None), Deadline.state.in_(LIVE))
    return or_(is_open, and_(Deadline.state == DeadlineState.MISSED, Deadline.miss_reason.is_(None)))


def _part(show: Show, today: date, columns: Any = Deadline) -> Any:
    due, state, warn = columns.due_on, columns.state, columns.warn_on
    runs = state.in_(RUNNING)
    match show:
        case Show.TODAY:
            return and_(runs, due == today)
        case Show.WEEK:
            return and_(runs, due >= today, due <= today + timedelta(days=6 - today.weekday()))
        case Show.RISK:
            return and_(runs, due >= today, warn <= today)
        case Show.MISSED:
            return state == DeadlineState.MISSED
        case Show.PAUSED:
            return state == DeadlineState.PAUSED
        case Show.ALL:
            return true()
