"""The life of a job: leased by a worker, done, failed and tried again, or an incident."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select, text, update

from engine import feel
from engine.db.tables import Instance, InstanceState, Job, JobState
from engine.dialect.durations import TimeFormatError, parse_duration
from engine.history import Event, EventKind
from engine.runtime.library import Library
from engine.runtime.records import open_incident, record
from engine.runtime.step import Step
from engine.runtime.store import lock
from engine.runtime.timers import SYSTEM
from engine.spiff.times import after as later

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)

_FOLLOW = text("""
UPDATE job j SET element = split_part(t.element, '[', 1), type = t.data->'job'->>'type',
  headers = t.data->'job'->'headers', retries = (t.data->'job'->>'retries')::int
FROM token t
WHERE j.instance_id = :i AND j.state IN ('waiting', 'failed')
  AND t.instance_id = j.instance_id AND t.id = j.token_id AND t.data->'job' IS NOT NULL""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
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

    @property
    def is_spent(self) -> bool:
        """Whether all its tries were begun before and none was recorded: its workers vanished."""
        return self.attempts > self.retries


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased(Held):
    """The same with what a handler needs of its case."""

    deployment_id: int
    variables: Mapping[str, feel.Value]
    environment: feel.Environment


def lease(
    connection: Connection,
    *,
    worker: str,
    at: datetime,
    lasting: timedelta,
    others: Collection[str] = (),
) -> Held | None:
    """Take the job that is longest due and not leased, but for the types `others`; None without one.

    `at` is the moment of taking it: the lease counts from there. A lease that ends more than a whole lease
    later than one taken now was made by a clock that has been put back since.
    """
    query = (
        select(Job.id, Instance.reference)
        .join(Instance, Instance.id == Job.instance_id)
        .where(
            Job.state == JobState.WAITING,
            Job.due_at <= at,
            or_(Job.leased_until.is_(None), Job.leased_until <= at, Job.leased_until > at + 2 * lasting),
            Job.type.not_in(others),
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
            Job.id,
            Job.instance_id,
            Job.token_id,
            Job.element,
            Job.type,
            Job.headers,
            Job.attempts,
            Job.retries,
            Job.idempotency_key,
        )
    )
    return Held(**row.mappings().one(), reference=found.reference)


def read(connection: Connection, library: Library, *, job: Held, at: datetime) -> Leased:
    """A held job with its case as it stands."""
    step = Step.look(connection, library, job.instance_id, at=at)
    return Leased(
        **{each.name: getattr(job, each.name) for each in fields(job)},
        deployment_id=step.process.deployment_id,
        variables=step.execution.variables(job.token_id),
        environment=step.environment,
    )


def finish(
    connection: Connection,
    library: Library,
    *,
    job: Held,
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
    told: dict[str, Any] = {"type": job.type, "attempts": job.attempts}
    step.events.append(Event(kind=EventKind.JOB_DONE, element=job.element, fields=told))
    step.execution.finish_job(job.token_id, result)
    step.save()
    return True


def reject(
    connection: Connection,
    library: Library,
    *,
    job: Held,
    worker: str,
    code: str,
    said: str,
    remedy: str,
    at: datetime,
) -> bool:
    """Let a job end in the BPMN error `code`, which its case then goes on with; a final failure where nothing
    catches it. False when the lease was lost: nothing is recorded.
    """
    lock(connection, job.instance_id)
    if not _holds(connection, job, worker):
        return False
    step = Step.load(connection, library, job.instance_id, actor=SYSTEM, at=at, running_only=False)
    step.events.append(_failure(job, said, code=code))
    name = job.headers.get("errorVariable")
    told: feel.Value = {"code": code, "message": said}
    if not step.execution.throw_error(job.token_id, code, {name: told} if name else {}):
        why = f"{said} No error event catches '{code}'. {remedy}"
        return fail(connection, job=job, worker=worker, why=why, at=at, is_final=True)
    step.save()
    return True


def renew(connection: Connection, *, job: Held, worker: str, at: datetime, lasting: timedelta) -> None:
    """Let a lease count from now, if it is still this worker's."""
    connection.execute(update(Job).where(*_held_by(job, worker)).values(leased_until=at + lasting))


def fail(
    connection: Connection,
    *,
    job: Held,
    worker: str,
    why: str,
    at: datetime,
    not_before: datetime | None = None,
    is_final: bool = False,
) -> bool:
    """Plan another try with a growing pause, or open an incident when the retries are used up.

    No try is due before `not_before`, while the last one may still be at work. After a final failure only
    people let it be tried again. False when the lease was lost: nothing is recorded.
    """
    lock(connection, job.instance_id)
    if not _holds(connection, job, worker):
        return False
    again_at, wrong = _next_try(job, at)
    over = is_final or job.attempts >= job.retries or bool(wrong)
    why = f"{why} {wrong}".strip()
    connection.execute(
        update(Job)
        .where(Job.id == job.id)
        .values(
            state=JobState.FAILED if over else JobState.WAITING,
            due_at=again_at if not_before is None else max(again_at, not_before),
            leased_by=None,
            leased_until=None,
            last_error=why,
        )
    )
    events = [_failure(job, why)]
    if over:
        remedy = "Mend the cause, then retry the incident."
        opened = open_incident(
            connection,
            job.instance_id,
            token_id=job.token_id,
            element=job.element,
            kind="job",
            message=why,
            remedy=remedy,
            at=at,
        )
        events.append(opened)
    record(connection, job.instance_id, events, actor=SYSTEM, at=at)
    return True


def follow_tokens(connection: Connection, instance_id: int) -> None:
    """Let the jobs of a case that are not done be what their tokens, which a command renewed, now say.

    A worker that does one at this moment ends what it began.
    """
    connection.execute(_FOLLOW, {"i": instance_id})


def _failure(job: Held, why: str, **more: str) -> Event:
    failure = {"type": job.type, "attempts": job.attempts, "error": why, **more}
    return Event(kind=EventKind.JOB_FAILED, element=job.element, fields=failure)


def _next_try(job: Held, at: datetime) -> tuple[datetime, str]:
    """When to try again: the header `retryBackoff` (30 seconds without), doubled with each try.

    And what is wrong with the header, if anything: then there is no next try.
    """
    times = 2 ** min(job.attempts - 1, 20)
    written = job.headers.get("retryBackoff", "")
    try:
        pause = later(at, parse_duration(written), times) if written else at + FIRST_RETRY * times
    except TimeFormatError as error:
        return at, f"The task header 'retryBackoff' is wrong: {error}"
    return min(max(pause, at), at + LONGEST_RETRY), ""


def _holds(connection: Connection, job: Held, worker: str) -> bool:
    return connection.execute(select(Job.id).where(*_held_by(job, worker))).first() is not None


def _held_by(job: Held, worker: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Job.id == job.id,
        Job.state == JobState.WAITING,
        Job.leased_by == worker,
        Job.attempts == job.attempts,
    )
