"""What is kept of a process instance between two commands: its live tokens and its variables."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from engine.feel import Value

DefinitionKey = int | str
"""Names one version of one process definition; chosen by whoever stores definitions."""


class TokenState(StrEnum):
    """Where a token stands: waiting for others or an event, ready for a person, or started and outside."""

    WAITING = "waiting"
    READY = "ready"
    STARTED = "started"


class ScopeKind(StrEnum):
    """How a scope is looked through: a barrier hides everything outside it (a called process)."""

    ROOT = "root"
    LOCAL = "local"
    BARRIER = "barrier"


class Token(Struct, frozen=True, kw_only=True):
    """One live token.

    ``container`` is the token of the enclosing sub-process or call activity (None at the top);
    ``parent`` the token it belongs to: the activity of a waiting boundary event, the multi-instance
    body of an instance. ``element`` is a spec name: the element id, except for the instances of a
    multi-instance activity (``<id>[each]``) and a waiting event sub-process (``<id>[start]``).
    ``data`` holds JSON types only.
    """

    id: int
    container: int | None
    parent: int | None
    element: str
    state: TokenState
    triggered: bool
    data: Mapping[str, object]
    definition: DefinitionKey


class Scope(Struct, frozen=True, kw_only=True):
    """Variables of the instance (id 0) or of one token (its id)."""

    id: int
    parent: int | None
    kind: ScopeKind
    variables: Mapping[str, Value]


class State(Struct, frozen=True, kw_only=True):
    """All of a process instance: loading it gives the same execution again."""

    tokens: Mapping[int, Token]
    scopes: Mapping[int, Scope]
    next_id: int
    completed: bool


ROOT_SCOPE = 0
