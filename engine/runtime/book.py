"""The deadlines of one case during one step: when they start, move, are met and end."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from engine import feel
from engine.clock import london_date, london_midnight
from engine.db.tables import DeadlineState
from engine.deadlines import (
    Adjustment,
    DeadlineValueError,
    Marks,
    Numbers,
    Policy,
    StartKind,
    adjustments,
    as_date,
    as_text,
    schedule,
    start_of,
)
from engine.history import Event, EventKind
from engine.runtime import deadline_rows
from engine.runtime.deadline_rows import RUNNING, is_open
from engine.runtime.store import Row
from engine.workdays import Calendar, UncoveredYearError

View = Callable[[int], Mapping[str, feel.Value]]
"""The variables seen from a scope."""

Identity = tuple[int, str]
"""A deadline of a case: its scope and its key."""

CLOSED = "The time for it has closed. It was a right of its owner, so nobody missed it."


class Holder(Struct, frozen=True, kw_only=True):
    """A live scope with deadlines: the case itself (0), or a token."""

    scope_id: int
    definition_id: int
    policies: tuple[Policy, ...]


class Happened(Struct, frozen=True):
    """The elements that began and ended in this step; `completed` also holds facts, as `fact:<name>`."""

    started: frozenset[str]
    completed: frozenset[str]


FACT = "fact:"
"""Before the name of a fact of the service, in `metBy` and among what was completed."""

NOTHING = Happened(frozenset(), frozenset())

NOT_STARTED: dict[str, feel.Value] = {
    **dict.fromkeys(("due", "opens", "warn", "name", "arithmetic")),
    "state": DeadlineState.WAITING.value,
    "open": False,
}
"""What expressions are told of a deadline whose scope has not begun."""


class Book:
    """Keeps a case's deadlines true to its variables, to what people agreed and to the newest calendar.

    `changed` and `events` are what the step writes; `problems` says, by scope, what keeps a deadline
    from being worked out: it stays as it was and becomes an incident.
    """

    def __init__(self, rows: Iterable[Row], environment: feel.Environment) -> None:
        """`rows` are the case's deadline rows as stored."""
        assert environment.at is not None
        self._environment = environment
        self._today = london_date(environment.at)
        self._rows = {(row["scope_id"], row["key"]): deadline_rows.read(row) for row in rows}
        self._warned: list[Identity] = []
        self._settled = False  # whether the rows are what the variables say
        self._adjusted: dict[Identity, Row] = {}
        self.before = dict(self._rows)
        self.changed: dict[Identity, Row] = {}
        self.events: list[Event] = []
        self.problems: dict[int, str] = {}

    def rows(self) -> list[Row]:
        """All deadlines as they stand."""
        return list(self._rows.values())

    @property
    def is_behind(self) -> bool:
        """Whether an open deadline was counted by an older calendar than this step's."""
        calendar = self._environment.calendar
        newest = calendar.revision if isinstance(calendar, Calendar) else None
        return any(
            is_open(row) and row["calendar_revision"] not in (None, newest) for row in self.before.values()
        )

    def row(self, scope_id: int, key: str) -> Row | None:
        """One deadline as it stands."""
        return self._rows.get((scope_id, key))

    # --- asked by expressions while the step runs -------------------------------------------------

    def state_of(self, key: str, holders: Iterable[Holder], view: View) -> dict[str, feel.Value] | None:
        """The dates of the deadline `key` of the first holder that has it, else as it ended; None for none.

        A paused deadline has no due day and no warning, so that the timers that follow it stand still.
        """
        row = self._row_of(key, holders, view)
        return None if row is None else _told_to_expressions(row)

    def calendar_of(self, key: str, holders: Iterable[Holder], view: View) -> str | None:
        """How the same deadline is counted, as a calendar in text; None while its start is not known."""
        row, calendar = self._row_of(key, holders, view), self._environment.calendar
        if row is None or row["due_on"] is None or not isinstance(calendar, Calendar):
            return None
        start, due, unit = row["start_on"], row["due_on"], Numbers.from_json(row["counted"]).unit
        agreed = [adjustments.from_json(each) for each in row["adjustments"]]
        return as_text(start, due, Marks(start, due, unit, agreed, calendar))

    def _row_of(self, key: str, holders: Iterable[Holder], view: View) -> Row | None:
        """The row of the first holder that has the deadline, else of the one that ended last."""
        for holder in holders:
            for policy in holder.policies:
                if policy.key == key:
                    known = self._rows.get((holder.scope_id, key)) if self._settled else None
                    return known or self._current(holder, policy, view, NOTHING)
        ended = [row for row in self._rows.values() if row["key"] == key]
        return ended[-1] if ended else None

    # --- commands -----------------------------------------------------------------------------------

    def adjust(self, scope_id: int, key: str, agreed: Sequence[Adjustment]) -> None:
        """Put what people agreed in the place of what they agreed before; counted when the step ends."""
        identity = (scope_id, key)
        row = self._rows[identity]
        self._adjusted[identity] = row
        self._settled = False
        self._rows[identity] = row | {"adjustments": [adjustments.to_json(each) for each in agreed]}

    def restart(self, scope_id: int, key: str, on: date) -> None:
        """Let a deadline that counts from an element's start or end count from another day."""
        identity = (scope_id, key)
        row = self._rows[identity]
        self._adjusted[identity] = row
        self._settled = False
        self._rows[identity] = row | {"start_on": on}

    def reopen(self) -> None:
        """Variables are about to change again after `reconcile`."""
        self._settled = False

    def warn(self, scope_id: int, key: str) -> None:
        """A warning day has come, unless this step moves it."""
        self._warned.append((scope_id, key))

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
        for identity, row in list(self._rows.items()):
            if identity not in live and is_open(row):
                self._meet_or_end(row, happened)
        self._look_at_today()
        self._settled = True

    def due_date(self, meeting: Collection[str]) -> date | None:
        """The earliest open due day of the deadlines that are met by one of `meeting`."""
        return deadline_rows.earliest(self._rows.values(), meeting)

    def had_due_date(self, meeting: Collection[str]) -> bool:
        """Whether there was one when the step began."""
        return deadline_rows.earliest(self.before.values(), meeting) is not None

    def timer_rows(self) -> list[Row]:
        """When each changed deadline is to be looked at again, by the worker."""
        marks: list[Row] = []
        for row in self._rewritten():
            if row["state"] not in RUNNING or row["ended_on"]:
                continue
            days = [("missed", row["due_on"] + timedelta(days=1))]
            if row["warn_on"] is not None and row["warn_on"] >= self._today:
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
        """The changed deadlines, as the store writes them, but for those of `followed_rows`."""
        return [deadline_rows.written(row) for row in self._rewritten()]

    def followed_rows(self) -> list[Row]:
        """The deadlines that another calendar left as they were: only its id is written, their marks stay."""
        return [
            {name: row[name] for name in ("scope_id", "key", "calendar_revision")}
            for identity, row in self.changed.items()
            if self._only_followed(identity, row)
        ]

    def _rewritten(self) -> Iterator[Row]:
        return (row for identity, row in self.changed.items() if not self._only_followed(identity, row))

    def _only_followed(self, identity: Identity, row: Row) -> bool:
        before = self.before.get(identity)
        return before is not None and before | {"calendar_revision": row["calendar_revision"]} == row

    # --- one deadline -------------------------------------------------------------------------------

    def _current(self, holder: Holder, policy: Policy, view: View, happened: Happened) -> Row:
        """The row as the variables now make it, not stored yet."""
        row = self._rows.get((holder.scope_id, policy.key))
        if row is None:
            row = deadline_rows.new(holder.scope_id, holder.definition_id, policy)
        if not is_open(row):
            return row
        variables = view(holder.scope_id)
        try:
            start = self._start(policy, row, variables, happened)
        except DeadlineValueError as error:
            self.problems[holder.scope_id] = str(error)
            return row
        if start is None:
            return deadline_rows.unstarted(row) if row["start_on"] is not None else row
        later = as_date(variables.get(policy.extended_to)) if policy.extended_to else None
        because = variables.get(policy.extended_because) if policy.extended_because else None
        agreed = [adjustments.from_json(each) for each in row["adjustments"]]
        try:
            found = schedule(policy, start, variables, self._environment, later=later, adjustments=agreed)
        except (DeadlineValueError, UncoveredYearError) as error:
            self.problems[holder.scope_id] = str(error)
            return row
        said = str(because) if because is not None else None
        return deadline_rows.scheduled(row, found, because=said, today=self._today)

    def _start(
        self, policy: Policy, row: Row, variables: Mapping[str, feel.Value], happened: Happened
    ) -> date | None:
        if policy.start.kind in (StartKind.VARIABLE, StartKind.EXPRESSION):
            return start_of(policy, variables, self._environment)
        began = happened.started if policy.start.kind is StartKind.STARTED else happened.completed
        known: date | None = row["start_on"]
        return known or (self._today if policy.start.name in began else None)

    def _put(self, row: Row) -> None:
        identity = (row["scope_id"], row["key"])
        before = self._adjusted.pop(identity, None) or self._rows.get(identity)
        if row == before:
            return
        self._rows[identity] = self.changed[identity] = row
        self._event(deadline_rows.what_changed(before, row), row, before)

    def _look_at_today(self) -> None:
        """What the day itself does: a warning is told, a due day that has passed is missed."""
        for row in list(self._rows.values()):
            if row["state"] in RUNNING and row["ended_on"] is None and row["due_on"] < self._today:
                self._passed(row)
        for identity in self._warned:
            row = self._rows[identity]
            warn_on = row["warn_on"]
            if row["state"] in RUNNING and is_open(row) and warn_on is not None and warn_on <= self._today:
                self._event(EventKind.DEADLINE_WARNED, row, None)

    def _passed(self, row: Row) -> None:
        if row["is_right"]:
            self._put(_closed(row, self._today))
        else:
            self._put(row | {"state": DeadlineState.MISSED})

    def _meet(self, scope_id: int, policy: Policy, happened: Happened) -> None:
        row = self._rows[scope_id, policy.key]
        if self._meets(row, happened) and row["ended_on"] is None:
            self._met(row)

    def _meet_or_end(self, row: Row, happened: Happened) -> None:
        if self._meets(row, happened) and row["due_on"] is not None:
            self._met(row)
        elif row["state"] == DeadlineState.MISSED:
            self._put(row | {"ended_on": self._today})
        else:
            self._put(row | {"state": DeadlineState.VOID, "ended_on": self._today})

    def _meets(self, row: Row, happened: Happened) -> bool:
        """An element meets its deadline whenever it is completed, a fact only what waits for it by then."""
        if row["met_by"] not in happened.completed:
            return False
        opens = row["opens_on"] or row["start_on"]
        return not row["met_by"].startswith(FACT) or (opens is not None and opens <= self._today)

    def _met(self, row: Row) -> None:
        """A deadline whose clock never started cannot be met or missed; a paused one cannot be late."""
        if row["due_on"] is None or not is_open(row):
            return
        late = self._today > row["due_on"] and row["state"] != DeadlineState.PAUSED
        if late and row["is_right"]:
            self._put(_closed(row, self._today))
            return
        state = DeadlineState.MISSED if late else DeadlineState.MET
        self._put(row | {"state": state, "ended_on": self._today})

    def _event(self, kind: EventKind | None, row: Row, before: Row | None) -> None:
        if kind is not None:
            self.events.append(
                Event(kind=kind, element=row["element"], fields=deadline_rows.told(row, before))
            )


def _closed(row: Row, today: date) -> Row:
    return row | {"state": DeadlineState.VOID, "ended_on": today, "reason": CLOSED}


def _told_to_expressions(row: Row) -> dict[str, feel.Value]:
    paused = row["state"] == DeadlineState.PAUSED
    return {
        "due": None if paused else _feel_date(row["due_on"]),
        "opens": _feel_date(row["opens_on"]),
        "warn": None if paused else _feel_date(row["warn_on"]),
        "state": str(row["state"]),
        "open": row["due_on"] is not None and is_open(row),
        "name": row["name"],
        "arithmetic": row["arithmetic"] or None,
    }


def _feel_date(day: date | None) -> feel.Value:
    return feel.Date.of(day) if day is not None else None
