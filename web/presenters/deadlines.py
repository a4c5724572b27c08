"""Deadlines with their arithmetic, their force and the rules they come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.db.tables import DeadlineState
from engine.workdays import Calendar
from web import roles
from web.presenters import dates, tags
from web.presenters.calendar_picture import Picture, picture
from web.presenters.tags import Tag
from web.presenters.tasks import Due, due

FORCE = {
    "law": "Set by law",
    "limit": "A limit set by the guidance",
    "usual": "What the guidance says is usual",
    "aim": "An aim",
    "office": "A target of the office",
}

OPEN = {DeadlineState.RUNNING, DeadlineState.EXTENDED, DeadlineState.MISSED}
"""While no end day is known: a missed deadline still asks for what it asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRow:
    """A deadline as a page shows it; `id` is None where only its step knows it."""

    id: int | None
    name: str
    due: Due
    state: Tag
    arithmetic: str
    force: str
    owner: str
    opens: str
    warn: str
    ended: str
    because: str
    rules: tuple[str, ...]
    open: bool
    picture: Picture | None


def row(
    deadline: Mapping[Any, Any], *, today: date, calendar: Calendar | None = None, behind: bool = False
) -> DeadlineRow:
    """A `deadline` row for a page, with its picture by `calendar`; nobody is late while it is `behind`."""
    state = DeadlineState(deadline["state"])
    still_open = state in OPEN and deadline["ended_on"] is None
    late = still_open and not behind and state != DeadlineState.PAUSED and _past(deadline["due_on"], today)
    return DeadlineRow(
        id=deadline.get("id"),
        name=deadline["name"],
        due=_due(deadline["due_on"], today if still_open and not behind else None),
        state=tags.LATE if late else tags.DEADLINE[state],
        arithmetic=deadline["arithmetic"],
        force=FORCE.get(deadline["force"], deadline["force"]),
        owner=roles.name(deadline["owner"]),
        opens=dates.weekday(deadline["opens_on"]),
        warn=dates.weekday(deadline["warn_on"]),
        ended=dates.weekday(deadline["ended_on"]),
        because=" ".join(part for part in (deadline["reason"], _authority(deadline["authority"])) if part),
        rules=tuple(deadline["rules"]),
        open=still_open,
        picture=picture(deadline, calendar) if calendar is not None else None,
    )


def _due(when: date | None, today: date | None) -> Due:
    """`today` is None once the deadline has ended: how far it is tells nothing then."""
    if when is None:
        return Due(day="Not known yet", distance="", tag=None)
    if today is not None:
        return due(when, today)
    return Due(day=dates.weekday(when), distance="", tag=None)


def _past(when: date | None, today: date) -> bool:
    return when is not None and when < today


def _authority(authority: str | None) -> str:
    return f"Authority: {authority}." if authority else ""
