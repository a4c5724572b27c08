"""The stored revisions of the working-day calendar; the newest counts, and no older one is ever changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from engine.db.tables import CalendarRevision, Deadline, Instance
from engine.deadlines import Numbers, adjustments, count
from engine.runtime.errors import RefusedCommandError
from engine.workdays import Calendar, UncoveredYearError, in_words

FIRST_YEAR, LAST_YEAR = 2020, 2035
_LATER = timedelta(microseconds=1)
_LOCK = "SELECT pg_advisory_xact_lock(7234003)"


class CalendarChangeRefusedError(RefusedCommandError):
    """The calendar cannot be changed in this way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A calendar as it was known from `at` on; `closures` maps days to reasons."""

    id: str
    at: datetime
    by: str
    reason: str
    closures: Mapping[date, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMove:
    """An open deadline that another calendar would move."""

    instance_id: int
    reference: str
    name: str
    was: date
    will: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What another calendar would do; `unknown` names deadlines whose new day cannot be said, with why."""

    moves: tuple[DeadlineMove, ...]
    looked_at: int
    unknown: tuple[str, ...]


def newest(connection: Connection) -> str | None:
    """The id of the revision that counts now; None before the first."""
    return _latest(connection, None)


def known_on(connection: Connection, at: datetime) -> str | None:
    """The id of the revision that counted at a moment: what people could know then."""
    return _latest(connection, at)


def revisions(connection: Connection) -> list[Revision]:
    """All revisions, the newest first."""
    rows = connection.execute(
        select(*CalendarRevision.__table__.columns).order_by(
            CalendarRevision.created_at.desc(), CalendarRevision.id.desc()
        )
    )
    return [
        Revision(
            id=row.id,
            at=row.created_at,
            by=row.created_by,
            reason=row.reason,
            closures=Calendar.from_dict(row.data).closures,
        )
        for row in rows
    ]


def ensure_first(connection: Connection, *, at: datetime) -> None:
    """Store the bank holidays of the installed `holidays` package, once; later ones are added on purpose."""
    connection.exec_driver_sql(_LOCK)
    if newest(connection) is None:
        store(
            connection,
            calendar=Calendar.england(FIRST_YEAR, LAST_YEAR),
            reason=f"Bank holidays in England, {FIRST_YEAR} to {LAST_YEAR}",
            by="system",
            at=at,
        )


def store(connection: Connection, *, calendar: Calendar, reason: str, by: str, at: datetime) -> None:
    """Make `calendar` the revision that counts from now on."""
    connection.execute(
        insert(CalendarRevision).values(
            id=calendar.revision, created_at=at, created_by=by, reason=reason, data=calendar.as_dict()
        )
    )


def closing(calendar: Calendar, days: Mapping[date, str]) -> Calendar:
    """The calendar with more closure days. Raises `CalendarChangeRefusedError` for a day off already."""
    for day, reason in days.items():
        try:
            off = calendar.why_not_working(day)
        except UncoveredYearError as error:
            raise CalendarChangeRefusedError(str(error), "Choose a day in a year that it covers.") from error
        if off is not None:
            raise CalendarChangeRefusedError(
                f"{in_words(day)} is no working day already ({off}).", "Choose another day."
            )
        if not reason.strip():
            raise CalendarChangeRefusedError("The reason is missing.", "Say why the office is closed.")
    return calendar.closing(days)


def opening(calendar: Calendar, day: date) -> Calendar:
    """The calendar without a closure day that was a mistake. Raises `CalendarChangeRefusedError`."""
    if day not in calendar.closures:
        raise CalendarChangeRefusedError(
            f"{in_words(day)} is not recorded as a closure day.", "Choose one of the recorded days."
        )
    left = {each: why for each, why in calendar.closures.items() if each != day}
    return replace(calendar, closures=left).closing({})


def foresee(connection: Connection, calendar: Calendar) -> Foreseen:
    """Every open deadline whose due day differs under `calendar`, by case; nothing is changed."""
    rows = connection.execute(
        select(
            Deadline.instance_id, Instance.reference, Deadline.name, Deadline.start_on, Deadline.due_on,
            Deadline.counted, Deadline.adjustments,
        )
        .join(Instance, Instance.id == Deadline.instance_id)
        .where(Deadline.ended_on.is_(None), Deadline.due_on.is_not(None))
        .order_by(Instance.reference, Deadline.due_on, Deadline.id)
    ).all()  # fmt: skip
    moves, unknown = [], []
    for row in rows:
        try:
            will = _due(row.start_on, row.counted, row.adjustments, calendar)
        except (UncoveredYearError, TypeError) as error:
            unknown.append(f"{row.reference}, {row.name}: {error}")
            continue
        if will != row.due_on:
            moves.append(
                DeadlineMove(
                    instance_id=row.instance_id,
                    reference=row.reference,
                    name=row.name,
                    was=row.due_on,
                    will=will,
                )
            )
    return Foreseen(moves=tuple(moves), looked_at=len(rows), unknown=tuple(unknown))


def change(
    connection: Connection, *, expected: str, wanted: Calendar, reason: str, by: str,
    at: datetime,
) -> str:  # fmt: skip
    """Record `wanted`, which was worked out from the revision `expected`, as the one that counts; its id.

    Cases follow in transactions of their own (`engine.runtime.recounting`). Raises
    `CalendarChangeRefusedError` when another revision came in between.
    """
    connection.exec_driver_sql(_LOCK)
    if newest(connection) != expected:
        raise CalendarChangeRefusedError(
            "The calendar was changed by someone else meanwhile.", "Look at what would move again."
        )
    known = set(connection.execute(select(CalendarRevision.id)).scalars())
    revision, number = wanted.revision, 2
    while revision in known:  # a day that was closed and opened again: the same days, known anew
        revision, number = f"{wanted.revision}-{number}", number + 1
    last = connection.execute(select(func.max(CalendarRevision.created_at))).scalar_one()
    at = max(at, last + _LATER)  # the newest counts, so no two are equally new
    store(connection, calendar=replace(wanted, revision=revision), reason=reason.strip(), by=by, at=at)
    return revision


def _latest(connection: Connection, at: datetime | None) -> str | None:
    query = select(CalendarRevision.id)
    if at is not None:
        query = query.where(CalendarRevision.created_at <= at)
    query = query.order_by(CalendarRevision.created_at.desc(), CalendarRevision.id.desc())
    return connection.execute(query.limit(1)).scalar_one_or_none()


def _due(start_on: date, counted: dict[str, object], agreed: list[dict[str, object]], to: Calendar) -> date:
    numbers = Numbers.from_json(counted)
    return count(start_on, numbers, [adjustments.from_json(each) for each in agreed], to).due_on
