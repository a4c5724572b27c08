"""What happened in a case: a sentence a fact, with the rows of decisions and their reasons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.history import EventKind, HistoryEvent
from web import roles
from web.presenters import citations, dates
from web.presenters.values import label, words

SENTENCES: dict[EventKind, str] = {
    EventKind.CASE_STARTED: "Case started",
    EventKind.CASE_COMPLETED: "Case complete",
    EventKind.CASE_CANCELLED: "Case cancelled",
    EventKind.CASE_SUSPENDED: "Case suspended",
    EventKind.CASE_RESUMED: "Case resumed",
    EventKind.CASE_RESTARTED: "Case taken back to: {element}",
    EventKind.CASE_MIGRATED: "Case moved to another version of its process: {name}",
    EventKind.MIGRATION_UNDONE: "Move to another version undone: {name}",
    EventKind.TOKEN_MOVED: "Moved by hand from {left} to {element}",
    EventKind.VARIABLE_CORRECTED: "Corrected by hand: {names}",
    EventKind.LEAD_CHANGED: "{role} changed",
    EventKind.ELEMENT_ENTERED: "Waiting at: {element}",
    EventKind.ELEMENT_COMPLETED: "Passed: {element}",
    EventKind.ELEMENT_CANCELLED: "No longer needed: {element}",
    EventKind.FLOW_TAKEN: "Went on after: {element}",
    EventKind.VARIABLES_SET: "Recorded: {names}",
    EventKind.DECISION_MADE: "Decided: {name}",
    EventKind.TASK_CREATED: "Task to do: {element}",
    EventKind.TASK_CLAIMED: "Task claimed: {element}",
    EventKind.TASK_RELEASED: "Task released: {element}",
    EventKind.TASK_COMPLETED: "Task completed: {element}",
    EventKind.TASK_CANCELLED: "Task no longer needed: {element}",
    EventKind.TIMER_FIRED: "The time came: {element}",
    EventKind.JOB_DONE: "Done automatically: {element}",
    EventKind.JOB_FAILED: "An automatic step failed: {element}",
    EventKind.MESSAGE_SENT: "Message sent: {message}",
    EventKind.MESSAGE_RECEIVED: "Message received: {message}",
    EventKind.DEADLINE_STARTED: "Deadline started: {name}",
    EventKind.DEADLINE_MOVED: "Deadline moved: {name}",
    EventKind.DEADLINE_WARNED: "Deadline near: {name}",
    EventKind.DEADLINE_MET: "Deadline met: {name}",
    EventKind.DEADLINE_MISSED: "Deadline missed: {name}",
    EventKind.DEADLINE_VOID: "Deadline no longer applies: {name}",
    EventKind.DEADLINE_PAUSED: "Deadline paused: {name}",
    EventKind.DEADLINE_RESUMED: "Deadline resumed: {name}",
    EventKind.DEADLINE_EXTENDED: "Deadline extended: {name}",
    EventKind.DEADLINE_EXPLAINED: "Reason given for a missed deadline: {name}",
    EventKind.DATE_CHANGED: "Date changed: {names}",
    EventKind.INCIDENT_OPENED: "Stopped at: {element}",
    EventKind.INCIDENT_RESOLVED: "Repaired: {element}",
    EventKind.DOCUMENT_STORED: "Document stored: {name}",
    EventKind.EVIDENCE_ADDED: "Evidence recorded",
    EventKind.ADVICE_RECORDED: "Advice recorded",
}

IN_FULL_ONLY = frozenset(
    {
        EventKind.ELEMENT_ENTERED,
        EventKind.ELEMENT_COMPLETED,
        EventKind.ELEMENT_CANCELLED,
        EventKind.FLOW_TAKEN,
        EventKind.VARIABLES_SET,
        EventKind.JOB_DONE,
    }
)
"""Facts that the engine needs on record and people seldom: shown on request."""


AUTOMATIC = IN_FULL_ONLY - {EventKind.VARIABLES_SET} | {
    EventKind.DECISION_MADE,
    EventKind.TASK_CREATED,
    EventKind.TASK_CANCELLED,
    *(kind for kind in EventKind if kind.name.startswith("DEADLINE_")),
}
"""Facts that follow from what someone did; they are the system's, not that person's."""

SYSTEM = "the system"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedRow:
    """A row of a decision table that applied, with what its author noted.

    `table` names the table where it is another than the one that was decided by.
    """

    table: str
    row: int
    notes: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One fact of the timeline."""

    seq: int
    title: str
    when: str
    who: str
    because: str
    details: tuple[tuple[str, str], ...]
    rows: tuple[MatchedRow, ...]
    rules: tuple[str, ...]


