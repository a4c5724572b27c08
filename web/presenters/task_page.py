"""The page of one task: what is asked, by when, why, and who has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.db.tables import UserTaskState
from engine.guidance import Register
from engine.queries.inbox import TaskLine
from engine.workdays import Calendar
from web.presenters import dates, deadlines, tags, tasks
from web.presenters.deadlines import DeadlineRow
from web.presenters.tags import Tag
from web.presenters.tasks import Due


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """What the task template shows around the form; `rules` are ids with their words."""

    id: int
    name: str
    reference: str
    service: str
    process: str
    state: Tag
    due: Due
    deadlines: tuple[DeadlineRow, ...]
    rules: tuple[tuple[str, str], ...]
    who: str
    mine: bool
    claimable: bool
    releasable: bool
    why_not: str
    ended: str
    stands_still: str


def task_page(
    line: TaskLine,
    *,
    deadline_rows: Sequence[Mapping[Any, Any]],
    register: Register,
    why_not: str | None,
    names: dict[str, str],
    user_id: str,
    today: date,
    stands_still: str,
    calendar: Calendar | None = None,
) -> TaskPage:
    """`why_not` says why the person may not claim or complete it; `names` holds those of users by id.

    `stands_still` says why nobody can, while the case is suspended.
    """
    state = UserTaskState(line.state)
    mine = state == UserTaskState.CLAIMED and line.assignee == user_id
    return TaskPage(
        id=line.id,
        name=line.name,
        reference=line.reference,
        service=line.service_name,
        process=line.process_name,
        state=tags.TASK[state],
        due=tasks.due(line.due_date, today),
        deadlines=tuple(deadlines.row(each, today=today, calendar=calendar) for each in deadline_rows),
        rules=tuple((rule, register.words(rule) or "") for rule in line.guidance),
        who="you" if mine else line.assignee_name or line.assignee or "",
        mine=mine,
        claimable=state == UserTaskState.OPEN and why_not is None and not stands_still,
        releasable=state == UserTaskState.CLAIMED,
        why_not=why_not or "",
        ended=_ended(line, state, names),
        stands_still=stands_still,
    )


def _ended(line: TaskLine, state: UserTaskState, names: dict[str, str]) -> str:
    match state:
        case UserTaskState.COMPLETED:
            by = names.get(line.completed_by or "", line.completed_by or "the system")
            return f"{by} completed this task on {dates.moment(line.completed_at)}."
        case UserTaskState.CANCELLED:
            return "This task is no longer needed: the case has moved on."
        case _:
            return ""
