"""What happened during a command, in order, for the history of the case."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.dmn import Explanation
from engine.feel import Value
from engine.spiff.state import DefinitionKey


@dataclass(frozen=True, slots=True)
class ElementEntered:
    """A token reached an element."""

    element: str
    token_id: int
    definition: DefinitionKey


@dataclass(frozen=True, slots=True)
class ElementCompleted:
    """An element ended as drawn."""

    element: str
    token_id: int
    definition: DefinitionKey


@dataclass(frozen=True, slots=True)
class ElementCancelled:
    """An element was interrupted before it ended."""

    element: str
    token_id: int
    definition: DefinitionKey


@dataclass(frozen=True, slots=True)
class FlowTaken:
    """A token left along a sequence flow."""

    flow: str
    token_id: int
    definition: DefinitionKey


@dataclass(frozen=True, slots=True)
class VariablesSet:
    """Variables written into one scope (0 is the instance)."""

    scope_id: int
    variables: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class DecisionEvaluated:
    """A business rule task asked for a decision and got this answer, with its reasons."""

    element: str
    token_id: int
    explanation: Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRaised:
    """A path stopped: what was wrong and how to mend it."""

    element: str
    token_id: int
    kind: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class IncidentResolved:
    """A stopped path was tried again."""

    element: str
    token_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageThrown:
    """A message to be delivered after commit; ``time_to_live`` is an ISO 8601 duration or empty."""

    name: str
    correlation_key: str
    time_to_live: str
    payload: Mapping[str, Value]
    element: str
    token_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalThrown:
    """A signal to be delivered after commit to every other instance that waits for it.

    Within its own instance it has been delivered already, to what waited for it when it was thrown.
    """

    name: str
    payload: Mapping[str, Value]
    element: str
    token_id: int


Fact = (
    ElementEntered
    | ElementCompleted
    | ElementCancelled
    | FlowTaken
    | VariablesSet
    | DecisionEvaluated
    | IncidentRaised
    | IncidentResolved
    | MessageThrown
    | SignalThrown
)
