"""Fires what is due: timer events, and the marks of deadlines."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, or_, select, true, tuple_

from engine.db.tables import Deadline, Instance, InstanceState, Timer
from engine.history import Event, EventKind
from engine.queries import incidents
from engine.runtime.library import Library
from engine.runtime.records import open_incident, record
from engine.runtime.step import Step
from engine.runtime.store import lock

SYSTEM = "system"
"""Who acts when time does."""


Last = tuple[datetime, int]
"""Where a reading ended: due time and number of the last timer."""


@dataclass(frozen=True, slots=True)
class Due:
    """A timer whose time has come, read without a lock."""

    id: int
    instance_id: int
    due_at: datetime
    token_id: int | None
    element: str
    reference: str

    @property
    def place(self) -> Last:
        """Where to read on after it."""
        return self.due_at, self.id


def due(connection: Connection, at: datetime, *, after: Last | None = None, limit: int = 100) -> list[Due]:
    """The timers that are due in running cases and no incident, the longest due first, read on `after`."""
    query = (
        select(Timer.id, Timer.instance_id, Timer.due_at, Timer.token_id, Timer.element, Instance.reference)
        .join(Instance, Instance.id == Timer.instance_id)
        .where(
            Timer.due_at <= at,
            or_(Instance.state == InstanceState.RUNNING, Timer.deadline_id.is_not(None)),
            ~incidents.stopped_timer(),
            tuple_(Timer.due_at, Timer.id) > after if after is not None else true(),
        )
        .order_by(Timer.due_at, Timer.id)
        .limit(limit)
    )
    return [Due(*row) for row in connection.execute(query)]


def stop(connection: Connection, *, timer: Due, why: str, at: datetime) -> bool:
    """Let a timer that cannot be fired be an incident, until somebody retries it; False when it is gone.

    Raises `CaseBusyError`.
    """
    lock(connection, timer.instance_id)
    if connection.execute(select(Timer.id).where(Timer.id == timer.id, Timer.due_at <= at)).first() is None:
        return False
    opened = open_incident(
        connection,
        timer.instance_id,
        token_id=timer.token_id or 0,
        element=timer.element,
        kind=incidents.TIMER,
        message=f"Its time has come and it cannot go on. {why}",
        remedy="Mend what the message names, then retry.",
        at=at,
    )
    record(connection, timer.instance_id, [opened], actor=SYSTEM, at=at)
    return True


def fire(connection: Connection, library: Library, *, timer: Due, at: datetime) -> bool:
    """Fire one timer in this transaction; False when another holds the case or it is no longer due."""
    case = lock(connection, timer.instance_id, skip_locked=True)
    if case is None:
        return False
    row = connection.execute(
        select(Timer.token_id, Timer.deadline_id, Timer.key, Timer.element).where(
            Timer.id == timer.id, Timer.due_at <= at
        )
    ).one_or_none()
    if row is None or (row.token_id is not None and case.state != InstanceState.RUNNING):
        return False
    step = Step.load(
        connection, library, timer.instance_id, actor=SYSTEM, at=at, case=case, running_only=False
    )
    if step.book.is_behind and not any(kind == "deadline" for _, kind, _ in step.rows.incidents):
        pass  # the newest calendar may move this very timer: the case follows it first
    elif row.deadline_id is not None:
        _mark(connection, step, timer.id, row)
    else:
        fields = {"token": row.token_id}
        step.events.append(Event(kind=EventKind.TIMER_FIRED, element=row.element, fields=fields))
        step.execution.fire_timer(row.token_id, row.key)
    step.save()
    return True


def _mark(
    connection: Connection, step: Step, timer_id: int, row: Row[int | None, int | None, str, str]
) -> None:
    deadline = connection.execute(
        select(Deadline.scope_id, Deadline.key).where(Deadline.id == row.deadline_id)
    ).one()
    if row.key == "warning":
        step.book.warn(deadline.scope_id, deadline.key)  # a breach follows from the day itself
    connection.execute(delete(Timer).where(Timer.id == timer_id))
