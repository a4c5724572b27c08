"""The deadlines of one case during one step: when they start, move, are met and end."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine import feel
from engine.clock import london_date, london_midnight
from engine.db.tables import DeadlineState
from engine.deadlines import DeadlineValueError, Policy, Schedule, StartKind, schedule
from engine.history import Event, EventKind
from engine.runtime.store import Row
from engine.workdays import UncoveredYearError

View = Callable[[int], Mapping[str, feel.Value]]
"""The variables seen from a scope."""

_OPEN = frozenset(
    {DeadlineState.WAITING, DeadlineState.RUNNING, DeadlineState.EXTENDED, DeadlineState.PAUSED}
)
_DATES = ("start_on", "opens_on", "warn_on", "due_on", "ended_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A live scope with deadlines: the case itself (0), or a token."""

    scope_id: int
    definition_id: int
    policies: tuple[Policy, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """The elements that began and ended in this step."""

    started: frozenset[str]
    completed: frozenset[str]


class Book:
    """Keeps a case's deadlines true to its variables.

    `changed` and `events` are what the step writes; `problems` says, by scope, what keeps a deadline
    from being worked out: it stays as it was and becomes an incident.
    """

    def __init__(self, rows: Iterable[Row], environment: feel.Environment) -> None:
        """`rows` are the case's deadline rows as stored."""
        assert environment.at is not None
        self._environment = environment
        self._today = london_date(environment.at)
        self._rows = {(row["scope_id"], row["key"]): _read(row) for row in rows}
        self.changed: dict[tuple[int, str], Row] = {}
        self.events: list[Event] = []
        self.problems: dict[int, str] = {}

    def rows(self) -> list[Row]:
        """All deadlines as they stand."""
        return list(self._rows.values())

    # --- asked by expressions while the step runs -------------------------------------------------

    def state_of(self, key: str, holders: Iterable[Holder], view: View) -> dict[str, feel.Value] | None:
        """The dates of the deadline `key` of the first holder that has it; None when none has."""
        for holder in holders:
            for policy in holder.policies:
                if policy.key == key:
                    row = self._current(holder, policy, view, Happened(frozenset(), frozenset()))
                    return {
                        "due": _feel_date(row["due_on"]),
                        "opens": _feel_date(row["opens_on"]),
                        "warn": _feel_date(row["warn_on"]),
                        "state": str(row["state"]),
                    }
        return None

    # --- once, when the step has run ----------------------------------------------------------------

    def reconcile(self, holders: Iterable[Holder], view: View, happened: Happened) -> None:
        """Bring every deadline to what the case now says."""
        self.problems.clear()  # a guess made while the step ran may have been too early
        live = set()
        for holder in holders:
            for policy in holder.policies:
                live.add((holder.scope_id, policy.key))
                self._put(self._current(holder, policy, view, happened))
                self._meet(holder.scope_id, policy, happened)
        for (scope_id, key), row in list(self._rows.items()):
            if (scope_id, key) not in live and row["state"] in _OPEN:
                self._meet_or_end(row, happened)

    def due_date(self, element: str) -> date | None:
        """The earliest open due day that completing `element` meets."""
        due = [
            row["due_on"]
            for row in self._rows.values()
            if row["met_by"] == element and row["due_on"] is not None and row["ended_on"] is None
            and row["state"] != DeadlineState.VOID
        ]  # fmt: skip
        return min(due, default=None)

    def mark(self, scope_id: int, key: str, mark: str) -> None:
        """A warning day or the day after the due day has come."""
        row = self._rows[scope_id, key]
        if mark == "warning":
            self._event(EventKind.DEADLINE_WARNED, row)
        elif row["ended_on"] is None and row["state"] in (DeadlineState.RUNNING, DeadlineState.EXTENDED):
            self._put(row | {"state": DeadlineState.MISSED})

    def timer_rows(self) -> list[Row]:
        """When each changed deadline is to be looked at again, by the worker."""
        marks: list[Row] = []
        for row in self.changed.values():
            if row["state"] not in (DeadlineState.RUNNING, DeadlineState.EXTENDED) or row["ended_on"]:
                continue
            days = [("missed", row["due_on"] + timedelta(days=1))]
            if row["warn_on"] is not None and row["warn_on"] > self._today:
                days.append(("warning", row["warn_on"]))
            marks += [
                {
                    "scope_id": row["scope_id"],
                    "key": row["key"],
                    "mark": mark,
                    "due_at": london_midnight(day).isoformat(),
                }
                for mark, day in days
            ]
        return marks

    def changed_rows(self) -> list[Row]:
        """The changed deadlines, as the store writes them."""
        return [
            row | {name: row[name].isoformat() for name in _DATES if row[name] is not None}
            for row in self.changed.values()
        ]

    # --- one deadline -------------------------------------------------------------------------------

    def _current(self, holder: Holder, policy: Policy, view: View, happened: Happened) -> Row:
        """The row as the variables now make it, not stored yet."""
        row = self._rows.get((holder.scope_id, policy.key)) or _new(holder, policy)
        if row["state"] not in _OPEN or row["state"] == DeadlineState.PAUSED:
            return row
        variables = view(holder.scope_id)
        start = self._start(policy, row, variables, happened)
        if start is None:
            return row
        try:
            found = schedule(policy, start, variables, self._environment)
        except (DeadlineValueError, UncoveredYearError) as error:
            self.problems[holder.scope_id] = str(error)
            return row
        return self._scheduled(policy, row, found, variables)

    def _start(
        self, policy: Policy, row: Row, variables: Mapping[str, feel.Value], happened: Happened
    ) -> date | None:
        if policy.start.kind is StartKind.VARIABLE:
            return _date(variables.get(policy.start.name))
        began = happened.started if policy.start.kind is StartKind.STARTED else happened.completed
        known: date | None = row["start_on"]
        return known or (self._today if policy.start.name in began else None)

    def _scheduled(
        self, policy: Policy, row: Row, found: Schedule, variables: Mapping[str, feel.Value]
    ) -> Row:
        later = _date(variables.get(policy.extended_to)) if policy.extended_to else None
        reason = variables.get(policy.extended_because) if policy.extended_because else None
        extended = later is not None and later > found.due_on
        arithmetic = found.arithmetic
        if extended:
            arithmetic += f"; extended to {later:%A} {later.day} {later:%B %Y}" if later else ""
        return row | {
            "state": DeadlineState.EXTENDED if extended else DeadlineState.RUNNING,
            "start_on": found.start_on,
            "opens_on": found.opens_on,
            "warn_on": found.warn_on,
            "due_on": later if extended else found.due_on,
            "arithmetic": arithmetic,
            "calendar_revision": found.calendar_revision,
            "reason": str(reason) if extended and reason is not None else row["reason"],
        }

    def _put(self, row: Row) -> None:
        identity = (row["scope_id"], row["key"])
        before = self._rows.get(identity)
        if row == before:
            return
        self._rows[identity] = self.changed[identity] = row
        self._event(_what_changed(before, row), row, before)

    def _meet(self, scope_id: int, policy: Policy, happened: Happened) -> None:
        row = self._rows[scope_id, policy.key]
        if row["met_by"] in happened.completed and row["ended_on"] is None:
            self._met(row)

    def _meet_or_end(self, row: Row, happened: Happened) -> None:
        if row["met_by"] in happened.completed and row["due_on"] is not None:
            self._met(row)
        else:
            self._put(row | {"state": DeadlineState.VOID, "ended_on": self._today})

    def _met(self, row: Row) -> None:
        """A deadline whose clock never started cannot be met or missed."""
        if row["due_on"] is None or row["state"] == DeadlineState.VOID:
            return
        late = self._today > row["due_on"]
        state = DeadlineState.MISSED if late else DeadlineState.MET
        self._put(row | {"state": state, "ended_on": self._today})

    def _event(self, kind: EventKind | None, row: Row, before: Row | None = None) -> None:
        if kind is None:
            return
        fields: dict[str, Any] = {
            "deadline": row["key"],
            "name": row["name"],
            "due": _text(row["due_on"]),
            "rules": row["rules"],
            "arithmetic": row["arithmetic"],
        }
        if before is not None and before["due_on"] not in (None, row["due_on"]):
            fields["was due"] = _text(before["due_on"])
        if row["ended_on"] is not None:
            fields["ended"] = _text(row["ended_on"])
        self.events.append(Event(kind=kind, element=row["element"], fields=fields))


def _what_changed(before: Row | None, row: Row) -> EventKind | None:
    was = before["state"] if before is not None else DeadlineState.WAITING
    match row["state"]:
        case DeadlineState.MET:
            return EventKind.DEADLINE_MET
        case DeadlineState.MISSED:
            return EventKind.DEADLINE_MISSED
        case DeadlineState.VOID:
            # A clock that never ran ends without a word.
            return EventKind.DEADLINE_VOID if row["due_on"] is not None else None
        case DeadlineState.EXTENDED if was != DeadlineState.EXTENDED:
            return EventKind.DEADLINE_EXTENDED
        case DeadlineState.RUNNING if was == DeadlineState.WAITING:
            return EventKind.DEADLINE_STARTED
        case DeadlineState.RUNNING | DeadlineState.EXTENDED:
            return EventKind.DEADLINE_MOVED
        case _:
            return None


def _new(holder: Holder, policy: Policy) -> Row:
    return {
        "scope_id": holder.scope_id,
        "definition_id": holder.definition_id,
        "key": policy.key,
        "element": policy.element,
        "name": policy.name,
        "met_by": policy.met_by,
        "force": policy.force.value,
        "owner": policy.owner,
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
    }


def _read(stored: Row) -> Row:
    row = {name: value for name, value in stored.items() if name not in ("id", "instance_id")}
    for name in _DATES:
        row[name] = date.fromisoformat(row[name]) if row[name] is not None else None
    return row


def _date(value: feel.Value) -> date | None:
    if isinstance(value, feel.DateTime):
        return value.to_python().date()
    return value.to_python() if isinstance(value, feel.Date) else None


def _feel_date(day: date | None) -> feel.Value:
    return feel.Date.of(day) if day is not None else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
