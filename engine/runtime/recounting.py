"""Lets each case follow the newest calendar, in a transaction of its own."""

from datetime import datetime

from sqlalchemy import Connection, and_, exists, literal, or_, select

from engine.db.tables import Deadline, Incident, Instance, InstanceState
from engine.runtime import calendars
from engine.runtime.library import Library
from engine.runtime.step import Step
from engine.runtime.timers import SYSTEM


def behind(connection: Connection, *, limit: int = 500) -> list[int]:
    """Cases with an open deadline counted by an older calendar, by id, read without a lock.

    A case whose deadline cannot be counted is an incident and waits for its repair.
    """
    newest = calendars.newest(connection)
    if newest is None:
        return []
    stopped = exists(
        select(literal(1)).where(
            Incident.instance_id == Deadline.instance_id,
            Incident.kind == "deadline",
            Incident.resolved_at.is_(None),
        )
    )
    query = (
        select(Deadline.instance_id)
        .join(Instance, Instance.id == Deadline.instance_id)
        .where(
            Deadline.ended_on.is_(None),
            # Two ranges of the index, where "not equal" would read every open deadline.
            or_(Deadline.calendar_revision < newest, Deadline.calendar_revision > newest),
            and_(Instance.state.in_([InstanceState.RUNNING, InstanceState.SUSPENDED])),
            ~stopped,
        )
        .distinct()
        .order_by(Deadline.instance_id)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def follow(connection: Connection, library: Library, *, instance_id: int, at: datetime) -> bool:
    """Count the deadlines of a case by the newest calendar; False when another command holds the case."""
    step = Step.load_if_free(connection, library, instance_id, actor=SYSTEM, at=at)
    if step is None:
        return False
    # Nothing leaves with this transaction, and whatever its jobs do is committed after it, by a commit that
    # waits. If the server falls over before this one is on the disk, the case is behind again and follows.
    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
    step.save()
    return True
