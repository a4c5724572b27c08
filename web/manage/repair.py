"""One incident: what failed, where and why, what mends it, and what trying it again would do now."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from sqlalchemy import Connection

from engine.db.tables import InstanceState
from engine.queries import incidents as queries
from engine.queries.incidents import IncidentLine
from engine.runtime import operator, user_tasks
from engine.runtime.errors import NotFoundError
from engine.runtime.operator import Choices, Command
from web import edge
from web.access import me
from web.cases.opening import reach_condition
from web.cases.timeline import element_names
from web.presenters import cases as case_rows
from web.presenters.operating import effects
from web.sightings import seen

AGAIN = "Tried again, and it stopped again: see below what it says now"
BY_WORKER = frozenset({"job", queries.TIMER, queries.DELIVERY})
"""Kinds of incidents that the worker, not this command, tries again."""

MENDING = (
    (Command.SET_VARIABLE, "case_variables.all_of", "Correct a variable of the case"),
    (Command.MOVE, "operating.move", "Move the case to another step"),
    (Command.RESTART, "operating.restart", "Take the case back to an earlier step"),
)
"""What may mend a cause within the case itself."""


def find(connection: Connection, incident_id: int) -> IncidentLine:
    """An open incident of a case within the visitor's reach. Raises NotFoundError."""
    found = queries.one(connection, incident_id, reach_condition(connection))
    if found is None:
        raise NotFoundError("open incident with this number among the cases your roles reach")
    return found


def shown(connection: Connection, incident_id: int) -> dict[str, Any]:
    """What the template needs."""
    line = find(connection, incident_id)
    seen(line.instance_id, f"incident {incident_id}")
    at, by = edge.now(), user_tasks.actor(me())
    found = operator.choices(connection, edge.library(), instance_id=line.instance_id, by=by, at=at)
    act = operator.retrying(line.token_id)
    foreseen = operator.foresee(connection, edge.library(), instance_id=line.instance_id, act=act, at=at)
    running = line.case_state == InstanceState.RUNNING
    untaken = line.kind == operator.MESSAGE
    return {
        "incident": case_rows.incident(line, element_names(connection, line.instance_id)),
        "running": running,
        "may_retry": running and Command.RETRY in found.allowed and not untaken,
        "may_resolve": Command.RESOLVE in found.allowed and untaken,
        "by_worker": line.kind in BY_WORKER,
        "effects": effects(foreseen),
        "mending": list(_mending(line, found)) if running else [],
    }


def stopped_again(connection: Connection, line: IncidentLine) -> int | None:
    """The number of the incident that stands now where one was tried again."""
    now = queries.of_case(connection, line.instance_id)
    return next((each.id for each in now if each.token_id == line.token_id), None)


def tried(line: IncidentLine) -> str:
    """What is said after a try that did not stop at once."""
    if line.kind in BY_WORKER:
        return "It is tried again within seconds. If it fails once more, it is listed here as a new incident"
    return "Tried again: the case goes on"


def _mending(line: IncidentLine, found: Choices) -> Iterator[tuple[str, str]]:
    for command, endpoint, words in MENDING:
        if command in found.allowed:
            yield url_for(endpoint, reference=line.reference), words
