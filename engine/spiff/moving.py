"""Puts tokens where somebody wants them: the exception to every sequence flow, for repair."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from SpiffWorkflow.util.task import TaskState as S

from engine.spiff.containers import EventSubProcess
from engine.spiff.elements import Element
from engine.spiff.events import Attached, StartEvent
from engine.spiff.live import LiveTask
from engine.spiff.workflows import Container


class MoveError(Exception):
    """A token cannot be put there; nothing was changed."""


def targets(container: Container) -> Iterator[Element]:
    """The elements of a process or sub-process that a token can be put on."""
    for spec in container.spec.task_specs.values():
        if spec.name == spec.bpmn_id and _why_not(spec) is None:
            yield spec


def is_movable(task: LiveTask) -> bool:
    """Whether a token stands for itself, and not beside or within another."""
    return task.host is None and not isinstance(task.task_spec, Attached)


def move(task: LiveTask, element: str) -> None:
    """Take a token away, with all that hangs on it, and put one on ``element`` of the same process.

    :raises MoveError: there is no such element there, or a token cannot begin at it.
    """
    target = _target(task.workflow, element)
    if not is_movable(task):
        raise MoveError(
            f"{task.task_spec.bpmn_id} is one of several instances, or waits beside other work; "
            "move the activity itself."
        )
    container, left = task.workflow, task.task_spec
    task.cancel()
    _wait_again(container, [left])
    _put(container, target)


def restart(container: Container, element: str) -> None:
    """Take all tokens of a process away, but for waiting event sub-processes, and begin at ``element``.

    What an event sub-process interrupted waits for its events again.

    :raises MoveError: there is no such element there, or a token cannot begin at it.
    """
    target = _target(container, element)
    left = []
    for task in container.live():
        if task.is_live and task.host is None and task.task_spec.keeps_open(task):
            left.append(task.task_spec)
            task.cancel()
    _wait_again(container, left)
    _put(container, target)


def _wait_again(container: Container, left: Collection[Element]) -> None:
    """Arm the event sub-processes of a process that one of them, which is left, had interrupted."""
    if not any(each.handler in left and each.element.interrupting for each in container.spec.triggers):
        return
    waiting = {task.task_spec for task in container.live()}
    for trigger in container.spec.triggers:
        if trigger not in waiting:
            trigger.arm(container.new_task(trigger, S.WAITING))


def _put(container: Container, spec: Element) -> None:
    task = container.new_task(spec)
    if spec.is_join and spec.element.incoming:  # gateways know tokens by the flow they came on
        task.internal_data["from"] = spec.element.incoming[0]
    spec._update(task)


def _target(container: Container, element: str) -> Element:
    spec = container.spec.task_specs.get(element)
    if spec is None:
        raise MoveError(f"{element} is no element of the same process or sub-process.")
    why = _why_not(spec)
    if why is not None:
        raise MoveError(f"{element} {why}.")
    return spec


def _why_not(spec: Element) -> str | None:
    if isinstance(spec, Attached | EventSubProcess):
        return "only begins when its event happens"
    if isinstance(spec, StartEvent):
        return "is where the process began; choose the element after it"
    if spec.is_join and len(spec.element.incoming) > 1:
        return "waits for several tokens; choose the element after it"
    return None
