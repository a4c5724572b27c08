"""What the execution kernel asks of whoever runs it, and how a step that cannot go on is told."""

from collections.abc import Mapping
from typing import Protocol

from engine import dialect, feel
from engine.dmn import Explanation
from engine.feel import Value
from engine.spiff.definition import Definition
from engine.spiff.incidents import IncidentError
from engine.spiff.state import DefinitionKey

__all__ = ["Host", "IncidentError"]


class Host(Protocol):
    """Decisions, definitions and time, as the kernel sees them; one object serves one command."""

    @property
    def environment(self) -> feel.Environment:
        """The time of the command, its calendar and the limits of an expression."""

    def decide(
        self,
        element: dialect.Element,
        decision_id: str,
        binding: dialect.Binding,
        context: Mapping[str, Value],
    ) -> Explanation:
        """Evaluate a decision.

        :raises IncidentError: the decision does not exist or cannot be asked.
        """

    def called(self, element: dialect.Element, process_id: str, binding: dialect.Binding) -> Definition:
        """The definition a call activity runs, resolved at the moment of the call.

        :raises IncidentError: there is none.
        """

    def definition(self, key: DefinitionKey) -> Definition:
        """A definition that a live call activity already runs."""

    def extras(self, scopes: tuple[int, ...]) -> Mapping[str, Value]:
        """Names every expression may use besides variables; ``scopes`` leads from the innermost to 0."""
