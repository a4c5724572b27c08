"""A case as a whole: suspended, resumed, cancelled."""

from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection, update

from engine.db.tables import Instance, InstanceState
from engine.history import Event, EventKind
from engine.runtime.library import Library
from engine.runtime.operator.rights import LIVE, Command, open_case, said
from engine.runtime.records import record
from engine.runtime.step import Step
from engine.runtime.user_tasks import Actor


def suspend(
    connection: Connection, library: Library, *, instance_id: int, reason: str, by: Actor, at: datetime
) -> None:
    """Stop a case for a while; nobody can complete its tasks, no timer fires, no condition is followed.

    What is recorded of it meanwhile, such as another lead, is kept. Deadlines go on.
    """
    event = Event(kind=EventKind.CASE_SUSPENDED, element=None, fields={"reason": said(reason)})
    open_case(connection, library, Command.SUSPEND, instance_id=instance_id, by=by, at=at)
    suspended = update(Instance).where(Instance.id == instance_id).values(state=InstanceState.SUSPENDED)
    connection.execute(suspended)
    record(connection, instance_id, [event], actor=by.user_id, at=at)


def resume(
    connection: Connection, library: Library, *, instance_id: int, reason: str, by: Actor, at: datetime
) -> None:
    """Let a suspended case go on; what fell due or became true meanwhile is done now."""
    event = Event(kind=EventKind.CASE_RESUMED, element=None, fields={"reason": said(reason)})
    suspended = frozenset({InstanceState.SUSPENDED})
    step = open_case(
        connection, library, Command.RESUME, instance_id=instance_id, by=by, at=at, states=suspended
    )
    step.events.append(event)
    step.case = replace(step.case, state=InstanceState.RUNNING)
    step.execution.stand_still(False)
    step.execution.refresh_conditions()
    step.save()


def cancelling(step: Step) -> None:
    """What cancelling does to a case in memory."""
    step.execution.cancel()
    step.cancelled = ""


def cancel(
    connection: Connection, library: Library, *, instance_id: int, reason: str, by: Actor, at: datetime
) -> None:
    """End a case before its time, with the reason."""
    because = said(reason)
    step = open_case(connection, library, Command.CANCEL, instance_id=instance_id, by=by, at=at, states=LIVE)
    cancelling(step)
    step.cancelled = because
    step.save()
