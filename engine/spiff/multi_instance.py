"""Multi-instance activities: a body that counts, and an instance of the activity for each item."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState as S

from engine import dialect, feel
from engine.feel import Value
from engine.spiff.elements import Element
from engine.spiff.evaluation import EXPRESSION
from engine.spiff.incidents import IncidentError
from engine.spiff.live import LiveTask

if TYPE_CHECKING:
    from engine.spiff.process_spec import ProcessSpec

COUNTER = "loopCounter"
MAX_INSTANCES = 1_000


class MultiInstance(Element):
    """The body. Its token keeps ``count``, ``begun``, ``done`` and, as JSON, ``items`` and ``results``."""

    each: Element

    def __init__(self, process_spec: ProcessSpec, name: str, element: dialect.Element) -> None:
        super().__init__(process_spec, name, element)
        assert element.loop is not None, "only multi-instance activities have a body"
        self.loop = element.loop
        named = (element.loop.input_element, element.loop.output_variable)
        self.loop_variables = (COUNTER, *(name for name in named if name))

    @property
    def holds_others(self) -> bool:
        return True

    def prepare(self, task: LiveTask) -> None:
        """Input mappings belong to each instance."""

    def begin(self, task: LiveTask) -> bool:
        items = self.evaluate(task, self.loop.input_collection, "input collection")
        if not isinstance(items, list):
            raise IncidentError(
                EXPRESSION,
                f"The input collection “{self.loop.input_collection.text}” is no list"
                f" but {feel.type_name(items)}.",
                "Correct the variables of the case and retry.",
            )
        if len(items) > MAX_INSTANCES:
            raise IncidentError(
                "too-many",
                f"The input collection has {len(items):,} items; at most {MAX_INSTANCES:,} are worked on.",
                "Group the items in a shorter list and retry.",
            )
        task.internal_data.update(count=len(items), begun=0, done=0)
        if self.loop.output_element is not None:
            task.internal_data["results"] = [None] * len(items)
        if not items:
            return True
        task._set_state(S.STARTED)
        if self.loop.sequential:
            task.internal_data["items"] = feel.to_json(items)
            self._spawn(task, items[0])
        else:
            for item in items:
                self._spawn(task, item)
        return False

    def _spawn(self, task: LiveTask, item: Value) -> None:
        index = _number(task, "begun")
        task.internal_data["begun"] = index + 1
        child = task.workflow.new_task(self.each, host=task)
        child.internal_data["index"] = index
        variables: dict[str, Value] = dict.fromkeys(self.loop_variables)
        variables[COUNTER] = Decimal(index + 1)
        if self.loop.input_element:
            variables[self.loop.input_element] = item
        scope_id, kind = task.workflow.scope_id, self.each.scope_kind
        task.top.scopes.open(child.id, scope_id, variables, kind=kind)
        self.each._update(child)

    def gather(self, task: LiveTask, child: LiveTask) -> tuple[Value, bool]:
        """What an instance that ends contributes, and whether it ends the others.

        :raises IncidentError: either cannot be computed; the instance then stops, not the body.
        """
        value: Value = None
        if self.loop.output_element is not None:
            value = self.each.evaluate(child, self.loop.output_element, "output element")
        if self.loop.completion_condition is None:
            return value, False
        counts = self._counts(task)
        seen = self.each.view(child).under(counts)
        stop = child.top.evaluator.boolean(seen, self.loop.completion_condition, "completion condition")
        return value, stop

    def _counts(self, task: LiveTask) -> dict[str, Value]:
        count, begun, done = (_number(task, name) for name in ("count", "begun", "done"))
        return {
            "numberOfInstances": Decimal(count),
            "numberOfActiveInstances": Decimal(begun - done - 1),
            "numberOfCompletedInstances": Decimal(done + 1),
            "numberOfTerminatedInstances": Decimal(0),
        }

    def instance_done(self, task: LiveTask, child: LiveTask) -> None:
        """Count an instance that has ended."""
        value, stop = child.gathered if child.gathered is not None else (None, False)
        data = task.internal_data
        done = data["done"] = _number(task, "done") + 1
        results = data.get("results")
        if isinstance(results, list):
            index = _number(child, "index")
            data["results"] = [*results[:index], feel.to_json(value), *results[index + 1 :]]
        if stop:
            for other in task.workflow.attached(task):
                if other is not child and other.task_spec is self.each:
                    other.cancel()
        if stop or done == data["count"]:
            task._set_state(S.READY)
        elif self.loop.sequential:
            items = data["items"]
            assert isinstance(items, list), "written by begin()"
            self._spawn(task, feel.from_json(items[_number(task, "begun")]))

    def run(self, task: LiveTask) -> bool | None:
        if self.loop.output_collection:
            results = feel.from_json(task.internal_data.get("results", []))
            task.top.scopes.set(task.workflow.scope_id, {self.loop.output_collection: results})
        return True


def _number(task: LiveTask, name: str) -> int:
    number = task.internal_data[name]
    assert isinstance(number, int), f"{name} is a count"
    return number
