"""What the page of one deadline shows: where it stands, how it is counted, what was known of it and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine.db.tables import DeadlineState
from engine.history import EventKind
from engine.queries import deadlines, people
from engine.queries.case_file import CaseFacts
from engine.runtime.timers import SYSTEM
from web import edge
from web.presenters import dates
from web.presenters import deadlines as deadline_rows
from web.presenters.calendar_picture import Picture, picture

WORDS = {
    EventKind.DEADLINE_STARTED: "Started",
    EventKind.DEADLINE_MOVED: "Moved",
    EventKind.DEADLINE_WARNED: "Warned of",
    EventKind.DEADLINE_MET: "Met",
    EventKind.DEADLINE_MISSED: "Missed",
    EventKind.DEADLINE_VOID: "No longer applies",
    EventKind.DEADLINE_PAUSED: "Paused",
    EventKind.DEADLINE_RESUMED: "Resumed",
    EventKind.DEADLINE_EXTENDED: "Extended",
    EventKind.DEADLINE_EXPLAINED: "Reason of the miss given",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What history says of the deadline from a moment on."""

    when: str
    what: str
    due: str
    why: str
    who: str


def shown(connection: Connection, case: CaseFacts, row: Mapping[Any, Any]) -> dict[str, Any]:
    """What the template needs."""
    state, ended = DeadlineState(row["state"]), row["ended_on"] is not None
    runs = state in (DeadlineState.RUNNING, DeadlineState.EXTENDED) and not ended
    return {
        "deadline": deadline_rows.row(row, today=edge.today()),
        "deadline_id": row["id"],
        "picture": drawn(connection, row),
        "known": _known(connection, case, row),
        "behind": deadlines.is_behind(connection, case.id),
        "may_pause": runs,
        "may_resume": state is DeadlineState.PAUSED and not ended,
        "may_explain": state is DeadlineState.MISSED,
        "miss_reason": row["miss_reason"] or "",
    }


def drawn(connection: Connection, row: Mapping[Any, Any]) -> Picture | None:
    """The picture by the calendar that the deadline was counted with."""
    revision = row["calendar_revision"]
    if revision is None:
        return None
    return picture(row, edge.library().calendar(connection, revision))


def _known(connection: Connection, case: CaseFacts, row: Mapping[Any, Any]) -> list[Known]:
    events = connection.execute(deadlines.told(case.id, row["scope_id"], row["key"])).all()
    names = people.names(connection, {event.actor for event in events})
    return [
        Known(
            when=dates.moment(event.at),
            what=WORDS[EventKind(event.kind)],
            due=_day(event.fields.get("due")),
            why="; ".join(
                str(event.fields[part])
                for part in ("arithmetic", "reason", "authority")
                if event.fields.get(part)
            ),
            who="the system" if event.actor == SYSTEM else names.get(event.actor, event.actor),
        )
        for event in events
    ]


def _day(text: str | None) -> str:
    return dates.weekday(date.fromisoformat(text)) if text else ""
