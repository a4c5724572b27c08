"""A deadline as a row: as stored, as a step holds it, and what a change of it is called in history."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from engine.db.tables import DeadlineState
from engine.deadlines import Policy, Schedule
from engine.history import EventKind
from engine.runtime.store import Row

DATES = ("start_on", "opens_on", "warn_on", "due_on", "ended_on")
RUNNING = frozenset({DeadlineState.RUNNING, DeadlineState.EXTENDED})
"""The states in which a warning or a breach can come."""


def new(scope_id: int, definition_id: int, policy: Policy) -> Row:
    """The row of a deadline whose start is not known yet."""
    return {
        "scope_id": scope_id,
        "definition_id": definition_id,
        "key": policy.key,
        "element": policy.element,
        "name": policy.name,
        "met_by": policy.met_by,
        "force": policy.force.value,
        "owner": policy.owner,
        "is_right": policy.right,
        "rules": list(policy.rules),
        "state": DeadlineState.WAITING,
        "start_on": None,
        "opens_on": None,
        "warn_on": None,
        "due_on": None,
        "arithmetic": "",
        "calendar_revision": None,
        "ended_on": None,
        "reason": None,
        "authority": None,
        "counted": None,
        "adjustments": [],
        "miss_reason": None,
    }


def unstarted(row: Row) -> Row:
    """The row once its start is no longer known."""
    return row | {
        "state": DeadlineState.WAITING,
        **dict.fromkeys(("start_on", "opens_on", "warn_on", "due_on", "calendar_revision", "counted")),
        "arithmetic": "",
    }


def scheduled(row: Row, found: Schedule, *, because: str | None, today: date) -> Row:
    """The row with the dates of a schedule; `because` is the reason the case itself gives for a later day."""
    agreed = row["adjustments"][-1] if row["adjustments"] else {}
    by_case = because if found.extended else None
    return row | {
        "state": _state(row, found, today),
        "start_on": found.start_on,
        "opens_on": found.opens_on,
        "warn_on": found.warn_on,
        "due_on": found.due_on,
        "arithmetic": found.arithmetic,
        "calendar_revision": found.calendar_revision,
        "counted": found.numbers.as_json(),
        "reason": agreed.get("reason") or by_case or row["reason"],
        "authority": agreed.get("authority") or row["authority"],
    }


def _state(row: Row, found: Schedule, today: date) -> DeadlineState:
    """A missed deadline stays missed unless it turns out not to have been due."""
    if found.paused:
        return DeadlineState.PAUSED
    if row["state"] == DeadlineState.MISSED and found.due_on < today:
        return DeadlineState.MISSED
    return DeadlineState.EXTENDED if found.extended else DeadlineState.RUNNING


def earliest(rows: Iterable[Row], meeting: Collection[str]) -> date | None:
    """The earliest day by which one of `meeting` is due; paused deadlines have none."""
    due = [
        row["due_on"]
        for row in rows
        if row["met_by"] in meeting and row["due_on"] is not None and is_open(row)
        and row["state"] != DeadlineState.PAUSED
    ]  # fmt: skip
    return min(due, default=None)


def is_open(row: Row) -> bool:
    """Whether what the deadline asks for is still to be done."""
    return row["ended_on"] is None and row["state"] != DeadlineState.VOID


def what_changed(before: Row | None, row: Row) -> EventKind | None:
    """The history's word for a change; None where nobody needs to be told."""
    was = before["state"] if before is not None else DeadlineState.WAITING
    match row["state"]:
        case DeadlineState.MET:
            return EventKind.DEADLINE_MET
        case DeadlineState.MISSED if was != DeadlineState.MISSED or row["ended_on"] is not None:
            return EventKind.DEADLINE_MISSED
        case DeadlineState.VOID:
            # A clock that never ran ends without a word.
            return EventKind.DEADLINE_VOID if row["due_on"] is not None else None
        case DeadlineState.PAUSED if was != DeadlineState.PAUSED:
            return EventKind.DEADLINE_PAUSED
        case DeadlineState.RUNNING if was == DeadlineState.WAITING:
            return EventKind.DEADLINE_STARTED
        case DeadlineState.EXTENDED if was not in (DeadlineState.EXTENDED, DeadlineState.PAUSED):
            return EventKind.DEADLINE_EXTENDED
        case _ if was == DeadlineState.PAUSED != row["state"]:
            return EventKind.DEADLINE_RESUMED
        case _:
            return _moved(before, row)


def _moved(before: Row | None, row: Row) -> EventKind | None:
    """A new calendar that leaves the days where they were is no event."""
    if before is None:
        return None
    if len(row["adjustments"]) > len(before["adjustments"]):
        return EventKind.DEADLINE_EXTENDED
    days = ("start_on", "opens_on", "warn_on", "due_on")
    return EventKind.DEADLINE_MOVED if any(row[day] != before[day] for day in days) else None


def told(row: Row, before: Row | None) -> dict[str, Any]:
    """What history says of a change."""
    fields: dict[str, Any] = {
        "deadline": row["key"],
        "scope": row["scope_id"],
        "name": row["name"],
        "state": str(row["state"]),
        "due": _text(row["due_on"]),
        "rules": row["rules"],
        "arithmetic": row["arithmetic"],
        "calendar": row["calendar_revision"],
    }
    if before is not None and before["due_on"] not in (None, row["due_on"]):
        fields["was due"] = _text(before["due_on"])
    if row["ended_on"] is not None:
        fields["ended"] = _text(row["ended_on"])
    if before is not None and row["adjustments"] != before["adjustments"]:
        fields |= {name: row["adjustments"][-1][name] for name in ("reason", "authority")}
    return fields


def read(stored: Row) -> Row:
    """A row of the table as a step holds it."""
    row = {name: value for name, value in stored.items() if name not in ("id", "instance_id")}
    for name in DATES:
        row[name] = date.fromisoformat(row[name]) if row[name] is not None else None
    return row


def written(row: Row) -> Row:
    """A row as the store writes it."""
    return row | {name: row[name].isoformat() for name in DATES if row[name] is not None}


def _text(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
