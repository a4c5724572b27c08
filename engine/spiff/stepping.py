"""Moves an instance to its next wait state: one queue, one rule of order, one limit."""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState as S

from engine.dialect import ConditionalEvent
from engine.spiff import arming, delivery
from engine.spiff.elements import NO_VALUES, RUN
from engine.spiff.evaluation import EXPRESSION
from engine.spiff.events import Waiting
from engine.spiff.gateways import InclusiveGateway
from engine.spiff.incidents import IncidentError
from engine.spiff.live import LiveTask
from engine.spiff.workflows import Instance

STEP_LIMIT = 5_000
"""Automatic steps of one command; a loop without a wait state would otherwise never end."""


def advance(instance: Instance, limit: int = STEP_LIMIT) -> None:
    """Run until everything waits: what was thrown first, then conditions, then the next ready element."""
    steps = 0
    while True:
        if instance.thrown:
            delivery.deliver(instance.thrown.popleft())
        elif instance.conditions and not instance.still and (instance.recheck or instance.scopes.changed):
            check_conditions(instance)
        elif instance.ready:
            steps += _run(instance.ready.popleft(), steps < limit, limit)
        elif not _join(instance):
            return


def _run(task: LiveTask, may_run: bool, limit: int) -> int:
    if task.state != S.READY or not task.is_live:
        return 0
    if may_run:
        task.run()
        return 1
    task.stop(
        IncidentError(
            "endless-loop",
            f"More than {limit:,} automatic steps in one command; stopped at {task.task_spec.bpmn_id}.",
            "Look for a loop that never waits. If the work is really that long, retry to go on.",
        ),
        RUN,
    )
    return 0


def _join(instance: Instance) -> bool:
    """Let one inclusive gateway go on that waits for nothing any more."""
    for task in list(instance.joins.values()):
        if isinstance(task.task_spec, InclusiveGateway) and task.task_spec.join(task.workflow):
            return True
    return False


def check_conditions(instance: Instance) -> None:
    """Fire the conditional events that have become true."""
    instance.recheck = instance.scopes.changed = False
    for task in list(instance.conditions.values()):
        if task.is_live:
            _check(task)


def _check(task: LiveTask) -> None:
    spec = task.task_spec
    assert isinstance(spec, Waiting), "only events wait for conditions"
    for key, record in list(arming.records(task).items()):
        if record["kind"] != "condition":
            continue
        try:
            holds = _holds(task, spec, key)
        except IncidentError as error:
            arming.disarm(task)
            task.stop(error, "enter")
            return
        if holds and not record["seen"]:
            spec.fire(task, key, NO_VALUES)
            return
        if holds != record["seen"]:
            arming.replace(task, key, {**record, "seen": holds})


def _holds(task: LiveTask, spec: Waiting, key: str) -> bool:
    """Null, also with a reason, means not yet: the variable it asks for may still come."""
    event = spec.awaited[key]
    assert isinstance(event, ConditionalEvent), "only conditions have such records"
    result = task.top.evaluator.result(task.workflow.scope_id, event.condition, "condition")
    if result.value is None or isinstance(result.value, bool):
        return result.value is True
    raise IncidentError(
        EXPRESSION,
        f"The condition “{event.condition.text}” is neither true nor false.",
        "Correct the variables of the case and retry, or correct the condition in a new version.",
    )
