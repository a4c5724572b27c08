"""Gateways: one way, all ways, some ways; joins count tokens by the flow they came on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState as S

from engine.dialect import Flow
from engine.spiff.elements import Element
from engine.spiff.incidents import IncidentError
from engine.spiff.live import LiveTask

if TYPE_CHECKING:
    from engine.spiff.workflows import Container

Ways = tuple[tuple[Flow, Element], ...]


class ExclusiveGateway(Element):
    """Takes the first flow whose condition is true, else the default flow."""

    def run(self, task: LiveTask) -> bool | None:
        task.chosen = self._choose(task)
        return True

    def _choose(self, task: LiveTask) -> Ways:
        for flow, target in self.flows:
            if flow.id != self.element.default and self.holds(task, flow):
                return ((flow, target),)
        return self.otherwise()

    def holds(self, task: LiveTask, flow: Flow) -> bool:
        """Whether a flow may be taken; one without a condition always may."""
        if flow.condition is None:
            return True
        return task.top.evaluator.boolean(self.view(task), flow.condition, f"condition of flow {flow.id}")

    def otherwise(self) -> Ways:
        """The default flow, when no condition is true."""
        default = tuple(way for way in self.flows if way[0].id == self.element.default)
        if self.flows and not default:
            raise IncidentError(
                "gateway",
                f"No condition of gateway {self.bpmn_id} is true and it has no default flow.",
                "Correct the variables of the case and retry, or add a default flow in a new version.",
            )
        return default


def consume(taken: list[LiveTask]) -> None:
    """Merge waiting tokens into one that goes on."""
    for task in taken:
        task._set_state(S.COMPLETED)
        task.workflow.discard(task)


class ParallelGateway(Element):
    """Goes on when every incoming flow has brought a token; takes one from each."""

    is_join = True

    def begin(self, task: LiveTask) -> bool:
        task._set_state(S.WAITING)
        came = {task.internal_data.get("from"): task}
        for other in task.workflow.live():
            if other.task_spec is self and other.state == S.WAITING:
                came.setdefault(other.internal_data.get("from"), other)
        if not came.keys() >= set(self.element.incoming):
            return False
        consume([other for other in came.values() if other is not task])
        self.announce(task)
        return True

    def renew(self, task: LiveTask) -> None:
        """Go on where the new version has fewer flows to wait for."""
        if self.begin(task):
            task._ready()


class InclusiveGateway(ExclusiveGateway):
    """Takes every flow whose condition is true; waits for tokens that can still come (BPMN 2.0, 13.4.3)."""

    is_join = True
    behind: dict[str, frozenset[str]]
    """For each incoming flow the specs from which it can be reached without passing this gateway."""

    def begin(self, task: LiveTask) -> bool:
        if len(self.element.incoming) > 1:
            task._set_state(S.WAITING)
            task.top.joins[task.id] = task
            return False
        self.announce(task)
        return True

    def join(self, workflow: Container) -> bool:
        """Go on if no token on its way can reach an empty incoming flow."""
        came: dict[object, LiveTask] = {}
        away: list[LiveTask] = []
        for task in workflow.live():
            if task.task_spec is self and task.state == S.WAITING:
                came.setdefault(task.internal_data.get("from"), task)
            elif task.task_spec is not self and task.host is None:  # what waits on a border has not come
                away.append(task)
        if not came or any(self._awaits(task.task_spec.name, came) for task in away):
            return False
        first, *others = came.values()
        for task in came.values():
            task.top.joins.pop(task.id, None)
        consume(others)
        self.announce(first)
        first._ready()
        return True

    def _awaits(self, name: str, came: dict[object, LiveTask]) -> bool:
        reaches = [flow for flow, behind in self.behind.items() if name in behind]
        return bool(reaches) and not any(flow in came for flow in reaches)

    def _choose(self, task: LiveTask) -> Ways:
        chosen = tuple(
            way for way in self.flows if way[0].id != self.element.default and self.holds(task, way[0])
        )
        return chosen or self.otherwise()
