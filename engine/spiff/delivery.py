"""Takes errors and escalations to the innermost handler around the thrower, and to no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.feel import Value
from engine.spiff import arming
from engine.spiff.containers import EventSubProcess
from engine.spiff.events import Attached, Boundary, Trigger
from engine.spiff.incidents import IncidentError
from engine.spiff.live import LiveTask
from engine.spiff.workflows import Thrown


def deliver(thrown: Thrown) -> None:
    """Deliver what an event threw; an error nobody handles is an incident, an escalation is not."""
    task = thrown.task
    if not task.is_live:
        return
    handled = deliver_code(task, thrown.kind, thrown.code, thrown.payload)
    if thrown.kind == "error" and not handled:
        task.stop(unhandled(task, thrown.code), "run")
    elif task.is_live:
        task.complete()


def unhandled(task: LiveTask, code: str) -> IncidentError:
    """An error that no handler around the thrower catches."""
    return IncidentError(
        "unhandled-error",
        f"Error {code} was thrown at {task.task_spec.bpmn_id} and nothing around it catches it.",
        "Add an error boundary event or event sub-process in a new version, or repair the cause and retry.",
    )


def deliver_code(task: LiveTask, kind: str, code: str, payload: Mapping[str, Value]) -> bool:
    """Fire the innermost handler of an error or escalation; False if there is none."""
    for level in _levels(task):
        handler = _best(level, kind, code)
        if handler is not None:
            spec = handler.task_spec
            assert isinstance(spec, Attached), "only attached events wait for errors and escalations"
            spec.fire(handler, next(iter(arming.records(handler))), payload)
            return True
    return False


def _levels(thrower: LiveTask) -> Iterator[list[LiveTask]]:
    """What may catch, from the inside out: the borders around the thrower, then its process, and so on."""
    task: LiveTask | None = thrower
    while task is not None:
        yield [t for t in task.workflow.attached(task) if isinstance(t.task_spec, Boundary)]
        if task.host is not None:
            task = task.host
            continue
        if not isinstance(task.task_spec, EventSubProcess):  # it does not catch what it throws itself
            yield [t for t in task.workflow.live() if isinstance(t.task_spec, Trigger)]
        task = task.workflow.owner


def _best(level: list[LiveTask], kind: str, code: str) -> LiveTask | None:
    """The handler of this very code, else one of every code."""
    anyone = None
    for task in level:
        for record in arming.records(task).values():
            if record["kind"] == kind and record["code"] == code:
                return task
            if record["kind"] == kind and record["code"] is None and anyone is None:
                anyone = task
    return anyone
