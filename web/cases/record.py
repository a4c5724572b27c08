"""The evidence record of a case: what a new entry must say, and how entries are shown."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from sqlalchemy import Connection

from engine.queries import case_file
from engine.queries.case_file import CaseFacts
from engine.runtime import evidence
from web import edge, uploads
from web.access import me
from web.presenters import dates

SOURCES = (
    "Case tracked",
    "Case sampled",
    "Interview with a child",
    "Interview with staff",
    "Interview with someone else",
    "Observation",
    "Record or document",
    "Survey",
    "Other",
)
AREAS = (
    "Overall experiences and progress",
    "How well children are helped and protected",
    "Leaders and managers",
    "Education",
    "Health",
    "Other",
)
LONGEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as it was typed and found right."""

    source: str
    area: str
    text: str
    written_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """An entry as the record shows it."""

    source: str
    area: str
    text: str
    gathered: str
    recorded: str
    document_id: int | None
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A version of a document as the list shows it."""

    id: int
    name: str
    version: int
    size: str
    stored: str


def typed() -> dict[str, str]:
    """The entry as it was sent."""
    names = ("source", "area", "text", "written-day", "written-month", "written-year")
    return {name: request.form.get(name, "").strip() for name in names}


def read_entry() -> tuple[Entry | None, dict[str, str]]:
    """The entry sent, or what is wrong with it by the id of the field."""
    sent = typed()
    written_on = _date(sent)
    errors = {
        name: message
        for name, message, wrong in (
            ("source", "Choose where the evidence comes from", sent["source"] not in SOURCES),
            ("area", "Choose the area it bears on", sent["area"] not in AREAS),
            ("text", "Enter the evidence", not sent["text"]),
            ("text", f"The evidence must be {LONGEST} characters or fewer", len(sent["text"]) > LONGEST),
            (
                "written-day",
                "Enter the day it was gathered: a real date, not in the future",
                written_on is None,
            ),
        )
        if wrong
    }
    if errors or written_on is None:
        return None, errors
    return Entry(source=sent["source"], area=sent["area"], text=sent["text"], written_on=written_on), {}


def add(connection: Connection, case: CaseFacts, entry: Entry) -> None:
    """Records the entry, with its file if one was sent."""
    by, at = me().id, edge.now()
    file = uploads.chosen("file")
    document_id = None
    if file is not None:
        document_id = uploads.store_one(connection, file, instance_id=case.id, by=by, at=at)
    evidence.add(
        connection,
        instance_id=case.id,
        source=entry.source,
        area=entry.area,
        text=entry.text,
        document_id=document_id,
        written_on=entry.written_on,
        by=by,
        at=at,
    )


def shown(
    connection: Connection, case: CaseFacts, *, typed: dict[str, str], errors: dict[str, str]
) -> dict[str, Any]:
    """What the evidence template needs."""
    rows = [_row(each) for each in connection.execute(case_file.evidence(case.id))]
    return {
        "rows": rows,
        "typed": typed,
        "errors": errors,
        "sources": [(each, each) for each in SOURCES],
        "areas": [(each, each) for each in AREAS],
    }


def document_row(document: Any) -> DocumentRow:
    """The row of a version of a document."""
    by = document.by_name or document.created_by
    return DocumentRow(
        id=document.id,
        name=document.name,
        version=document.version,
        size=f"{max(1, document.size // 1024)} KB",
        stored=f"{dates.moment(document.created_at)} by {by}",
    )


def _row(entry: Any) -> EvidenceRow:
    return EvidenceRow(
        source=entry.source,
        area=entry.area,
        text=entry.text,
        gathered=dates.weekday(entry.written_on),
        recorded=f"{dates.moment(entry.at)} by {entry.by_name or entry.by}",
        document_id=entry.document_id,
        document=entry.document_name or "",
    )


def _date(sent: dict[str, str]) -> date | None:
    try:
        found = date(int(sent["written-year"]), int(sent["written-month"]), int(sent["written-day"]))
    except ValueError:
        return None
    return found if found <= edge.today() else None
