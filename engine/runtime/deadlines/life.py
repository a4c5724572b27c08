"""Pause, resume and extend a deadline, within the limits of the table; say why one was missed."""

from datetime import date, datetime

from sqlalchemy import Connection, Row, select, update

from engine.clock import london_date
from engine.db.tables import Deadline, DeadlineState
from engine.deadlines import Adjustment, Extension, Numbers, Pause, adjustments, count
from engine.history import Event, EventKind
from engine.runtime import store
from engine.runtime.deadline_rows import RUNNING
from engine.runtime.deadlines.limits import (
    Change,
    DeadlineChangeRefusedError,
    Limit,
    holds_one,
    in_future,
    permit,
    said,
)
from engine.runtime.errors import NotFoundError, NotPermittedError
from engine.runtime.library import Library
from engine.runtime.records import record
from engine.runtime.step import Step
from engine.runtime.user_tasks import Actor
from engine.workdays import Calendar, Unit, in_words

OVERSIGHT = ("manager", "rim", "director")
"""Who may say why a deadline was missed, beside its owner."""


def pause(
    connection: Connection,
    library: Library,
    *,
    deadline_id: int,
    reason: str,
    authority: str,
    by: Actor,
    at: datetime,
) -> None:
    """Stop a deadline's clock today. Raises `DeadlineChangeRefusedError`, `NotPermittedError`."""
    opened = _Opened(connection, library, deadline_id, by, at)
    opened.need(RUNNING, "paused")
    permit(opened.step, by, Change.PAUSE, opened.row["force"])
    stopped = Pause(
        since=opened.today, until=None, reason=said(reason, "reason"), authority=said(authority, "authority")
    )
    opened.save([*opened.agreed, stopped])


def resume(
    connection: Connection, library: Library, *, deadline_id: int, reason: str, by: Actor, at: datetime
) -> None:
    """Let a paused clock go on today with the days it had left; the errors of `pause`."""
    opened = _Opened(connection, library, deadline_id, by, at)
    opened.need({DeadlineState.PAUSED}, "resumed")
    permit(opened.step, by, Change.PAUSE, opened.row["force"])
    *others, last = opened.agreed
    assert isinstance(last, Pause)
    because = f"{last.reason}; resumed: {said(reason, 'reason')}"
    went_on = Pause(since=last.since, until=opened.today, reason=because, authority=last.authority)
    opened.save([*others, went_on])


def extend(
    connection: Connection,
    library: Library,
    *,
    deadline_id: int,
    to: date,
    reason: str,
    authority: str,
    by: Actor,
    at: datetime,
) -> None:
    """Agree to a later due day, no further than the table allows; the errors of `pause`."""
    opened = _Opened(connection, library, deadline_id, by, at)
    opened.need(RUNNING, "extended")
    within = permit(opened.step, by, Change.EXTEND, opened.row["force"])
    opened.check_day(to, within)
    later = Extension(to=to, reason=said(reason, "reason"), authority=said(authority, "authority"))
    opened.save([*opened.agreed, later])


def explain_miss(
    connection: Connection, library: Library, *, deadline_id: int, reason: str, by: Actor, at: datetime
) -> None:
    """Record why a deadline was missed, by its owner or a manager; also once the case has ended."""
    found = _find(connection, deadline_id)
    store.lock(connection, found.instance_id)
    row = connection.execute(select(*Deadline.__table__.columns).where(Deadline.id == deadline_id)).one()
    if row.state != DeadlineState.MISSED:
        raise DeadlineChangeRefusedError(f"'{row.name}' was not missed.", "Only a miss asks for its reason.")
    step = Step.look(connection, library, row.instance_id, at=at)
    if not holds_one(step, by, (row.owner, *OVERSIGHT)):
        raise NotPermittedError(f"The reason is for the owner of '{row.name}', or a manager, to give.")
    because = said(reason, "reason")
    connection.execute(update(Deadline).where(Deadline.id == deadline_id).values(miss_reason=because))
    fields = {"deadline": row.key, "scope": row.scope_id, "name": row.name, "reason": because}
    event = Event(kind=EventKind.DEADLINE_EXPLAINED, element=row.element, fields=fields)
    record(connection, row.instance_id, [event], actor=by.user_id, at=at)


class _Opened:
    """A deadline under its case's lock, for one change."""

    def __init__(
        self, connection: Connection, library: Library, deadline_id: int, by: Actor, at: datetime
    ) -> None:
        """Raises `NotFoundError`, `CaseBusyError`."""
        found = _find(connection, deadline_id)
        self.step = Step.load(
            connection, library, found.instance_id, actor=by.user_id, at=at, running_only=False
        )
        self.step.recount()  # the calendar or a date may have moved it since it was stored
        row = self.step.book.row(found.scope_id, found.key)
        assert row is not None
        self.row = row
        self.today = london_date(at)
        self.agreed: list[Adjustment] = [adjustments.from_json(each) for each in row["adjustments"]]

    def need(self, states: frozenset[DeadlineState] | set[DeadlineState], done: str) -> None:
        if self.row["ended_on"] is not None or self.row["state"] not in states:
            raise DeadlineChangeRefusedError(
                f"'{self.row['name']}' is {self.row['state']}, so it cannot be {done}.",
                "Open the case's deadlines to see where it stands.",
            )

    def check_day(self, to: date, within: Limit) -> None:
        in_future(to, self.today)
        name, due_on, calendar = self.row["name"], self.row["due_on"], self.calendar
        if to <= due_on:
            raise DeadlineChangeRefusedError(
                f"'{name}' is due on {in_words(due_on)} already.", "Choose a later day."
            )
        numbers = Numbers.from_json(self.row["counted"])
        if numbers.unit is Unit.WORKING_DAYS and (why := calendar.why_not_working(to)):
            raise DeadlineChangeRefusedError(
                f"{in_words(to)} is no working day ({why}).",
                f"Choose {in_words(calendar.previous_working_day(to))} or {in_words(calendar.add(to, 1))}.",
            )
        pauses = [each for each in self.agreed if isinstance(each, Pause)]
        own = count(self.row["start_on"], numbers, pauses, calendar).due_on
        if within.furthest is not None and calendar.between(own, to) > within.furthest:
            raise DeadlineChangeRefusedError(
                f"{within.why} '{name}' may be extended by {within.furthest} working days.",
                f"Choose {in_words(calendar.add(own, within.furthest))} or an earlier day.",
            )

    @property
    def calendar(self) -> Calendar:
        calendar = self.step.environment.calendar
        assert isinstance(calendar, Calendar)
        return calendar

    def save(self, agreed: list[Adjustment]) -> None:
        self.step.book.adjust(self.row["scope_id"], self.row["key"], agreed)
        self.step.save()


def _find(connection: Connection, deadline_id: int) -> Row[int, int, str]:
    query = select(Deadline.instance_id, Deadline.scope_id, Deadline.key).where(Deadline.id == deadline_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(f"deadline with number {deadline_id}")
    return row
