"""What every flow node does when a token comes, works and goes; activities add their mappings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.util.task import TaskState as S

from engine import dialect
from engine.dialect import Flow
from engine.feel import Value
from engine.spiff.facts import (
    ElementCancelled,
    ElementCompleted,
    ElementEntered,
    FlowTaken,
    IncidentResolved,
)
from engine.spiff.incidents import IncidentError
from engine.spiff.live import BEGIN, ENTER, GATHER, LEAVE, RUN, LiveTask
from engine.spiff.state import ScopeKind

if TYPE_CHECKING:
    from engine.spiff.events import Boundary
    from engine.spiff.multi_instance import MultiInstance
    from engine.spiff.process_spec import ProcessSpec
    from engine.spiff.scopes import View

NO_VALUES: Mapping[str, Value] = {}


class Element(BpmnTaskSpec):
    """A flow node as SpiffWorkflow's task spec.

    SpiffWorkflow calls ``_update_hook`` when a token comes, ``_run_hook`` when it is ready to work and
    ``_on_complete_hook`` when it goes; here these become ``enter``, ``run`` and the flows taken.
    """

    is_join = False
    scope_kind = ScopeKind.LOCAL
    body: MultiInstance | None = None

    def __init__(self, process_spec: ProcessSpec, name: str, element: dialect.Element) -> None:
        super().__init__(process_spec, name)
        self.bpmn_id = element.id
        self.bpmn_name = element.name
        self.element = element
        self.flows: tuple[tuple[Flow, Element], ...] = ()
        self.boundary: tuple[Boundary, ...] = ()

    @property
    def holds_others(self) -> bool:
        """Whether tokens may be attached to its token."""
        return bool(self.boundary)

    def keeps_open(self, task: LiveTask) -> bool:
        """Whether its process cannot end while this token is there."""
        return task.host is None

    def view(self, task: LiveTask) -> View:
        """The names its expressions see."""
        return task.top.evaluator.view(task.scope_id)

    def awaited_from(self, task: LiveTask) -> View:
        """The names that times, names and conditions of the events it waits for see."""
        return self.view(task)

    def border(self, task: LiveTask) -> View:
        """The names that events on its border see."""
        return self.view(task)

    def prepare(self, task: LiveTask) -> None:
        """Open the local scope with the input mappings, each of which sees those before it."""
        if self.element.io.inputs:
            task.top.scopes.open(task.id, task.workflow.scope_id, kind=self.scope_kind)
            task.top.scopes.set_local(task.id, self._mapped(task, self.element.io.inputs, "input"))

    def _mapped(
        self, task: LiveTask, pairs: tuple[tuple[dialect.Expression, str], ...], kind: str
    ) -> Mapping[str, Value]:
        values: dict[str, Value] = {}
        seen = self.view(task).under(values)
        for source, target in pairs:
            values[target] = task.top.evaluator.value(seen, source, f"{kind} mapping of {target}")
        return values

    def begin(self, task: LiveTask) -> bool:
        """Start working; True if there is something to run now."""
        return True

    def enter(self, task: LiveTask) -> bool:
        """Take a token in; True if it is ready."""
        if task.stage == ENTER:
            self.prepare(task)
            task.stage = BEGIN
        ready = self.begin(task)
        task.stage = RUN
        for event in self.boundary:
            event.arm(task.workflow.new_task(event, S.WAITING, host=task))
        return ready

    def run(self, task: LiveTask) -> bool | None:
        """Work; True when done, None while the work goes on elsewhere."""
        return True

    def inner_finished(self, task: LiveTask) -> None:
        """The process inside has ended."""
        raise NotImplementedError(f"{self.bpmn_id} has no process inside")

    def retry(self, task: LiveTask) -> None:
        """Try again what stopped."""
        assert task.incident is not None, "only what has stopped is tried again"
        task.stage = task.incident["stage"]
        task.internal_data.pop("incident")
        task.internal_data.pop("result", None)
        task.top.facts.append(IncidentResolved(self.bpmn_id, task.id))
        self.resume(task)

    def resume(self, task: LiveTask) -> None:
        """Go on from the stage at which the token has stopped."""
        if task.stage not in {ENTER, BEGIN}:
            task._set_state(S.READY)
        elif self._guarded(task, self.enter):
            task._ready()

    def renew(self, task: LiveTask) -> None:
        """Take up, with a token that rests here, what another version of the process changed.

        :raises IncidentError: it cannot be told there.
        """

    def evaluate(self, task: LiveTask, expression: dialect.Expression, what: str) -> Value:
        """The value of an expression where the token works."""
        return task.top.evaluator.value(self.view(task), expression, what)

    def test(self) -> None:
        """SpiffWorkflow looks for incoming flows here; models are checked when they are deployed."""

    def _guarded(self, task: LiveTask, act: Callable[[LiveTask], bool | None]) -> bool | None:
        try:
            return act(task)
        except IncidentError as error:
            task.stop(error)
            return None

    def _update_hook(self, task: LiveTask) -> bool:
        if not self.is_join:
            self.announce(task)
        return bool(self._guarded(task, self.enter))

    def _on_ready_hook(self, task: LiveTask) -> None:
        pass

    def _run_hook(self, task: LiveTask) -> bool | None:
        return self._guarded(task, self.run)

    def announce(self, task: LiveTask) -> None:
        """Tell that the element is entered."""
        task.top.facts.append(ElementEntered(self.bpmn_id, task.id, task.workflow.definition.key))

    def _on_complete_hook(self, task: LiveTask) -> None:
        facts, key = task.top.facts, task.workflow.definition.key
        facts.append(ElementCompleted(self.bpmn_id, task.id, key))
        if self.body is not None and task.host is not None:
            self.body.instance_done(task.host, task)
        for flow, target in self.flows if task.chosen is None else task.chosen:
            facts.append(FlowTaken(flow.id, task.id, key))
            child = task._add_child(target)
            if target.is_join:
                child.internal_data["from"] = flow.id
            self.hand_over(task, child)

    def hand_over(self, task: LiveTask, child: LiveTask) -> None:
        """Give the next token what it needs to know (only event-based gateways do)."""

    def _on_cancel(self, task: LiveTask) -> None:
        if self.was_announced(task):
            task.top.facts.append(ElementCancelled(self.bpmn_id, task.id, task.workflow.definition.key))
        task.workflow.discard(task)

    def was_announced(self, task: LiveTask) -> bool:
        """Whether history has been told that this token entered the element."""
        return not self.is_join


class Activity(Element):
    """A node that gives results, which its output mappings or the scope take over."""

    def perform(self, task: LiveTask) -> Mapping[str, Value] | None:
        """Do the work; the results, or None while somebody else does it."""
        return task.result if task.result is not None else NO_VALUES

    def run(self, task: LiveTask) -> bool | None:
        if task.stage == RUN:
            task.result = self.perform(task)
            if task.result is None:
                return None
            task.stage = LEAVE
        if task.stage == LEAVE:
            self.leave(task, NO_VALUES if task.result is None else task.result)
            task.stage = GATHER
        if self.body is not None and task.host is not None:
            task.gathered = self.body.gather(task.host, task)
        return True

    def leave(self, task: LiveTask, result: Mapping[str, Value]) -> None:
        """Write results: by the output mappings if there are any, else each where its name is known."""
        if not self.element.io.outputs:
            task.top.scopes.set(task.scope_id, result)
            return
        scopes = task.top.scopes
        scopes.open(task.id, task.workflow.scope_id, kind=self.scope_kind)
        scopes.set_local(task.id, result)
        task.result = NO_VALUES  # what is corrected in the local scope before a retry stays
        self.set_outputs(task)

    def set_outputs(self, task: LiveTask) -> None:
        """Evaluate the output mappings, each of which sees the targets of those before it, then write them
        outside (instances keep them to themselves)."""
        values = self._mapped(task, self.element.io.outputs, "output")
        if self.body is not None:
            task.top.scopes.set_local(task.id, values)
        else:
            task.top.scopes.set(task.workflow.scope_id, values)
