"""What is open in an instance after a command, as plain records read from the live tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.spiff.state import DefinitionKey


@dataclass(frozen=True, slots=True)
class UserTask:
    """A user task that a person may complete."""

    token_id: int
    element: str
    definition: DefinitionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work to be done outside, after commit; ``headers`` are evaluated."""

    token_id: int
    element: str
    definition: DefinitionKey
    type: str
    retries: int
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A timer; ``due_at`` is aware UTC, None while a deadline it follows has no due date yet."""

    token_id: int
    key: str
    element: str
    definition: DefinitionKey
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A message or signal that is waited for; a signal has no correlation key."""

    token_id: int
    key: str
    element: str
    definition: DefinitionKey
    kind: str
    name: str
    correlation_key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentNote:
    """A path that stopped, until it is retried."""

    token_id: int
    element: str
    definition: DefinitionKey
    kind: str
    message: str
    remedy: str
