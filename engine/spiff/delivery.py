"""Takes errors and escalations to the innermost handler around the thrower, signals to all who wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.feel import Value
from engine.spiff import arming
from engine.spiff.events import Attached, Boundary, ThrowEvent, Trigger, Waiting
from engine.spiff.incidents import IncidentError
from engine.spiff.live import LiveTask
from engine.spiff.workflows import Instance, Thrown


def deliver(thrown: Thrown) -> None:
    """Deliver what an event threw; an error nobody handles is an incident, an escalation is not."""
    task, spec = thrown.task, thrown.task.task_spec
    assert isinstance(spec, ThrowEvent), "only events throw"
    if not task.is_live:
        return
    if thrown.kind == "signal":
        broadcast(task.top, thrown.code, thrown.payload)
    elif not deliver_code(task, thrown.kind, thrown.code, thrown.payload) and thrown.kind == "error":
        task.stop(_unhandled(task, thrown.code))
        return
    if task.is_live:
        spec.go_on(task)


def broadcast(instance: Instance, name: str, payload: Mapping[str, Value]) -> int:
    """Fire every event that waits for a signal now; their number."""
    waiting = [
        (task, key)
        for task in instance.tokens.values()
        for key, record in arming.open_records(task).items()
        if record["kind"] == "signal" and record["name"] == name
    ]
    caught = 0
    for task, key in waiting:
        spec = task.task_spec
        assert isinstance(spec, Waiting), "only waiting elements have records"
        if task.is_live and key in arming.records(task):  # an earlier one may have cancelled it
            spec.fire(task, key, payload)
            caught += 1
    return caught


def _unhandled(task: LiveTask, code: str) -> IncidentError:
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
        yield list(_triggers(task))
        task = task.workflow.owner


def _triggers(thrower: LiveTask) -> Iterator[LiveTask]:
    """Event sub-processes of its process, but for the one that throws: it does not catch itself."""
    for task in thrower.workflow.live():
        if isinstance(task.task_spec, Trigger) and task.task_spec.handler is not thrower.task_spec:
            yield task


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
