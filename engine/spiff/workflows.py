"""A process instance and the sub-processes and called processes running in it, as workflows.

Nothing finished is kept: when a token completes, its successors are hung under the root and it is
dropped, so that the tree never holds more than the live tokens.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState as S

from engine.feel import Value
from engine.spiff import arming
from engine.spiff.evaluation import Evaluator
from engine.spiff.facts import Fact
from engine.spiff.live import LIVE, ROOT, LiveTask
from engine.spiff.scopes import Scopes
from engine.spiff.state import ROOT_SCOPE

if TYPE_CHECKING:
    from engine.spiff.definition import Definition
    from engine.spiff.elements import Element
    from engine.spiff.host import Host
    from engine.spiff.process_spec import ProcessSpec


class Thrown(NamedTuple):
    """An error, escalation or signal on its way to its handlers; ``code`` is the name of a signal."""

    task: LiveTask
    kind: str
    code: str
    payload: Mapping[str, Value]


class Container:
    """What the instance and every process inside it have in common."""

    spec: ProcessSpec
    tasks: dict[int, LiveTask]
    task_tree: LiveTask
    top_workflow: Instance
    completed: bool
    depth: int
    definition: Definition
    owner: LiveTask | None

    def plant(self) -> None:
        """Make the root under which all tokens hang."""
        self.task_tree = LiveTask(self, self.spec.start, None, S.COMPLETED, ROOT)

    @property
    def scope_id(self) -> int:
        """The scope its elements share."""
        return ROOT_SCOPE if self.owner is None else int(self.owner.id)

    def live(self) -> Iterator[LiveTask]:
        """Its tokens, in the order they came."""
        return (task for task in list(self.tasks.values()) if task._state & LIVE)

    def attached(self, host: LiveTask) -> list[LiveTask]:
        """Boundary events waiting on an activity, or the instances of a multi-instance body."""
        return [task for task in self.tasks.values() if task.host is host]

    def new_task(
        self,
        spec: Element,
        state: int = S.FUTURE,
        *,
        parent: LiveTask | None = None,
        host: LiveTask | None = None,
        token_id: int | None = None,
    ) -> LiveTask:
        """A new token that has not reached anything yet."""
        top = self.top_workflow
        if token_id is None:
            token_id = top.next_id
            top.next_id += 1
        task = LiveTask(self, spec, parent or self.task_tree, state, token_id, host)
        top.tokens[task.id] = task
        return task

    def arrive(
        self, spec: Element, *, result: Mapping[str, Value] | None = None, fired: bool = False
    ) -> LiveTask:
        """Put a new token on an element from outside the sequence flows."""
        task = self.new_task(spec)
        task.result = result
        if fired:
            task.internal_data["fired"] = True
        spec._update(task)
        return task

    def start(self, start: Element, result: Mapping[str, Value] | None = None) -> None:
        """Begin at a start event, with the container's event sub-processes waiting from then on."""
        for trigger in self.spec.triggers:
            trigger.arm(self.new_task(trigger, S.WAITING))
        self.arrive(start, result=result)

    def discard(self, task: LiveTask) -> None:
        """Remove a token with all that hangs on it: attached tokens, inner process, scope."""
        top = self.top_workflow
        task._state = S.CANCELLED if task._state & LIVE else task._state
        if task.task_spec.holds_others:
            for other in self.attached(task):
                other.cancel()
        inner = top.subprocesses.pop(task.id, None)
        if inner is not None:
            inner.completed = True
            inner.cancel_tokens()
        top.scopes.close(task.id)
        top.forget(task)
        if task.id in self.tasks:
            self._remove_task(task.id)  # type: ignore[attr-defined]  # SpiffWorkflow's

    def cancel_tokens(self, keep: LiveTask | None = None) -> None:
        """Cancel every token in it, save one."""
        for task in self.live():
            if task is not keep and task.is_live:
                task.cancel()

    def _task_removed_notify(self, task: LiveTask) -> None:
        """SpiffWorkflow tells listeners here; there are none."""

    def _task_completed_notify(self, task: LiveTask) -> None:
        root = self.task_tree
        for child in task.children:
            child._parent = ROOT
            root._children.append(child.id)
        task._children = []
        self.discard(task)
        if not self.completed and not any(task.task_spec.keeps_open(task) for task in self.live()):
            self._finish()

    def _finish(self) -> None:
        self.completed = True
        self.cancel_tokens()  # event sub-processes that still wait
        if self.owner is not None and self.owner.is_live:
            self.top_workflow.subprocesses.pop(self.owner.id, None)
            self.owner.task_spec.inner_finished(self.owner)


class Inner(Container, BpmnSubWorkflow):
    """A sub-process or called process that runs under a token."""

    def __init__(self, spec: ProcessSpec, owner: LiveTask, definition: Definition) -> None:
        self.owner = owner
        self.definition = definition
        super().__init__(spec, owner.id, owner.top, deserializing=True)
        self.plant()


class Instance(Container, BpmnWorkflow):
    """A process instance in memory, for one command (or many, as long as nobody else changes it)."""

    subprocesses: dict[int, Inner]

    def __init__(self, definition: Definition, host: Host, first_id: int) -> None:
        self.owner = None
        self.definition = definition
        self.host = host
        self.next_id = first_id
        self.facts: list[Fact] = []
        self.scopes = Scopes(self.facts)
        self.tokens: dict[int, LiveTask] = {}
        self.ready: deque[LiveTask] = deque()
        self.joins: dict[int, LiveTask] = {}
        self.conditions: dict[int, LiveTask] = {}
        self.recheck = False
        self.still = False
        self.thrown: deque[Thrown] = deque()
        self.evaluator = Evaluator(host, self.scopes)
        super().__init__(definition.top, script_engine=self.evaluator, deserializing=True)
        self.plant()

    @property
    def now(self) -> datetime:
        """The moment of the command, in UTC."""
        at = self.host.environment.at
        if at is None:
            raise ValueError("The environment of a command needs its moment (at).")
        return at.astimezone(UTC)

    def get_task_from_id(self, task_id: int) -> LiveTask:
        """A live token of the instance or of anything inside it (SpiffWorkflow asks for owners)."""
        return self.tokens[task_id]

    def open_inner(self, owner: LiveTask, spec: ProcessSpec, definition: Definition) -> Inner:
        """A process inside a token, still empty."""
        inner = self.subprocesses[owner.id] = Inner(spec, owner, definition)
        return inner

    def forget(self, task: LiveTask) -> None:
        """A token is gone."""
        self.tokens.pop(task.id, None)
        self.joins.pop(task.id, None)
        self.conditions.pop(task.id, None)

    def expect(self, task: LiveTask) -> None:
        """Take up again what a restored token waits for."""
        if task.task_spec.is_join:
            self.joins[task.id] = task
        elif any(record["kind"] == "condition" for record in arming.records(task).values()):
            self.conditions[task.id] = task

    def watch(self, task: LiveTask) -> None:
        """A token waits for a condition."""
        self.conditions[task.id] = task
        self.recheck = True

    def throw(self, task: LiveTask, kind: str, code: str, payload: Mapping[str, Value]) -> None:
        """Deliver an error, escalation or signal once the thrower has come to rest."""
        self.thrown.append(Thrown(task, kind, code, payload))
