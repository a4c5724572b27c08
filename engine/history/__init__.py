"""The append-only history of a case: one row a fact, chained by hash, provable later."""

from engine.history.chain import Event, EventKind, append, canonical, link
from engine.history.timeline import HistoryEvent, timeline
from engine.history.verify import Break, verify

__all__ = [
    "Break",
    "Event",
    "EventKind",
    "HistoryEvent",
    "append",
    "canonical",
    "link",
    "timeline",
    "verify",
]
