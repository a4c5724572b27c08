"""Sub-processes, event sub-processes and call activities: nodes with a process inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState as S

from engine.feel import Value
from engine.spiff.elements import NO_VALUES, Activity
from engine.spiff.incidents import IncidentError
from engine.spiff.live import LiveTask
from engine.spiff.state import ScopeKind

if TYPE_CHECKING:
    from engine.spiff.process_spec import ProcessSpec
    from engine.spiff.scopes import View
    from engine.spiff.workflows import Inner

MAX_DEPTH = 50
INSIDE, OPEN, ENDED = "inside", "open", "ended"


class SubProcess(Activity):
    """An embedded sub-process: a scope and a process inside."""

    inner: ProcessSpec

    def prepare(self, task: LiveTask) -> None:
        if task.workflow.depth >= MAX_DEPTH:
            raise IncidentError(
                "too-deep",
                f"{self.bpmn_id} is the {MAX_DEPTH + 1}st process inside another.",
                "Look for a process that calls itself without end.",
            )
        task.top.scopes.open(task.id, task.workflow.scope_id, kind=self.scope_kind)
        super().prepare(task)

    def begin(self, task: LiveTask) -> bool:
        task.internal_data[INSIDE] = OPEN
        task._set_state(S.STARTED)
        inner = task.top.open_inner(task, self.inner, task.workflow.definition)
        inner.start(self.inner.first, self.hand_in(task))
        return False

    def hand_in(self, task: LiveTask) -> Mapping[str, Value] | None:
        """What the start event inside is given."""
        return None

    def inner_finished(self, task: LiveTask) -> None:
        task.internal_data[INSIDE] = ENDED
        task._set_state(S.READY)

    def perform(self, task: LiveTask) -> Mapping[str, Value]:
        return NO_VALUES

    def reopen(self, task: LiveTask) -> Inner:
        """The process inside again, still empty, when the token is restored."""
        return task.top.open_inner(task, self.inner, task.workflow.definition)


class EventSubProcess(SubProcess):
    """Runs when the event of its start happens."""

    def hand_in(self, task: LiveTask) -> Mapping[str, Value] | None:
        payload, task.result = task.result, None
        return payload


class CallActivity(SubProcess):
    """Runs another process, which sees only what is passed in.

    Its scope is that of the called process; the call itself also sees the scopes around it.
    """

    scope_kind = ScopeKind.BARRIER

    @property
    def own_variables(self) -> frozenset[str]:
        """The variables that belong to the call itself and go to neither side when it ends."""
        inputs = {target for _source, target in self.element.io.inputs}
        return frozenset(inputs if self.body is None else inputs.union(self.body.loop_variables))

    def view(self, task: LiveTask) -> View:
        return task.top.evaluator.view_across(task.id)

    def border(self, task: LiveTask) -> View:
        return task.top.evaluator.view_outside(task.id, self.own_variables)

    def begin(self, task: LiveTask) -> bool:
        called, top = self.element.called, task.top
        assert called is not None, "checked at deployment"
        seen = self.view(task)
        process_id = top.evaluator.text(seen, called.process_id, "called process id")
        definition = top.host.called(self.element, process_id, called.binding)
        start = definition.start()
        if called.all_parent_variables:
            top.scopes.hand_in(task.id, seen.variables())
        task.internal_data[INSIDE] = OPEN
        task.internal_data["definition"] = definition.key
        task._set_state(S.STARTED)
        inner = top.open_inner(task, definition.top, definition)
        inner.start(start)
        return False

    def leave(self, task: LiveTask, result: Mapping[str, Value]) -> None:
        called, scopes = self.element.called, task.top.scopes
        assert called is not None, "checked at deployment"
        if self.element.io.outputs:
            self.set_outputs(task)
        elif called.all_child_variables:
            own = self.own_variables
            values = {name: v for name, v in scopes.local(task.id).items() if name not in own}
            scopes.set(task.workflow.scope_id, values)

    def reopen(self, task: LiveTask) -> Inner:
        key = task.internal_data["definition"]
        assert isinstance(key, int | str), "written by begin()"
        definition = task.top.host.definition(key)
        return task.top.open_inner(task, definition.top, definition)
