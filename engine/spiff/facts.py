"""What happened during a command, in order, for the history of the case."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from engine.dmn import Explanation
from engine.feel import Value
from engine.spiff.state import DefinitionKey


class ElementEntered(Struct, frozen=True):
    """A token reached an element."""

    element: str
    token_id: int
    definition: DefinitionKey


class ElementCompleted(Struct, frozen=True):
    """An element ended as drawn."""

    element: str
    token_id: int
    definition: DefinitionKey


class ElementCancelled(Struct, frozen=True):
    """An element was interrupted before it ended."""

    element: str
    token_id: int
    definition: DefinitionKey


class FlowTaken(Struct, frozen=True):
    """A token left along a sequence flow."""

    flow: str
    token_id: int
    definition: DefinitionKey


class VariablesSet(Struct, frozen=True):
    """Variables written into one scope (0 is the instance)."""

    scope_id: int
    variables: Mapping[str, Value]


class DecisionEvaluated(Struct, frozen=True):
    """A business rule task asked for a decision and got this answer, with its reasons."""

    element: str
    token_id: int
    explanation: Explanation


class IncidentRaised(Struct, frozen=True, kw_only=True):
    """A path stopped: what was wrong and how to mend it."""

    element: str
    token_id: int
    kind: str
    message: str
    remedy: str


class IncidentResolved(Struct, frozen=True):
    """A stopped path was tried again."""

    element: str
    token_id: int


class MessageThrown(Struct, frozen=True, kw_only=True):
    """A message to be delivered after commit, by ``expires_at`` at the latest."""

    name: str
    correlation_key: str
    expires_at: datetime
    payload: Mapping[str, Value]
    element: str
    token_id: int


class SignalThrown(Struct, frozen=True, kw_only=True):
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
