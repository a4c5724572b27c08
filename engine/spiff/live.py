"""A token as SpiffWorkflow's task: no data of its own, no clock, no log, ids from the instance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState as S

from engine import feel
from engine.dialect import Flow
from engine.feel import Value
from engine.spiff.facts import IncidentRaised
from engine.spiff.incidents import IncidentError

if TYPE_CHECKING:
    from engine.spiff.elements import Element
    from engine.spiff.workflows import Container, Instance

ROOT = -1
ENTER, BEGIN, RUN, LEAVE, GATHER, AWAIT = "enter", "begin", "run", "leave", "gather", "await"
"""How far a token has come with its element: it takes its inputs, begins, works, gives its results to the
scope, and to the multi-instance body. ``AWAIT`` is where a condition is looked at. What failed is tried
again from its stage on, so that nothing is done twice."""
LIVE = S.WAITING | S.READY | S.STARTED


class LiveTask(Task):
    """A token in memory.

    ``host`` is the token it belongs to (see ``Token.parent``). ``result`` holds what a person, a job or
    an event gave until the element has taken it over; ``chosen`` the flows a gateway decided for.
    What must survive the command is in ``internal_data``, whose values are replaced and never changed in
    place.
    """

    task_spec: Element
    workflow: Container
    internal_data: dict[str, object]

    def __init__(
        self,
        workflow: Container,
        spec: Element,
        parent: LiveTask | None,
        state: int,
        token_id: int,
        host: LiveTask | None = None,
    ) -> None:
        self.top: Instance = workflow.top_workflow
        super().__init__(workflow, spec, parent, state, token_id)
        self.host = host
        self.result: Mapping[str, Value] | None = None
        self.chosen: tuple[tuple[Flow, Element], ...] | None = None
        self.gathered: tuple[Value, bool] | None = None
        self.stage = ENTER

    @property
    def is_live(self) -> bool:
        """Whether it still stands somewhere."""
        return bool(self._state & LIVE) and self.top.tokens.get(self.id) is self

    @property
    def scope_id(self) -> int:
        """The scope it works in: its own if it has one, else that of its container."""
        return int(self.id) if self.id in self.top.scopes else self.workflow.scope_id

    @property
    def fired(self) -> bool:
        """Whether the event it stands on has happened already."""
        return "fired" in self.internal_data

    @property
    def incident(self) -> Mapping[str, str] | None:
        """Why it stopped, if it did."""
        return self.internal_data.get("incident")  # type: ignore[return-value]  # written by stop() only

    def stop(self, error: IncidentError) -> None:
        """Leave it standing where it is until somebody repairs the cause and has its stage tried again."""
        self.internal_data["incident"] = {
            "kind": error.kind,
            "message": error.message,
            "remedy": error.remedy,
            "stage": self.stage,
        }
        if self.result is not None:
            self.internal_data["result"] = feel.to_json(dict(self.result))
        self._set_state(S.STARTED)
        self.top.conditions.pop(self.id, None)
        self.top.facts.append(
            IncidentRaised(
                element=self.task_spec.bpmn_id,
                token_id=self.id,
                kind=error.kind,
                message=error.message,
                remedy=error.remedy,
            )
        )

    def _set_state(self, value: int) -> None:
        self._state = value
        if value == S.READY and (self.result is not None or not self.task_spec.manual):
            self.top.ready.append(self)

    def _add_child(self, task_spec: Element, state: int = S.FUTURE) -> LiveTask:
        return self.workflow.new_task(task_spec, state, parent=self)
