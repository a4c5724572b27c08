"""How the work stands: what runs, what waits and for how long, what is stopped. For monitoring."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from engine.db.tables import (
    Incident,
    Instance,
    Job,
    JobState,
    Message,
    ProcessDefinition,
    Timer,
    UserTask,
    UserTaskState,
)
from engine.queries.incidents import stopped_timer


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Counts by state or kind; `oldest` are the seconds that the longest due timer, job, message waits."""

    cases: dict[str, int]
    tasks: dict[str, int]
    jobs: dict[str, int]
    incidents: dict[str, int]
    due: dict[str, int]
    oldest: dict[str, float]


def standing(connection: Connection, at: datetime, *, handled: Collection[str]) -> Standing:
    """Everything at once, in one snapshot. Finished tasks and jobs are not counted: they only grow.

    Due jobs of types that are not `handled` by our own workers are told apart, as "other job".
    """
    open_tasks = UserTask.state.in_([UserTaskState.OPEN, UserTaskState.CLAIMED])
    open_jobs = Job.state.in_([JobState.WAITING, JobState.FAILED])
    due_jobs = select(func.count(), func.min(Job.due_at)).where(
        Job.state == JobState.WAITING, Job.due_at <= at
    )
    waiting = {
        "timer": select(func.count(), func.min(Timer.due_at)).where(Timer.due_at <= at, ~stopped_timer()),
        "job": due_jobs.where(Job.type.in_(handled)),
        "other job": due_jobs.where(Job.type.not_in(handled)),
        "message": select(func.count(), func.min(Message.sent_at)).where(Message.state == "waiting"),
    }
    found = {name: connection.execute(query).one() for name, query in waiting.items()}
    return Standing(
        cases=_counted(connection, Instance.state, Instance.id.is_not(None)),
        tasks=_counted(connection, UserTask.state, open_tasks),
        jobs=_counted(connection, Job.state, open_jobs),
        incidents=_counted(connection, Incident.kind, Incident.resolved_at.is_(None)),
        due={name: count for name, (count, _) in found.items()},
        oldest={name: _age(first, at) for name, (_, first) in found.items()},
    )


def has_models(connection: Connection) -> bool:
    """Whether any process is deployed."""
    return connection.execute(select(ProcessDefinition.id).limit(1)).first() is not None


def _age(first: datetime | None, at: datetime) -> float:
    return 0.0 if first is None else max(0.0, (at - first).total_seconds())


def _counted(connection: Connection, column: Any, condition: Any) -> dict[str, int]:
    query = select(column, func.count()).where(condition).group_by(column).order_by(column)
    return {name: count for name, count in connection.execute(query)}
