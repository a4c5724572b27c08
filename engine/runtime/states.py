"""How far a case has come, element by element: what a diagram marks and its text twin says."""

from collections import defaultdict
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from engine.clock import london_date
from engine.db.tables import History, Incident, UserTask
from engine.history import EventKind
from engine.runtime.library import Library
from engine.runtime.step import Step


class ElementState(StrEnum):
    """What the marks of a diagram mean; an element without a mark is still to come."""

    DONE = "done"
    CURRENT = "current"
    LATE = "late"
    INCIDENT = "incident"


States = dict[str, dict[str, ElementState]]
"""By process id, then element id."""


def of(connection: Connection, library: Library, instance_id: int, *, at: datetime) -> States:
    """The state of every element of the case's process and the processes it called."""
    found: defaultdict[str, dict[str, ElementState]] = defaultdict(dict)
    step = Step.look(connection, library, instance_id, at=at)
    for process_id, element in _finished(connection, instance_id):
        found[process_id or step.process.model.id][element] = ElementState.DONE
    late = _late(connection, instance_id, at)
    stopped = set(
        connection.execute(
            select(Incident.token_id).where(
                Incident.instance_id == instance_id, Incident.resolved_at.is_(None)
            )
        ).scalars()
    )
    for token in step.execution.state().tokens.values():
        process = step.host.process(token.definition).model
        element = token.element.partition("[")[0]
        if process.elements[element].kind == "boundaryEvent":
            continue  # it only waits beside an activity
        state = ElementState.LATE if token.id in late else ElementState.CURRENT
        found[process.id][element] = ElementState.INCIDENT if token.id in stopped else state
    return dict(found)


def _finished(connection: Connection, instance_id: int) -> list[tuple[str | None, str]]:
    query = (
        select(History.fields["process"].astext, History.element)
        .where(
            History.instance_id == instance_id,
            History.kind.in_([EventKind.ELEMENT_COMPLETED.value, EventKind.TASK_COMPLETED.value]),
            History.element.is_not(None),
        )
        .distinct()
    )
    return [(process, element) for process, element in connection.execute(query) if element]


def _late(connection: Connection, instance_id: int, at: datetime) -> set[int]:
    query = select(UserTask.token_id).where(
        UserTask.instance_id == instance_id,
        UserTask.state.in_(["open", "claimed"]),
        UserTask.due_date < london_date(at),
    )
    return set(connection.execute(query).scalars())
