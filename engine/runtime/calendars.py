"""The stored revisions of the working-day calendar; the newest counts."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from engine.db.tables import CalendarRevision
from engine.workdays import Calendar

FIRST_YEAR, LAST_YEAR = 2020, 2035


def newest(connection: Connection) -> str | None:
    """The id of the revision that counts now; None before the first."""
    query = select(CalendarRevision.id).order_by(
        CalendarRevision.created_at.desc(), CalendarRevision.id.desc()
    )
    return connection.execute(query.limit(1)).scalar_one_or_none()


def ensure_first(connection: Connection, *, at: datetime) -> None:
    """Store the bank holidays of the installed `holidays` package, once; later ones are added on purpose."""
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7234003)")
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
