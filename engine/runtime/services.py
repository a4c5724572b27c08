"""The services that are inspected: loaded from a list, every row right or none taken."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql

from engine.db.tables import Service
from engine.starting import SETTINGS

REQUIRED = ("urn", "name", "setting", "region", "local_authority", "provider_name", "provider_email")
OPTIONAL = (
    "registered_manager",
    "responsible_individual",
    "manager_vacant_since",
    "last_inspection",
    "last_overall",
)
_DATES = frozenset({"manager_vacant_since", "last_inspection"})


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row; the first row after the headings is 2, as a spreadsheet numbers it."""

    row: int
    why: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.why}"


class ServiceListError(ValueError):
    """A list of services was not taken; nothing was changed."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def load(connection: Connection, lines: Iterable[str]) -> int:
    """Add the services of a CSV list, or bring known ones up to date by URN; how many.

    Raises `ServiceListError` naming every row that is wrong.
    """
    reader = csv.DictReader(lines)
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
    if missing:
        raise ServiceListError([RowProblem(1, f"The headings lack {', '.join(missing)}.")])
    problems: list[RowProblem] = []
    found = [_service(number, row, problems) for number, row in enumerate(reader, start=2)]
    repeated = {row["urn"] for row in found if [each["urn"] for each in found].count(row["urn"]) > 1}
    problems += [
        RowProblem(1, f"The URN {urn} stands in several rows.") for urn in sorted(map(str, repeated))
    ]
    if problems:
        raise ServiceListError(problems)
    for values in found:
        statement = postgresql.insert(Service).values(values)
        connection.execute(statement.on_conflict_do_update(index_elements=[Service.urn], set_=values))
    return len(found)


def _service(
    number: int, row: Mapping[str, str | None], problems: list[RowProblem]
) -> dict[str, str | date | None]:
    values: dict[str, str | date | None] = {}
    for name in (*REQUIRED, *OPTIONAL):
        text = (row.get(name) or "").strip()
        if not text and name in REQUIRED:
            problems.append(RowProblem(number, f"{name} is empty."))
        values[name] = _date(number, name, text, problems) if name in _DATES else text or None
    if values["setting"] and values["setting"] not in SETTINGS:
        known = ", ".join(SETTINGS)
        problems.append(RowProblem(number, f"'{values['setting']}' is no setting. Use one of: {known}."))
    if values["provider_email"] and "@" not in str(values["provider_email"]):
        problems.append(RowProblem(number, f"'{values['provider_email']}' is no e-mail address."))
    return values


def _date(number: int, name: str, text: str, problems: list[RowProblem]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems.append(RowProblem(number, f"{name}: '{text}' is no date. Write it as 2026-12-31."))
        return None
