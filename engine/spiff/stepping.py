"""Moves an instance to its next wait state: one queue, one rule of order, one limit."""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState as S

from engine.dialect import ConditionalEvent
from engine.spiff import arming, delivery
from engine.spiff.elements import NO_VALUES
from engine.spiff.evaluation import EXPRESSION
from engine.spiff.events import StartEvent, Waiting
from engine.spiff.gateways import InclusiveGateway
from engine.spiff.incidents import IncidentError
from engine.spiff.live import AWAIT, LiveTask
from engine.spiff.workflows import Instance

STEP_LIMIT = 5_000
"""How often a command may come by the same element in the same scope; a loop without a wait state would
otherwise never end."""
STEPS_IN_ALL = 20
"""All automatic steps of a command, as a multiple of that: many instances of an activity are no loop."""


class Visits:
    """Counts the automatic steps of one command."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._all = 0
        self._by_place: dict[tuple[int, int | None, str], int] = {}

    def allow(self, task: LiveTask) -> bool:
        """Whether one more step may be taken; it is counted."""
        container, host, owner = task.workflow, task.host, task.workflow.owner
        if isinstance(task.task_spec, StartEvent) and owner is not None:
            container, host = owner.workflow, owner.host  # there it is begun once more
        place = (container.scope_id, None if host is None else host.id, task.task_spec.name)
        here = self._by_place[place] = self._by_place.get(place, 0) + 1
        self._all += 1
        return here <= self.limit and self._all <= self.limit * STEPS_IN_ALL


def advance(instance: Instance, limit: int = STEP_LIMIT) -> None:
    """Run until everything waits: what was thrown first, then conditions, then the next ready element."""
    visits = Visits(limit)
    while True:
        if instance.thrown:
            delivery.deliver(instance.thrown.popleft())
        elif instance.conditions and not instance.still and (instance.recheck or instance.scopes.changed):
            check_conditions(instance)
        elif instance.ready:
            _run(instance.ready.popleft(), visits)
        elif not _join(instance):
            return


def _run(task: LiveTask, visits: Visits) -> None:
    if task.state != S.READY or not task.is_live:
        return
    if visits.allow(task):
        task.run()
        return
    task.stop(
        IncidentError(
            "endless-loop",
            f"More than {visits.limit:,} automatic steps in one command come by {task.task_spec.bpmn_id}"
            f" or more than {visits.limit * STEPS_IN_ALL:,} in all; stopped there.",
            "Look for a loop that never waits. If the work is really that long, retry to go on.",
        )
    )


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
            task.stage = AWAIT
            task.stop(error)
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
    result = task.top.evaluator.result(spec.awaited_from(task), event.condition, "condition")
    if result.value is None or isinstance(result.value, bool):
        return result.value is True
    raise IncidentError(
        EXPRESSION,
        f"The condition “{event.condition.text}” is neither true nor false.",
        "Correct the variables of the case and retry, or correct the condition in a new version.",
    )