def entry(event: HistoryEvent, *, elements: Mapping[str, str], people: Mapping[str, str]) -> Entry:
    """`elements` and `people` hold names by id."""
    return Entry(
        seq=event.seq,
        title=_title(event, elements),
        when=dates.moment(event.at),
        who=SYSTEM if event.kind in AUTOMATIC else people.get(event.actor, _stranger(event.actor)),
        because=_because(event),
        details=tuple(_details(event, people)),
        rows=tuple(_rows(event.fields)),
        rules=tuple(event.fields.get("rules", ())),
    )


def is_for_everyone(event: HistoryEvent) -> bool:
    """Whether the fact stands in the short timeline."""
    return event.kind not in IN_FULL_ONLY


def people_in(event: HistoryEvent) -> set[str]:
    """The ids of everyone whom the entry of this event may name."""
    named = [event.fields.get(key) for key in ("was", "now", "held by")]
    return {event.actor, *(each for each in named if isinstance(each, str))}


def _because(event: HistoryEvent) -> str:
    """Why it was done, or what went wrong, in the words of whoever said it."""
    key = "message" if event.kind == EventKind.INCIDENT_OPENED else "reason"
    return str(event.fields.get(key) or "")


def _stranger(actor: str) -> str:
    return SYSTEM if actor == "system" else actor.capitalize()


def _title(event: HistoryEvent, elements: Mapping[str, str]) -> str:
    element = elements.get(event.element or "", event.element or "")
    shown = {
        "element": element,
        "name": event.fields.get("name") or _document(event) or element,
        "role": roles.name(str(event.fields.get("role", ""))),
        "left": elements.get(event.fields.get("from") or "", event.fields.get("from") or "where it stood"),
        "message": event.fields.get("message", ""),
        "names": ", ".join(name.replace("_", " ") for name in event.fields.get("names", ())),
    }
    if event.kind == EventKind.DEADLINE_MISSED and "ended" in event.fields:
        return f"Done after its deadline: {shown['name']}"
    return SENTENCES[EventKind(event.kind)].format(**shown)


def _document(event: HistoryEvent) -> str:
    """The name of a stored document, which may name a person and can be redacted."""
    return str((event.personal or {}).get("name", "(name redacted)")) if event.fields.get("document") else ""


def _details(event: HistoryEvent, people: Mapping[str, str]) -> list[tuple[str, str]]:
    held_by = event.fields.get("held by")
    if held_by:
        return [("Was held by", people.get(held_by, held_by))]
    if event.kind == EventKind.LEAD_CHANGED:
        return [(name, people.get(event.fields[key], event.fields[key])) for key, name in _WAS_NOW]
    found = [(name, str(event.fields[key])) for key, name in _PLAIN if event.fields.get(key)]
    found += [(name, _day(event.fields[key])) for key, name in _DAYS if event.fields.get(key)]
    match event.personal:
        case {"inputs": dict() as inputs, "value": value}:
            known = {each["decision"]: each["name"] for each in event.fields.get("required", ())}
            found += [(known.get(name) or _input(name), words(given)) for name, given in inputs.items()]
            found.append(("Outcome", words(value)))
        case dict() as values:
            found += [(label(str(name)), words(value)) for name, value in values.items()]
    return found


_PLAIN = (
    ("kind", "Kind"),
    ("authority", "Authority"),
    ("remedy", "Remedy"),
    ("arithmetic", "Counted"),
    ("error", "Error"),
    ("source", "Source"),
    ("area", "Area"),
)
_WAS_NOW = (("was", "Was"), ("now", "Is now"))
_DAYS = (("due", "Due"), ("was due", "Was due"), ("ended", "Ended"), *_WAS_NOW)


def _day(text: str) -> str:
    return dates.weekday(date.fromisoformat(text))


def _input(name: str) -> str:
    """An input of a decision is called by its label, or by the variable it reads."""
    return label(name) if name.isidentifier() else name


def _rows(fields: Mapping[str, Any]) -> Iterator[MatchedRow]:
    """The rows that applied, and those of the tables that the decision rests on."""
    yield from (_row(each, "") for each in fields.get("matched", ()))
    for required in fields.get("required", ()):
        yield from (_row(each, required["name"]) for each in required["matched"])


def _row(matched: Mapping[str, Any], table: str) -> MatchedRow:
    notes = [citations.split(str(text)) for text in matched.get("annotations", {}).values() if text]
    return MatchedRow(
        table=table,
        row=matched["row"],
        notes=tuple(note for note, _ in notes),
        rules=tuple(rule for _, rules in notes for rule in rules),
    )
