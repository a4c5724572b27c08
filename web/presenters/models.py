"""Deployed versions, the questions of a form, and findings on files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from engine import check, forms
from web.presenters import dates
from web.presenters.tags import Tag

KINDS = {
    forms.FieldKind.TEXTFIELD: "Short text",
    forms.FieldKind.TEXTAREA: "Long text",
    forms.FieldKind.NUMBER: "Number",
    forms.FieldKind.DATE: "Date",
    forms.FieldKind.RADIO: "One of several",
    forms.FieldKind.SELECT: "One of a list",
    forms.FieldKind.CHECKLIST: "Any of several",
    forms.FieldKind.CHECKBOX: "Tick box",
    forms.FieldKind.FILES: "Files",
}

SEVERITIES = {
    check.Severity.ERROR: Tag("Error", "red"),
    check.Severity.WARNING: Tag("Warning", "yellow"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A deployed version as the library shows it; `in_use` is None where nothing counts its use."""

    id: int
    key: str
    name: str
    version: int
    tag: str
    file: str
    resource_id: int
    deployed: str
    note: str
    in_use: int | None


@dataclass(frozen=True, slots=True)
class Versions:
    """A process, decision or form: its newest version and the older ones."""

    newest: Version
    older: tuple[Version, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of a form in words."""

    label: str
    variable: str
    kind: str
    required: bool
    only_if: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """A finding: where, what, and how to mend it."""

    file: str
    element: str
    severity: Tag
    reason: str
    remedy: str


def version(row: Mapping[Any, Any]) -> Version:
    return Version(
        id=row["id"],
        key=row["key"],
        name=row["name"] or row["key"],
        version=row["version"],
        tag=row["version_tag"] or "",
        file=row["file"],
        resource_id=row["resource_id"],
        deployed=f"{dates.moment(row['deployed_at'])} by {row['deployed_by']}",
        note=row["note"],
        in_use=row.get("in_use"),
    )


def grouped(found: Iterable[Mapping[Any, Any]]) -> list[Versions]:
    """Versions in the order of `engine.queries.models`: by key, the newest first."""
    groups = groupby((version(row) for row in found), key=lambda each: each.key)
    return [Versions(next(group), tuple(group)) for _, group in groups]


def questions(form: forms.Form) -> list[Question]:
    """The questions of a form in order; those of repeating rows after the row's heading."""
    found = []
    for one in form.fields:
        found.append(_question(one))
        if isinstance(one, forms.Rows):
            found.extend(_question(inner) for inner in one.fields)
    return found


def finding(found: check.Finding) -> FindingRow:
    return FindingRow(
        file=found.file,
        element=found.element,
        severity=SEVERITIES[found.severity],
        reason=found.reason,
        remedy=found.remedy,
    )


def _question(one: forms.Field | forms.Rows) -> Question:
    return Question(
        label=one.label or one.key,
        variable=one.key,
        kind=KINDS[one.kind] if isinstance(one, forms.Field) else "Rows of questions",
        required=one.limits.required if isinstance(one, forms.Field) else one.required,
        only_if=(one.condition.words or one.condition.source) if one.condition else "",
        rules=tuple(one.guidance),
    )
