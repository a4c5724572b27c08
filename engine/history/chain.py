"""Links history rows: each hashes the one before, its canonical fields and a salted personal digest."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

_canonical_encoder = msgspec.json.Encoder(order="deterministic")


class EventKind(StrEnum):
    """What a history row says happened."""

    CASE_STARTED = "case started"
    CASE_COMPLETED = "case completed"
    CASE_CANCELLED = "case cancelled"
    CASE_SUSPENDED = "case suspended"
    CASE_RESUMED = "case resumed"
    CASE_RESTARTED = "case restarted"
    CASE_MIGRATED = "case migrated"
    MIGRATION_UNDONE = "migration undone"
    TOKEN_MOVED = "token moved"
    VARIABLE_CORRECTED = "variable corrected"
    LEAD_CHANGED = "lead changed"
    ELEMENT_ENTERED = "element entered"
    ELEMENT_COMPLETED = "element completed"
    ELEMENT_CANCELLED = "element cancelled"
    FLOW_TAKEN = "flow taken"
    VARIABLES_SET = "variables set"
    DECISION_MADE = "decision made"
    TASK_CREATED = "task created"
    TASK_CLAIMED = "task claimed"
    TASK_RELEASED = "task released"
    TASK_COMPLETED = "task completed"
    TASK_CANCELLED = "task cancelled"
    TIMER_FIRED = "timer fired"
    JOB_DONE = "job done"
    JOB_FAILED = "job failed"
    MESSAGE_SENT = "message sent"
    MESSAGE_RECEIVED = "message received"
    DEADLINE_STARTED = "deadline started"
    DEADLINE_MOVED = "deadline moved"
    DEADLINE_WARNED = "deadline warned"
    DEADLINE_MET = "deadline met"
    DEADLINE_MISSED = "deadline missed"
    DEADLINE_VOID = "deadline void"
    DEADLINE_PAUSED = "deadline paused"
    DEADLINE_RESUMED = "deadline resumed"
    DEADLINE_EXTENDED = "deadline extended"
    DEADLINE_EXPLAINED = "deadline explained"
    DATE_CHANGED = "date changed"
    INCIDENT_OPENED = "incident opened"
    INCIDENT_RESOLVED = "incident resolved"
    DOCUMENT_STORED = "document stored"
    EVIDENCE_ADDED = "evidence added"
    ADVICE_RECORDED = "advice recorded"


class Event(Struct, frozen=True, kw_only=True):
    """A fact to append. `fields` name no person's data; `personal` may, and can be redacted."""

    kind: EventKind
    element: str | None
    fields: dict[str, Any]
    personal: Any = None


def canonical(value: Any) -> bytes:
    """The RFC 8785 form of a structure without floats; decimals that are not whole become strings."""
    return _canonical_encoder.encode(_plain(value))


_AS_THEY_ARE = frozenset((str, bool, type(None)))


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_THEY_ARE:  # most values are
        return value
    if kind is dict:
        return {key: item if type(item) in _AS_THEY_ARE else _plain(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [item if type(item) in _AS_THEY_ARE else _plain(item) for item in value]
    if kind is Decimal:
        whole = value == value.to_integral_value() and abs(value) < 2**53
        return int(value) if whole else str(value.normalize())
    return str(value) if kind is int and abs(value) >= 2**53 else value


@lru_cache(maxsize=128)
def _moment(at: datetime) -> str:
    """All rows of a step have the same."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def link(previous: bytes, *, seq: int, at: datetime, actor: str, event: Event, digest: bytes | None) -> bytes:
    """The SHA-256 that stands for this row and, through `previous`, for all before it.

    A moment is hashed in UTC, as the database gives it back, whatever zone the command named it in.
    """
    head = _canonical_encoder.encode(
        {
            "seq": seq,
            "at": _moment(at),
            "actor": actor,
            "kind": event.kind,
            "element": event.element,
            "fields": _plain(event.fields),
            "personal": digest.hex() if digest is not None else None,
        }
    )
    return hashlib.sha256(previous + head).digest()


def append(
    head: bytes, length: int, *, at: datetime, actor: str, events: Iterable[Event]
) -> tuple[list[dict[str, Any]], bytes, int]:
    """The rows for `events` after a chain of `length` rows ending in `head`, the new head and length."""
    rows = []
    for event in events:
        length += 1
        salt = secrets.token_bytes(16) if event.personal is not None else None
        digest = hashlib.sha256(salt + canonical(event.personal)).digest() if salt is not None else None
        head = link(head, seq=length, at=at, actor=actor, event=event, digest=digest)
        rows.append(
            {
                "seq": length,
                "at": at,
                "actor": actor,
                "kind": event.kind,
                "element": event.element,
                "fields": event.fields,
                "personal": event.personal,
                "salt": salt,
                "personal_digest": digest,
                "hash": head,
            }
        )
    return rows, head, length
