"""The evidence of a case: a record that the team writes in from preparation until publication."""

from datetime import date, datetime

from sqlalchemy import Connection, insert

from engine.db.tables import Evidence
from engine.history import Event, EventKind
from engine.runtime.records import record
from engine.runtime.store import lock


def add(
    connection: Connection,
    *,
    instance_id: int,
    source: str,
    area: str,
    text: str,
    written_on: date,
    by: str,
    at: datetime,
    document_id: int | None = None,
) -> int:
    """Add an entry with its source; its number. `written_on` is the day the evidence was gathered."""
    lock(connection, instance_id)
    evidence_id = connection.execute(
        insert(Evidence)
        .values(
            instance_id=instance_id,
            source=source,
            area=area,
            text=text,
            document_id=document_id,
            written_on=written_on,
            at=at,
            by=by,
        )
        .returning(Evidence.id)
    ).scalar_one()
    event = Event(
        kind=EventKind.EVIDENCE_ADDED,
        element=None,
        fields={"evidence": evidence_id, "area": area, "document": document_id},
        personal={"source": source, "text": text},
    )
    record(connection, instance_id, [event], actor=by, at=at)
    return evidence_id
