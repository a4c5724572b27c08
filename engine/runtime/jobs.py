"""The life of a job: leased by a worker, done, failed and tried again, or an incident."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from engine import feel
from engine.db.tables import Incident, Instance, InstanceState, Job, JobState
from engine.history import Event, EventKind
from engine.runtime.library import Library
from engine.runtime.records import record
from engine.runtime.step import Step
from engine.runtime.store import lock
from engine.runtime.timers import SYSTEM

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """A job that one worker may do until its lease ends."""

    id: int
    instance_id: int
    token_id: int
    element: str
    type: str
    headers: Mapping[str, str]
    attempts: int
    retries: int
    idempotency_key: str
    reference: str
    deployment_id: int
    variables: Mapping[str, feel.Value]
    environment: feel.Environment


def lease(
    connection: Connection, library: Library, *, worker: str, at: datetime, lasting: timedelta
) -> Leased | None:
    """Take the job that is longest due and not leased; None when there is none."""
    query = (
        select(Job.id, Job.instance_id)
        .join(Instance, Instance.id == Job.instance_id)
        .where(
            Job.state == JobState.WAITING,
            Job.due_at <= at,
            or_(Job.leased_until.is_(None), Job.leased_until <= at),
            Instance.state == InstanceState.RUNNING,
        )
        .order_by(Job.due_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Job)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        return None
    row = connection.execute(
        update(Job)
        .where(Job.id == found.id)
        .values(leased_by=worker, leased_until=at + lasting, attempts=Job.attempts + 1)
        .returning(
            Job.token_id, Job.element, Job.type, Job.headers, Job.attempts, Job.retries, Job.idempotency_key
        )
    ).one()
    step = Step.look(connection, library, found.instance_id, at=at)
    return Leased(
        id=found.id,
        instance_id=found.instance_id,
        token_id=row.token_id,
        element=row.element,
        type=row.type,
        headers=row.headers,
        attempts=row.attempts,
        retries=row.retries,
        idempotency_key=row.idempotency_key,
        reference=step.case.reference,
        deployment_id=step.process.deployment_id,
        variables=step.execution.variables(row.token_id),
        environment=step.environment,
    )


def finish(
    connection: Connection,
    library: Library,
    *,
    job: Leased,
    worker: str,
    result: Mapping[str, feel.Value],
    at: datetime,
) -> bool:
    """Record a job as done and move its case on; False when the lease was lost: nothing is recorded."""
    lock(connection, job.instance_id)
    if not _holds(connection, job, worker):
        return False
    step = Step.load(connection, library, job.instance_id, actor=SYSTEM, at=at, running_only=False)
    connection.execute(
        update(Job).where(Job.id == job.id).values(state=JobState.DONE, leased_by=None, leased_until=None)
    )
    fields: dict[str, Any] = {"type": job.type, "attempts": job.attempts}
    step.events.append(Event(kind=EventKind.JOB_DONE, element=job.element, fields=fields))
    step.execution.finish_job(job.token_id, result)
    step.save()
    return True


def fail(connection: Connection, *, job: Leased, worker: str, why: str, at: datetime) -> None:
    """Plan another try with a growing pause, or open an incident when the retries are used up."""
    lock(connection, job.instance_id)
    if not _holds(connection, job, worker):
        return
    over = job.attempts >= job.retries
    pause = min(FIRST_RETRY * 2 ** (job.attempts - 1), LONGEST_RETRY)
    connection.execute(
        update(Job)
        .where(Job.id == job.id)
        .values(
            state=JobState.FAILED if over else JobState.WAITING,
            due_at=at + pause,
            leased_by=None,
            leased_until=None,
            last_error=why,
        )
    )
    fields = {"type": job.type, "attempts": job.attempts, "error": why}
    events = [Event(kind=EventKind.JOB_FAILED, element=job.element, fields=fields)]
    if over:
        remedy = "Mend the cause, then retry the incident."
        connection.execute(
            insert(Incident).values(
                instance_id=job.instance_id,
                token_id=job.token_id,
                element=job.element,
                kind="job",
                message=why,
                remedy=remedy,
                opened_at=at,
            )
        )
        told = {"kind": "job", "message": why, "remedy": remedy}
        events.append(Event(kind=EventKind.INCIDENT_OPENED, element=job.element, fields=told))
    record(connection, job.instance_id, events, actor=SYSTEM, at=at)


def _holds(connection: Connection, job: Leased, worker: str) -> bool:
    held = select(Job.id).where(
        Job.id == job.id,
        Job.state == JobState.WAITING,
        Job.leased_by == worker,
        Job.attempts == job.attempts,
    )
    return connection.execute(held).first() is not None
