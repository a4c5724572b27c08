"""Incidents: tried again after repair, or marked as resolved by hand."""

from datetime import datetime

from sqlalchemy import Connection, Row, select, update

from engine import spiff
from engine.db.tables import Incident, InstanceState, Job, JobState
from engine.history import Event, EventKind
from engine.runtime import jobs
from engine.runtime.errors import NotFoundError
from engine.runtime.library import Library
from engine.runtime.operator.foresight import Act
from engine.runtime.operator.rights import RUNNING, Command, OperatorRefusedError, open_case, said
from engine.runtime.step import Step
from engine.runtime.user_tasks import Actor

MESSAGE = "message"
"""The kind of an incident about a message that nobody took: it has no path to try again."""


def retry_incident(
    connection: Connection, library: Library, *, incident_id: int, by: Actor, at: datetime
) -> None:
    """Try a stopped path again, after its cause was mended; a job as the model and variables now say.

    Raises `NotFoundError`, `OperatorRefusedError` for an incident that has no path, and the errors of
    `open_case`.
    """
    step, incident = _open(connection, library, Command.RETRY, incident_id, by, at)
    if incident.kind == MESSAGE:
        raise OperatorRefusedError(
            "Nobody took this message in its time; it cannot be tried again.",
            "Do by hand what it asks for, then mark the incident as resolved, with the reason.",
        )
    _resolve(connection, incident_id, at)
    step.forget_incident(incident.token_id, incident.kind)
    resolved = Event(kind=EventKind.INCIDENT_RESOLVED, element=incident.element, fields={"by": by.user_id})
    if incident.kind == "job":
        _renew_job(step, incident.token_id)
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
        retrying(incident.token_id)(step)
    else:
        if incident.token_id in {task["token_id"] for task in step.rows.tasks}:
            step.renew_task(incident.token_id, redate=True)
        step.events.append(resolved)
    step.save()
    if incident.kind == "job":
        jobs.follow_tokens(connection, incident.instance_id)


def _renew_job(step: Step, token_id: int) -> None:
    """What was mended may be a variable that the job's headers name."""
    try:
        step.execution.renew_job(token_id)
    except spiff.IncidentError as error:
        raise OperatorRefusedError(error.message, error.remedy) from error


def retrying(token_id: int) -> Act:
    """What trying a stopped path again does in memory; nothing where an automatic step failed outside."""

    def act(step: Step) -> None:
        if any(note.token_id == token_id for note in step.execution.incidents):
            step.execution.retry(token_id)

    return act


def resolve_incident(
    connection: Connection, library: Library, *, incident_id: int, reason: str, by: Actor, at: datetime
) -> None:
    """Mark an incident about a message as resolved: somebody did by hand what it asked for.

    Raises `OperatorRefusedError` for one whose path can be tried again, and the errors of `open_case`.
    """
    because = said(reason)
    step, incident = _open(connection, library, Command.RESOLVE, incident_id, by, at)
    if incident.kind != MESSAGE:
        raise OperatorRefusedError(
            "A path of the case stands at this incident.", "Mend its cause and try it again."
        )
    _resolve(connection, incident_id, at)
    fields = {"by": by.user_id, "reason": because}
    step.events.append(Event(kind=EventKind.INCIDENT_RESOLVED, element=incident.element, fields=fields))
    step.save()


def _open(
    connection: Connection, library: Library, command: Command, incident_id: int, by: Actor, at: datetime
) -> tuple[Step, Row[int, int, str, str]]:
    """The case and its incident, read again under the lock."""
    query = select(Incident.instance_id, Incident.token_id, Incident.kind, Incident.element).where(
        Incident.id == incident_id, Incident.resolved_at.is_(None)
    )
    found = connection.execute(query).one_or_none()
    if found is not None:
        states = frozenset(InstanceState) if found.kind == MESSAGE else RUNNING
        step = open_case(
            connection, library, command, instance_id=found.instance_id, by=by, at=at, states=states
        )
        still = connection.execute(query).one_or_none()
        if still is not None:
            return step, still
    raise NotFoundError(f"open incident with number {incident_id}")


def _resolve(connection: Connection, incident_id: int, at: datetime) -> None:
    connection.execute(update(Incident).where(Incident.id == incident_id).values(resolved_at=at))
