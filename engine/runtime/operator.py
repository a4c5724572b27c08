"""What managers do to a case when something stopped or must stop."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from engine.db.tables import Incident, Instance, InstanceState, Job, JobState
from engine.history import Event, EventKind
from engine.runtime.errors import CaseNotRunningError, NotFoundError
from engine.runtime.library import Library
from engine.runtime.records import record
from engine.runtime.step import Step
from engine.runtime.store import lock


def retry_incident(
    connection: Connection, library: Library, *, incident_id: int, by: str, at: datetime
) -> None:
    """Try a stopped path again, after its cause was mended. Raises `NotFoundError`."""
    incident = connection.execute(
        select(Incident.instance_id, Incident.token_id, Incident.kind, Incident.element).where(
            Incident.id == incident_id, Incident.resolved_at.is_(None)
        )
    ).one_or_none()
    if incident is None:
        raise NotFoundError(f"open incident with number {incident_id}")
    step = Step.load(connection, library, incident.instance_id, actor=by, at=at)
    connection.execute(update(Incident).where(Incident.id == incident_id).values(resolved_at=at))
    resolved = Event(kind=EventKind.INCIDENT_RESOLVED, element=incident.element, fields={"by": by})
    if incident.kind == "job":
        connection.execute(
            update(Job)
            .where(
                Job.instance_id == incident.instance_id,
                Job.token_id == incident.token_id,
                Job.state == JobState.FAILED,
            )
            .values(state=JobState.WAITING, due_at=at, attempts=0)
        )
        step.events.append(resolved)
    elif any(note.token_id == incident.token_id for note in step.execution.incidents):
        step.execution.retry(incident.token_id)
    else:
        step.renew_task(incident.token_id)
        step.events.append(resolved)
    step.save()


def set_variables(
    connection: Connection,
    library: Library,
    *,
    instance_id: int,
    values: dict[str, object],
    reason: str,
    by: str,
    at: datetime,
) -> None:
    """Correct variables of a case, with the reason; deadlines and conditions follow."""
    step = Step.load(connection, library, instance_id, actor=by, at=at)
    fields = {"names": sorted(values), "reason": reason}
    step.events.append(Event(kind=EventKind.VARIABLES_SET, element=None, fields=fields))
    step.execution.set_variables(values)
    step.save()


def suspend(connection: Connection, *, instance_id: int, reason: str, by: str, at: datetime) -> None:
    """Stop a case for a while; nobody can complete its tasks, no timer fires. Deadlines go on."""
    _switch(connection, instance_id, InstanceState.RUNNING, InstanceState.SUSPENDED, reason, by, at)


def resume(connection: Connection, *, instance_id: int, reason: str, by: str, at: datetime) -> None:
    """Let a suspended case go on."""
    _switch(connection, instance_id, InstanceState.SUSPENDED, InstanceState.RUNNING, reason, by, at)


def _switch(
    connection: Connection,
    instance_id: int,
    before: InstanceState,
    after: InstanceState,
    reason: str,
    by: str,
    at: datetime,
) -> None:
    case = lock(connection, instance_id)
    assert case is not None
    if case.state != before:
        raise CaseNotRunningError(case.reference, case.state)
    connection.execute(update(Instance).where(Instance.id == instance_id).values(state=after))
    kind = EventKind.CASE_SUSPENDED if after is InstanceState.SUSPENDED else EventKind.CASE_RESUMED
    record(
        connection,
        instance_id,
        [Event(kind=kind, element=None, fields={"reason": reason})],
        actor=by,
        at=at,
    )


def cancel(
    connection: Connection, library: Library, *, instance_id: int, reason: str, by: str, at: datetime
) -> None:
    """End a case before its time, with the reason."""
    step = Step.load(connection, library, instance_id, actor=by, at=at)
    step.execution.cancel()
    step.cancelled = reason
    step.save()
