"""The register of requirements and recommendations on a service, as its page shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.db.tables import RequirementState
from web.presenters.tags import Tag

STATES = {
    RequirementState.OPEN: Tag("Open", "blue"),
    RequirementState.MET: Tag("Met", "green"),
    RequirementState.NOT_MET: Tag("Not met", "red"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementRow:
    """A requirement or recommendation; `case` is the reference of the case that made it."""

    kind: str
    words: str
    regulation: str
    due: Any
    state: Tag
    settled: Any
    note: str
    case: str


def requirement_rows(rows: Iterable[Mapping[Any, Any]]) -> list[RequirementRow]:
    """The rows of the query, in its order."""
    return [
        RequirementRow(
            kind=row["kind"].capitalize(),
            words=row["action"],
            regulation=row["regulation"],
            due=row["due_on"],
            state=STATES[RequirementState(row["state"])],
            settled=row["settled_on"],
            note=row["note"] or "",
            case=row["reference"],
        )
        for row in rows
    ]
