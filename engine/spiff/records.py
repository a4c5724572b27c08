"""What is open in an instance after a command, as plain records read from the live tokens."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from engine.spiff.state import DefinitionKey


class UserTask(Struct, frozen=True):
    """A user task that a person may complete."""

    token_id: int
    element: str
    definition: DefinitionKey


class Job(Struct, frozen=True, kw_only=True):
    """Work to be done outside, after commit; ``headers`` are evaluated."""

    token_id: int
    element: str
    definition: DefinitionKey
    type: str
    retries: int
    headers: Mapping[str, str]


class Timer(Struct, frozen=True, kw_only=True):
    """A timer; ``due_at`` is aware UTC, None while a deadline it follows has no due date yet."""

    token_id: int
    key: str
    element: str
    definition: DefinitionKey
    due_at: datetime | None


class Subscription(Struct, frozen=True, kw_only=True):
    """A message or signal that is waited for; a signal has no correlation key."""

    token_id: int
    key: str
    element: str
    definition: DefinitionKey
    kind: str
    name: str
    correlation_key: str | None


class IncidentNote(Struct, frozen=True, kw_only=True):
    """A path that stopped, until it is retried."""

    token_id: int
    element: str
    definition: DefinitionKey
    kind: str
    message: str
    remedy: str
