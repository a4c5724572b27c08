"""A process definition made ready to run: read-only, shared by all instances and threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine import dialect
from engine.spiff import building
from engine.spiff.elements import Element
from engine.spiff.incidents import IncidentError
from engine.spiff.process_spec import ProcessSpec
from engine.spiff.state import DefinitionKey


@dataclass(frozen=True, slots=True)
class Definition:
    """``containers`` holds the process and each of its sub-processes by id."""

    key: DefinitionKey
    process: dialect.Process
    containers: Mapping[str, ProcessSpec]

    @property
    def top(self) -> ProcessSpec:
        """The process itself."""
        return self.containers[self.process.id]

    def start(self, element_id: str | None = None) -> Element:
        """Where an instance begins: the given start event, the plain one, or the only one.

        :raises IncidentError: there is no such start, or it is not clear which is meant.
        """
        starts = self.process.starts
        plain = [start for start in starts if start.event is None] or list(starts if len(starts) == 1 else ())
        found = [start for start in starts if start.element_id == element_id] if element_id else plain
        if not found:
            raise IncidentError(
                "start",
                f"Process {self.process.id} has no start event “{element_id}”."
                if element_id
                else f"Process {self.process.id} has several starts and none is plain.",
                "Name one of its start events, or draw a plain start event.",
            )
        return self.top.task_specs[found[0].element_id]


def compile(process: dialect.Process, *, key: DefinitionKey | None = None) -> Definition:
    """Make a process ready to run under ``key`` (its id when there is no other name for the version)."""
    return Definition(process.id if key is None else key, process, building.build(process))
