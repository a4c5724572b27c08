"""Incidents that a step opens and closes beside those of its tokens: of deadlines, and of jobs withdrawn."""

from typing import TYPE_CHECKING

from engine.history import Event, EventKind
from engine.runtime.writing import Changes

if TYPE_CHECKING:
    from engine.runtime.step import Step

DEADLINE, JOB = "deadline", "job"
"""Kinds of incidents."""


def follow(step: "Step", changes: Changes) -> list[Event]:
    """A deadline that cannot be worked out is an incident until it can; a withdrawn job is none.

    Adds to the step's changes, and gives the events of what was opened.
    """
    withdrawn = {row["token_id"] for row in changes.jobs_ended}
    open_now = {token: said for token, kind, said in step.rows.incidents if kind == DEADLINE}
    problems = step.book.problems
    changes.incidents_resolved += [
        {"token_id": token, "kind": kind}
        for token, kind, _ in step.rows.incidents
        if kind == JOB and token in withdrawn
    ]
    changes.incidents_resolved += [
        {"token_id": token, "kind": DEADLINE}
        for token, said in open_now.items()
        if problems.get(token) != said
    ]
    events = []
    for scope, message in problems.items():
        if open_now.get(scope) != message:
            told = {"kind": DEADLINE, "message": message, "remedy": "Correct what it names, then retry."}
            element = _element(step, scope)
            changes.incidents.append({"token_id": scope, "element": element} | told)
            events.append(Event(kind=EventKind.INCIDENT_OPENED, element=element, fields=told))
    return events


def _element(step: "Step", scope: int) -> str:
    """The element whose scope it is, or the process."""
    token = step.execution.state().tokens.get(scope)
    return token.element if token is not None else step.process.model.id
