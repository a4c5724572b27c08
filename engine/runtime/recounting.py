"""Lets each case follow the newest calendar, in a transaction of its own."""

from datetime import datetime

from sqlalchemy import Connection, or_, select

from engine.db.tables import Deadline, Incident, Instance, InstanceState, ProcessDefinition
from engine.queries import incidents
from engine.runtime import calendars
from engine.runtime.library import Library
from engine.runtime.records import open_incident, record
from engine.runtime.step import Step
from engine.runtime.store import lock
from engine.runtime.timers import SYSTEM

KIND = "deadline"
"""The kind of an incident about a deadline that cannot be counted."""


def behind(connection: Connection, *, after: int = 0, limit: int = 500) -> dict[int, str]:
    """Cases with an open deadline counted by an older calendar: reference by id, from the one `after` on.

    Read without a lock. A case whose deadline cannot be counted is an incident and waits for its repair.
    """
    newest = calendars.newest(connection)
    if newest is None:
        return {}
    query = (
        select(Deadline.instance_id, Instance.reference)
        .join(Instance, Instance.id == Deadline.instance_id)
        .where(
            Deadline.ended_on.is_(None),
            # Two ranges of the index, where "not equal" would read every open deadline.
            or_(Deadline.calendar_revision < newest, Deadline.calendar_revision > newest),
            Deadline.instance_id > after,
            Instance.state.in_([InstanceState.RUNNING, InstanceState.SUSPENDED]),
            ~incidents.is_open(KIND, Incident.instance_id == Deadline.instance_id),
        )
        .distinct()
        .order_by(Deadline.instance_id)
        .limit(limit)
    )
    return {number: reference for number, reference in connection.execute(query)}


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


def stop(connection: Connection, *, instance_id: int, why: str, at: datetime) -> bool:
    """Let a case that cannot follow the newest calendar be an incident. Raises `CaseBusyError`."""
    lock(connection, instance_id)
    process = (
        select(ProcessDefinition.process_id)
        .join(Instance, Instance.definition_id == ProcessDefinition.id)
        .where(Instance.id == instance_id)
    )
    opened = open_incident(
        connection,
        instance_id,
        token_id=0,
        element=connection.execute(process).scalar_one(),
        kind=KIND,
        message=f"The deadlines cannot be counted by the newest calendar. {why}",
        remedy="Mend what the message names, then retry.",
        at=at,
    )
    record(connection, instance_id, [opened], actor=SYSTEM, at=at)
    return True
