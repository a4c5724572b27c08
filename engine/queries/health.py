"""How the work stands: what runs, what waits and for how long, what is stopped. For monitoring."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, or_, select

from engine.db.tables import (
    Incident,
    Instance,
    InstanceState,
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


def standing(
    connection: Connection, at: datetime, *, messages_due: Sequence[int], handled: Collection[str]
) -> Standing:
    """Everything at once, in one snapshot. Finished tasks and jobs are not counted: they only grow.

    Due is what a worker could do now: nothing of a suspended case but the marks of its deadlines, no timer
    that stopped, no job that another worker does, and of the messages those that are named, because somebody
    waits for them or their time is over. Jobs of types that are not `handled` by our own workers are told
    apart, as "other job".
    """
    open_tasks = UserTask.state.in_([UserTaskState.OPEN, UserTaskState.CLAIMED])
    open_jobs = Job.state.in_([JobState.WAITING, JobState.FAILED])
    since = case((Message.expires_at <= at, Message.expires_at), else_=Message.sent_at)
    runs = Instance.state == InstanceState.RUNNING
    due_jobs = (
        select(func.count(), func.min(Job.due_at))
        .join(Instance, Instance.id == Job.instance_id)
        .where(
            Job.state == JobState.WAITING,
            Job.due_at <= at,
            or_(Job.leased_until.is_(None), Job.leased_until <= at),
            runs,
        )
    )
    waiting = {
        "timer": select(func.count(), func.min(Timer.due_at))
        .join(Instance, Instance.id == Timer.instance_id)
        .where(Timer.due_at <= at, or_(runs, Timer.deadline_id.is_not(None)), ~stopped_timer()),
        "job": due_jobs.where(Job.type.in_(handled)),
        "other job": due_jobs.where(Job.type.not_in(handled)),
        "message": select(func.count(), func.min(since)).where(Message.id.in_(messages_due)),
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
