"""Requirements and recommendations on services: filed by an inspection, settled later (SCH-XC-156)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql

from engine import feel
from engine.db.tables import Requirement, RequirementState

KINDS = ("requirement", "recommendation")
"""The outcomes of findings that bind the provider; others are only mentioned in the report."""


class RequirementError(ValueError):
    """What the case says of its findings cannot be filed; the message says why and how to mend it."""


def rows(outcomes: Sequence[feel.Value]) -> list[dict[str, Any]]:
    """What is to be filed of contexts {outcome, reference, action, due_on}, numbered from 1.

    Raises RequirementError.
    """
    found = []
    for number, outcome in enumerate(outcomes, start=1):
        if not isinstance(outcome, dict):
            raise RequirementError(f"Finding {number} is no context. Correct the variable 'outcomes'.")
        if outcome.get("outcome") in KINDS:
            found.append({"number": number, **_values(number, outcome)})
    return found


def _values(number: int, outcome: Mapping[str, feel.Value]) -> dict[str, Any]:
    due, kind = outcome.get("due_on"), outcome["outcome"]
    if kind == "requirement" and not isinstance(due, feel.Date):
        raise RequirementError(f"Requirement {number} has no date. Set 'due_on' in the variable 'outcomes'.")
    return {
        "kind": kind,
        "regulation": str(outcome.get("reference") or ""),
        "action": str(outcome.get("action") or ""),
        "due_on": due.to_python() if isinstance(due, feel.Date) else None,
    }


def file(connection: Connection, *, urn: str, instance_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """File what a case required of the service; filed again, it is brought up to date."""
    for row in rows:
        statement = postgresql.insert(Requirement).values(
            service_urn=urn, instance_id=instance_id, state=RequirementState.OPEN, **row
        )
        key = [Requirement.instance_id, Requirement.number]
        connection.execute(statement.on_conflict_do_update(index_elements=key, set_=dict(row)))


def find(connection: Connection, *, urn: str, regulation: str, action: str) -> int:
    """The id of the newest requirement with these words. Raises RequirementError when there is none."""
    query = (
        select(Requirement.id)
        .where(
            Requirement.service_urn == urn,
            Requirement.regulation == regulation,
            Requirement.action == action,
        )
        .order_by(Requirement.id.desc())
        .limit(1)
    )
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise RequirementError(f"The service {urn} has no requirement “{action}” under {regulation}.")
    return found


def settle(connection: Connection, requirement: int, *, met: bool, on: date, note: str | None) -> None:
    """Record whether a requirement was met."""
    state = RequirementState.MET if met else RequirementState.NOT_MET
    connection.execute(
        update(Requirement).where(Requirement.id == requirement).values(state=state, settled_on=on, note=note)
    )


def unsettled(connection: Connection, urn: str) -> list[feel.Value]:
    """What the service still has to do, as FEEL contexts, for the next inspection to see."""
    columns = (
        Requirement.kind,
        Requirement.regulation,
        Requirement.action,
        Requirement.due_on,
        Requirement.state,
    )
    query = (
        select(*columns)
        .where(Requirement.service_urn == urn, Requirement.state != RequirementState.MET)
        .order_by(Requirement.due_on.nulls_last(), Requirement.id)
    )
    return [
        {
            "kind": row.kind,
            "reference": row.regulation,
            "action": row.action,
            "due_on": None if row.due_on is None else feel.Date.of(row.due_on),
            "state": row.state,
        }
        for row in connection.execute(query)
    ]
