"""Sub-processes, event sub-processes and call activities: nodes with a process inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState as S

from engine.feel import Value
from engine.spiff.elements import NO_VALUES, Activity
from engine.spiff.incidents import IncidentError
from engine.spiff.live import LiveTask

if TYPE_CHECKING:
    from engine.spiff.process_spec import ProcessSpec
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
        task.top.scopes.open(task.id, task.workflow.scope_id)
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
    """Runs another process, which sees only what is passed in."""

    def begin(self, task: LiveTask) -> bool:
        called, top = self.element.called, task.top
        assert called is not None, "checked at deployment"
        process_id = top.evaluator.text(task.id, called.process_id, "called process id")
        definition = top.host.called(self.element, process_id, called.binding)
        start = definition.start()
        visible = top.evaluator.view(task.id).variables() if called.all_parent_variables else NO_VALUES
        top.scopes.seal(task.id, visible)
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
            hidden = () if self.body is None else self.body.loop_variables
            values = {name: v for name, v in scopes.local(task.id).items() if name not in hidden}
            scopes.set(task.workflow.scope_id, values)

    def reopen(self, task: LiveTask) -> Inner:
        key = task.internal_data["definition"]
        assert isinstance(key, int | str), "written by begin()"
        definition = task.top.host.definition(key)
        return task.top.open_inner(task, definition.top, definition)
