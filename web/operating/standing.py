"""Where a case stands for its operator: what is open, what has stopped, and which commands there are."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from sqlalchemy import Connection

from engine.db.tables import InstanceState, UserTask, UserTaskState
from engine.queries import inbox, incidents
from engine.queries.statement import Statement
from engine.runtime import operator
from engine.runtime.errors import NotFoundError
from engine.runtime.operator import Command
from web import edge
from web.access import me
from web.cases.timeline import element_names
from web.operating.giving import LIVE, RUNNING, Opened
from web.presenters import cases as case_rows
from web.presenters import tasks
from web.presenters.operating import place

SUSPENDED = (InstanceState.SUSPENDED,)

COMMANDS: tuple[tuple[Command, tuple[InstanceState, ...], str, dict[str, Any], str, str], ...] = (
    (Command.SET_VARIABLE, RUNNING, "case_variables.all_of", {}, "Correct a variable",
     "A value that was recorded wrongly, with its reason. Deadlines and timers that follow it move."),
    (Command.MOVE, RUNNING, "operating.move", {}, "Move it to another step",
     "Takes one place where the case stands to another step of the same process."),
    (Command.RESTART, RUNNING, "operating.restart", {}, "Take it back to an earlier step",
     "Withdraws everything open and begins again there. What was recorded stays."),
    (Command.CHANGE_LEAD, LIVE, "operating.change_lead", {}, "Name another lead",
     "Somebody else takes over the role, and the tasks held in it."),
    (Command.SUSPEND, RUNNING, "operating.order", {"order": "suspend"}, "Suspend it",
     "Stops the case for a while. Its deadlines go on."),
    (Command.RESUME, SUSPENDED, "operating.order", {"order": "resume"}, "Resume it",
     "Lets the case go on."),
    (Command.CANCEL, LIVE, "operating.order", {"order": "cancel"}, "Cancel it",
     "Ends the case before its time."),
)  # fmt: skip
"""Each with the states of a case it is for, its page, and its words."""


def shown(connection: Connection, opened: Opened) -> dict[str, Any]:
    """What the overview needs."""
    case, at = opened.case, edge.now()
    found = operator.standing(connection, edge.library(), instance_id=case.id, at=at)
    return {
        "places": [(place(each), each.process) for each in found],
        "claimed": _rows(connection, _claimed(case.id)),
        "may_release": Command.RELEASE in opened.choices.allowed and case.state in LIVE,
        "incidents": [
            case_rows.incident(each, element_names(connection, case.id))
            for each in incidents.of_case(connection, case.id)
        ],
        "commands": list(_commands(opened)),
    }


def claimed(connection: Connection, instance_id: int, task_id: int) -> tasks.TaskRow:
    """A task of the case that somebody holds. Raises NotFoundError."""
    for row in _rows(connection, _claimed(instance_id).where(UserTask.id == task_id)):
        return row
    raise NotFoundError("claimed task with this number in the case")


def _claimed(instance_id: int) -> Statement:
    return inbox.of_case(instance_id, me().id).where(UserTask.state == UserTaskState.CLAIMED)


def _rows(connection: Connection, statement: Statement) -> list[tasks.TaskRow]:
    lines = inbox.page(connection, statement, 1).rows
    return [tasks.row(line, today=edge.today(), at=edge.now(), user_id=me().id) for line in lines]


def _commands(opened: Opened) -> Iterator[tuple[str, str, str]]:
    for command, states, endpoint, values, title, means in COMMANDS:
        if command in opened.choices.allowed and opened.case.state in states:
            yield url_for(endpoint, reference=opened.case.reference, **values), title, means
