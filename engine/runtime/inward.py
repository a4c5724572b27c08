"""What a deadline sees: the variables of its scope and, for those it lacks, what runs inside it.

A process declares "draft within 18 working days of the end of the inspection" as a whole, while the day of
the end is set inside one of the processes it calls, behind that call's barrier.
"""

from collections.abc import Iterator, Mapping

from engine import spiff
from engine.feel import Value


class Inward(Mapping[str, Value]):
    """The variables seen from a scope; where one is missing or null, that of the nearest scope inside."""

    def __init__(self, scope_id: int, execution: spiff.Execution) -> None:
        """`scope_id` is 0 for the case, else a live token."""
        self._scope_id, self._execution = scope_id, execution
        self._seen = execution.variables(scope_id)

    def __getitem__(self, name: str) -> Value:
        found = self._seen.get(name)
        if found is not None:
            return found
        for scope in self._inside():
            if scope.variables.get(name) is not None:
                return scope.variables[name]
        return self._seen[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._seen)

    def __len__(self) -> int:
        return len(self._seen)

    def _inside(self) -> Iterator[spiff.Scope]:
        """Live scopes within this one, breadth first, the oldest first."""
        scopes = self._execution.state().scopes
        around = {self._scope_id}
        for scope in sorted(scopes.values(), key=lambda each: each.id):
            if scope.parent in around:
                around.add(scope.id)
                yield scope
