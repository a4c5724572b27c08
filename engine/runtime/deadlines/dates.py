"""Correct a date of a case: see first every deadline that moves, then change it with the reason."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from engine.deadlines import Force
from engine.history import Event, EventKind
from engine.runtime.deadline_rows import is_open
from engine.runtime.deadlines.case_dates import CaseDate, StartDate, dates_of, put
from engine.runtime.deadlines.limits import Change, DeadlineChangeRefusedError, permit, said
from engine.runtime.library import Library
from engine.runtime.step import Step
from engine.runtime.store import Row
from engine.runtime.user_tasks import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A deadline that moves: its due day before and after, None where it is not known."""

    reference: str
    name: str
    force: str
    was: date | None
    will: date | None
    state: str


def case_dates(
    connection: Connection, library: Library, *, instance_id: int, at: datetime
) -> tuple[CaseDate, ...]:
    """The dates of a case that can be corrected. Raises `NotFoundError`."""
    return dates_of(Step.look(connection, library, instance_id, at=at))


def foresee_date(
    connection: Connection, library: Library, *, instance_id: int, name: str, to: date, at: datetime
) -> tuple[Move, ...]:
    """Every open deadline that a new day for the date with the id `name` would move; nothing is changed.

    Raises `DeadlineChangeRefusedError` for a date that is none of the case's, or cannot be counted from.
    """
    step = Step.look(connection, library, instance_id, at=at)
    return _moved(step, _date(step, name), to)


def change_date(
    connection: Connection,
    library: Library,
    *,
    instance_id: int,
    name: str,
    to: date,
    reason: str,
    by: Actor,
    at: datetime,
) -> tuple[Move, ...]:
    """Change a date of a running case with its reason; its deadlines, timers and tasks follow.

    Raises `DeadlineChangeRefusedError`, `NotPermittedError`, `CaseNotRunningError`.
    """
    because = said(reason, "reason")
    step = Step.load(connection, library, instance_id, actor=by.user_id, at=at)
    known = _date(step, name)
    moves = _moved(step, known, to)
    for force in {move.force for move in moves} or {Force.OFFICE.value}:
        permit(step, by, Change.DATE, force)
    fields = {"names": [known.words], "was": known.day.isoformat(), "now": to.isoformat(), "reason": because}
    element = known.element if isinstance(known, StartDate) else None
    step.events.append(Event(kind=EventKind.DATE_CHANGED, element=element, fields=fields))
    step.save()
    return moves


def _moved(step: Step, known: CaseDate, to: date) -> tuple[Move, ...]:
    """Set the date and count again, in memory."""
    step.recount()
    before = {(row["scope_id"], row["key"]): row for row in step.book.rows()}
    step.book.reopen()
    put(step, known, to)
    step.recount()
    if step.book.problems:
        raise DeadlineChangeRefusedError(" ".join(step.book.problems.values()), "Choose another date.")
    return tuple(
        _move(step, before.get((row["scope_id"], row["key"])), row)
        for row in step.book.rows()
        if is_open(row) and row["due_on"] != _due(before.get((row["scope_id"], row["key"])))
    )


def _move(step: Step, before: Row | None, row: Row) -> Move:
    return Move(
        reference=step.case.reference,
        name=row["name"],
        force=row["force"],
        was=_due(before),
        will=row["due_on"],
        state=str(row["state"]),
    )


def _due(row: Row | None) -> date | None:
    return row["due_on"] if row is not None else None


def _date(step: Step, name: str) -> CaseDate:
    known = {each.id: each for each in dates_of(step)}
    if name not in known:
        raise DeadlineChangeRefusedError(
            f"The case has no date '{name}' yet.",
            f"It can correct: {', '.join(each.words for each in known.values()) or 'none so far'}.",
        )
    return known[name]
