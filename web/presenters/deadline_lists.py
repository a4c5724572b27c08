"""Deadlines of many cases: lines of the overview, by the last day on which their reader works."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from engine.queries.deadlines import DeadlineLine, Show
from engine.workdays import Calendar
from web import roles
from web.presenters import dates, tags
from web.presenters.calendar_picture import WEEKDAYS
from web.presenters.deadlines import FORCE
from web.presenters.tags import Tag
from web.presenters.tasks import Due, due

SHOWN = {
    Show.TODAY: "Due today",
    Show.WEEK: "Due this week",
    Show.RISK: "At risk",
    Show.MISSED: "Missed",
    Show.PAUSED: "Paused",
    Show.ALL: "All",
}
BEHIND = Tag("Being counted again", "yellow")
ASKED = Tag("Reason wanted", "orange")

COLUMNS = (
    "Case", "Deadline", "State", "Due", "Warning", "How binding", "Whose", "Lead inspector", "Team",
    "Region", "Setting", "Process", "Counted", "Reason of a miss",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDeadline:
    """A deadline as a list shows it; `last_day` is the reader's last day at work up to it."""

    id: int
    reference: str
    name: str
    service: str
    process: str
    team: str
    lead: str
    tags: tuple[Tag, ...]
    due: Due
    last_day: str
    force: str


def row(
    line: DeadlineLine, *, names: dict[str, str], today: date, calendar: Calendar, works_on: Collection[str]
) -> ListedDeadline:
    """`names` holds those of users by id."""
    due_day = due(line.due_on, today)
    if line.behind:  # nobody is late by a calendar that no longer counts
        due_day = Due(day=due_day.day, distance=due_day.distance, tag=None)
    return ListedDeadline(
        id=line.id,
        reference=line.reference,
        name=line.name,
        service=line.service_name,
        process=line.process_name,
        team=f"{line.region}, {line.team}",
        lead=names.get(line.lead or "", line.lead or "Nobody"),
        tags=_tags(line),
        due=due_day,
        last_day=dates.weekday(last_working_day(line.due_on, calendar, works_on)),
        force=FORCE.get(line.force, line.force),
    )


def last_working_day(due_on: date, calendar: Calendar, works_on: Collection[str]) -> date | None:
    """The last day up to `due_on` on which someone works who works on these weekdays; None for nobody."""
    day = due_on
    for _ in range(60 if works_on else 0):
        if WEEKDAYS[day.weekday()] in works_on and calendar.is_working_day(day):
            return day
        day -= timedelta(days=1)
    return None


def cells(line: DeadlineLine, *, names: dict[str, str]) -> list[str]:
    """The line for a spreadsheet, without what tells the service; no cell can be a formula."""
    said = [
        line.reference,
        line.name,
        line.state,
        line.due_on.isoformat(),
        line.warn_on.isoformat() if line.warn_on else "",
        FORCE.get(line.force, line.force),
        roles.name(line.owner),
        names.get(line.lead or "", line.lead or ""),
        line.team,
        line.region,
        line.setting,
        line.process_name,
        line.arithmetic,
        line.miss_reason or "",
    ]
    return [f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text for text in said]


def _tags(line: DeadlineLine) -> tuple[Tag, ...]:
    if line.behind:
        return (BEHIND,)
    wanted = line.state == "missed" and not line.miss_reason
    state = next(tag for name, tag in tags.DEADLINE.items() if name == line.state)
    return (state, ASKED) if wanted else (state,)
