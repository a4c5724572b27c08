"""Tasks of an inbox: what to do, for which case, by when."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.db.tables import InstanceState, UserTaskState
from engine.queries.inbox import DueFilter, TaskLine
from web.presenters import dates, tags
from web.presenters.tags import Tag

STALE_AFTER = timedelta(days=7)
"""A task claimed for longer, without being completed, is called out so that it can be released."""

DUE_FILTERS = {
    DueFilter.ALL: "All dates",
    DueFilter.LATE: "Late",
    DueFilter.SOON: "Due in the next 7 days",
    DueFilter.NONE: "No due date",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A due day in words, with how far it is and whether that needs a colour."""

    day: str
    distance: str
    tag: Tag | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task as a list shows it."""

    id: int
    name: str
    reference: str
    service: str
    process: str
    due: Due
    tags: tuple[Tag, ...]
    who: str
    claimable: bool
    completed: str


def due(when: date | None, today: date) -> Due:
    """How a due day is shown."""
    if when is None:
        return Due(day="No due date", distance="", tag=None)
    tag = tags.LATE if when < today else tags.TODAY if when == today else None
    distance = "" if tag == tags.TODAY else dates.distance(when, today)
    return Due(day=dates.weekday(when), distance=distance, tag=tag)


def row(line: TaskLine, *, today: date, at: datetime, user_id: str) -> TaskRow:
    """The row of a task in the list of the person `user_id`."""
    return TaskRow(
        id=line.id,
        name=line.name,
        reference=line.reference,
        service=line.service_name,
        process=line.process_name,
        due=due(line.due_date if line.completed_at is None else None, today),
        tags=_tags(line, at),
        who=_who(line, user_id),
        claimable=line.state == UserTaskState.OPEN and line.case_state != InstanceState.SUSPENDED,
        completed=dates.moment(line.completed_at),
    )


def _tags(line: TaskLine, at: datetime) -> tuple[Tag, ...]:
    found = []
    if line.case_state == InstanceState.SUSPENDED and line.completed_at is None:
        found.append(tags.CASE[InstanceState.SUSPENDED])
    if line.restricted:
        found.append(tags.RESTRICTED)
    if line.draft_saved and line.completed_at is None:
        found.append(tags.DRAFT)
    if line.state == UserTaskState.CLAIMED and line.claimed_at and at - line.claimed_at > STALE_AFTER:
        found.append(Tag(f"Claimed {(at - line.claimed_at).days} days ago", "orange"))
    return tuple(found)


def _who(line: TaskLine, user_id: str) -> str:
    if line.assignee is None:
        return "Nobody yet"
    return "You" if line.assignee == user_id else line.assignee_name or line.assignee
