"""Reads the history of a case in order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from engine.db.tables import History


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEvent:
    """One fact as it was recorded; `personal` is None where there was none or it was redacted."""

    seq: int
    at: datetime
    actor: str
    kind: str
    element: str | None
    fields: dict[str, Any]
    personal: Any


def events_of(instance_id: int) -> Select[*tuple[Any, ...]]:
    """The facts of a case, first to last."""
    return (
        select(
            History.seq,
            History.at,
            History.actor,
            History.kind,
            History.element,
            History.fields,
            History.personal,
        )
        .where(History.instance_id == instance_id)
        .order_by(History.seq)
    )


def timeline(connection: Connection, instance_id: int) -> list[HistoryEvent]:
    """All facts of a case, first to last."""
    return [HistoryEvent(**row) for row in connection.execute(events_of(instance_id)).mappings()]
