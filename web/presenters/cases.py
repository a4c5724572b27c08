"""Cases in lists and at the head of their pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.db.tables import InstanceState
from engine.queries.case_file import CaseFacts, Order
from engine.queries.cases import CaseLine
from engine.queries.incidents import IncidentLine
from web.presenters import dates, tags
from web.presenters.tags import Tag
from web.presenters.tasks import Due, due

STATES = tuple((str(state), tag.text) for state, tag in tags.CASE.items())
"""The states a list can be narrowed to, with their words."""

KINDS = {
    "job": "An automatic step failed",
    "message": "A message that nobody took",
    "delivery": "A message that could not be received",
    "timer": "A time that could not be acted on",
    "message-name": "A message without a name",
    "assignment": "A task for whom nobody was found",
    "deadline": "A deadline that cannot be counted",
    "decision": "A decision without an answer",
    "called process": "A process that is not there",
    "gateway": "No way goes on",
    "expression": "An expression without a value",
    "no-match": "A table without a row that holds",
    "unhandled-error": "An error that nothing catches",
    "too-many": "More items than are worked on",
    "too-deep": "Processes that call each other without end",
    "endless-loop": "Steps that go round in circles",
}
"""Kinds of incidents; one that is not listed is told by its own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case as the list of cases shows it."""

    reference: str
    service: str
    setting: str
    region: str
    team: str
    process: str
    state: Tag
    due: Due
    notes: tuple[Tag, ...]
    open_tasks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHead:
    """What every page of a case says at its top."""

    reference: str
    urn: str
    service: str
    state: Tag
    restricted: Tag | None
    ended: bool
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """A stopped path as a page shows it."""

    id: int
    reference: str
    service: str
    element: str
    kind: str
    message: str
    remedy: str
    opened: str


def row(line: CaseLine, *, today: date) -> CaseRow:
    running = line.state == InstanceState.RUNNING
    return CaseRow(
        reference=line.reference,
        service=line.service_name,
        setting=line.setting.capitalize(),
        region=line.region,
        team=line.team,
        process=line.process_name,
        state=tags.CASE[InstanceState(line.state)],
        due=due(line.next_due, today),
        notes=_notes(line),
        open_tasks=dates.counted(line.open_tasks, "open task") if running else "",
    )


def head(case: CaseFacts, *, started_by: str) -> CaseHead:
    """`started_by` is a name."""
    facts = (
        ("Process", f"{case.process_name}, version {case.version}"),
        ("Setting", case.setting.capitalize()),
        ("URN", case.service_urn),
        ("Provider", case.provider_name),
        ("Registered manager", case.registered_manager or "None: the post is vacant"),
        ("Local authority", case.local_authority),
        ("Region and team", f"{case.region}, {case.team}"),
        ("Last inspection", _last(case)),
        ("Started", f"{dates.moment(case.started_at)} by {started_by}"),
        ("Ended", dates.moment(case.ended_at)),
    )
    return CaseHead(
        reference=case.reference,
        urn=case.service_urn,
        service=case.service_name,
        state=tags.CASE[InstanceState(case.state)],
        restricted=tags.RESTRICTED if case.restricted else None,
        ended=case.ended_at is not None,
        facts=tuple((label, text) for label, text in facts if text),
    )


def stands_still(order: Order, state: InstanceState, by: str) -> str:
    """Why a case stands still; `by` is a name."""
    what = tags.CASE[state].text
    means = " Its tasks cannot be completed until it is resumed." if state == InstanceState.SUSPENDED else ""
    return f"{what} by {by} on {dates.moment(order.at)}: {order.reason}{means}"


def incident(line: IncidentLine, elements: Mapping[str, str]) -> IncidentRow:
    """`elements` holds the names of elements by id."""
    return IncidentRow(
        id=line.id,
        reference=line.reference,
        service=line.service_name,
        kind=KINDS.get(line.kind, line.kind.capitalize()),
        element=elements.get(line.element, line.element),
        message=line.message,
        remedy=line.remedy,
        opened=dates.moment(line.opened_at),
    )


def _notes(line: CaseLine) -> tuple[Tag, ...]:
    found = [tags.RESTRICTED] if line.restricted else []
    if line.incidents:
        found.append(tags.INCIDENT)
    if line.missed:
        found.append(Tag(f"{dates.counted(line.missed, 'deadline')} missed", "red"))
    return tuple(found)


def _last(case: CaseFacts) -> str:
    if case.last_inspection is None:
        return "None recorded"
    judgement = f": {case.last_overall}" if case.last_overall else ""
    return f"{dates.day(case.last_inspection)}{judgement}"
