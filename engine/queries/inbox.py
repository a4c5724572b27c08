"""The inbox: my tasks, my team's, and those I completed."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, literal, or_, select, union_all

from engine.db.tables import Draft, Instance, ProcessDefinition, Service, User, UserTask, UserTaskState
from engine.queries.people import HeldRole
from engine.queries.reach import Reach, cases_seen_by, offered_by_name, offered_by_roles, tasks_offered_to
from engine.queries.statement import PAGE_SIZE, Page, Statement, paged, sliced

PROVIDER = "provider"
"""The group whose people come through a signed link, and who they are in drafts and history."""


_URGENT = (UserTask.due_date.asc().nulls_last(), UserTask.priority.desc(), UserTask.id)


class DueFilter(StrEnum):
    """Which due dates an inbox shows."""

    ALL = "all"
    LATE = "late"
    SOON = "soon"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """One row of an inbox."""

    id: int
    instance_id: int
    case_state: str
    name: str
    state: str
    lane: str | None
    reference: str
    service_name: str
    process_name: str
    form_definition_id: int | None
    restricted: bool
    priority: int
    due_date: date | None
    follow_up_date: date | None
    assignee: str | None
    assignee_name: str | None
    created_at: datetime
    claimed_at: datetime | None
    completed_at: datetime | None
    completed_by: str | None
    guidance: list[str]
    draft_saved: bool


def mine(user_id: str) -> Statement:
    """Tasks the person has claimed, the most urgent first."""
    return _lines(user_id).where(UserTask.state == UserTaskState.CLAIMED, UserTask.assignee == user_id)


@dataclass(frozen=True, slots=True)
class Offered:
    """Tasks that are offered in several ways, each read so that PostgreSQL need not look at all open tasks.

    Those of a role are read in the order of the page, as far as the page goes. Those that name the person
    are few: all are found by the name and then put in order.
    """

    reach: Reach
    conditions: tuple[ColumnElement[bool], ...]

    def where(self, condition: ColumnElement[bool]) -> "Offered":
        """Only those for which the condition holds too."""
        return Offered(self.reach, (*self.conditions, condition))

    def until(self, number: int) -> Statement:
        """The tasks as a statement that is right up to page `number` and one row of the next."""
        wanted = number * PAGE_SIZE + 1
        task = select(UserTask.id).where(*self.conditions)
        firsts = [
            select(task.where(way).order_by(*_URGENT).limit(wanted).subquery().c.id)
            for way in offered_by_roles(self.reach)
        ]
        named = task.where(offered_by_name(self.reach)).offset(0).subquery()  # not to be read in order
        return _lines(self.reach.user_id).where(UserTask.id.in_(union_all(select(named.c.id), *firsts)))


Tasks: TypeAlias = Statement | Offered
"""What the functions of this module give: to be narrowed and paged."""


def team(reach: Reach) -> Offered:
    """Tasks of the person's roles that nobody, or somebody else, has claimed; the most urgent first."""
    free = or_(
        UserTask.state == UserTaskState.OPEN,
        and_(UserTask.state == UserTaskState.CLAIMED, UserTask.assignee != reach.user_id),
    )
    return Offered(reach, (free,))


def done(user_id: str) -> Statement:
    """Tasks the person completed, the latest first."""
    return (
        _lines(user_id)
        .where(UserTask.completed_by == user_id)
        .order_by(None)
        .order_by(UserTask.completed_at.desc(), UserTask.id.desc())
    )


def one(connection: Connection, task_id: int, reach: Reach) -> TaskLine | None:
    """The task, if it is offered to the person, was theirs, or belongs to a case they may see."""
    statement = _one(reach.user_id, reach.roles, tuple(reach.relations.items()))
    row = connection.execute(statement, {"task_id": task_id}).mappings().one_or_none()
    return TaskLine(**row) if row is not None else None


@lru_cache(maxsize=512)
def _one(user_id: str, roles: tuple[HeldRole, ...], relations: tuple[tuple[str, str], ...]) -> Statement:
    """Kept a person, because putting the conditions of all their roles together takes longer than asking."""
    reach = Reach(user_id=user_id, roles=roles, relations=dict(relations))
    seen = select(Instance.id).where(Instance.id == UserTask.instance_id, cases_seen_by(reach))
    return _lines(user_id).where(
        UserTask.id == bindparam("task_id"),
        or_(tasks_offered_to(reach), UserTask.assignee == user_id, exists(seen)),
    )


def for_provider(instance_id: int) -> Statement:
    """The newest task of a case that is for the provider alone, in whatever state."""
    return (
        _lines(PROVIDER)
        .where(UserTask.instance_id == instance_id, UserTask.candidate_groups == [PROVIDER])
        .order_by(None)
        .order_by(UserTask.id.desc())
    )


def of_case(instance_id: int, user_id: str) -> Statement:
    """The open tasks of a case, whoever's they are."""
    return _lines(user_id).where(
        UserTask.instance_id == instance_id,
        UserTask.state.in_([UserTaskState.OPEN, UserTaskState.CLAIMED]),
    )


def due(statement: Tasks, wanted: DueFilter, *, today: date, soon: date) -> Tasks:
    """Narrows a statement of this module to due dates; `soon` is the last London day that counts as soon."""
    match wanted:
        case DueFilter.ALL:
            return statement
        case DueFilter.LATE:
            return statement.where(UserTask.due_date < today)
        case DueFilter.SOON:
            return statement.where(UserTask.due_date.between(today, soon))
        case DueFilter.NONE:
            return statement.where(UserTask.due_date.is_(None))


def page(connection: Connection, tasks: Tasks, number: int) -> Page[TaskLine]:
    """Page `number` (from 1) of what a function of this module gives."""
    statement = tasks.until(number) if isinstance(tasks, Offered) else tasks
    found = connection.execute(sliced(statement, number)).mappings()
    return paged([TaskLine(**row) for row in found], number)


def _lines(user_id: str) -> Statement:
    has_draft = exists(select(literal(1)).where(Draft.user_task_id == UserTask.id, Draft.user_id == user_id))
    own = [
        UserTask.id,
        UserTask.instance_id,
        UserTask.name,
        UserTask.state,
        UserTask.lane,
        UserTask.reference,
        UserTask.form_definition_id,
        UserTask.restricted,
        UserTask.priority,
        UserTask.due_date,
        UserTask.follow_up_date,
        UserTask.assignee,
        UserTask.created_at,
        UserTask.claimed_at,
        UserTask.completed_at,
        UserTask.completed_by,
        UserTask.guidance,
    ]
    # Asked for the rows of the page alone: a join would be planned for all tasks.
    case_state = select(Instance.state).where(Instance.id == UserTask.instance_id).scalar_subquery()
    return (
        select(
            *own,
            case_state.label("case_state"),
            Service.name.label("service_name"),
            ProcessDefinition.name.label("process_name"),
            User.name.label("assignee_name"),
            has_draft.label("draft_saved"),
        )
        .join(Service, Service.urn == UserTask.service_urn)
        .join(ProcessDefinition, ProcessDefinition.id == UserTask.definition_id)
        .join(User, User.id == UserTask.assignee, isouter=True)
        .order_by(*_URGENT)
    )
