"""The elements of one process or sub-process as SpiffWorkflow's process spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

if TYPE_CHECKING:
    from engine.spiff.elements import Element
    from engine.spiff.events import Trigger


class ProcessSpec(BpmnProcessSpec):
    """Holds nothing but drawn elements: SpiffWorkflow's own start, join and end are not used.

    ``first`` is where a sub-process begins, ``triggers`` are the starts of its event sub-processes.
    """

    task_specs: dict[str, Element]
    first: Element
    triggers: tuple[Trigger, ...] = ()

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.task_specs = {}  # an element may be called Start or End
