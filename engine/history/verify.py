"""Proves that no row of a case's history was changed, removed or put in."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, select

from engine.db.tables import History, Instance
from engine.history.chain import Event, EventKind, canonical, link


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Where a chain does not hold."""

    instance_id: int
    reference: str
    seq: int
    why: str


def verify(connection: Connection, instance_id: int | None = None) -> tuple[int, list[Break]]:
    """Check one case, or all: how many rows hold, and every case's first break."""
    query = select(Instance.id, Instance.reference, Instance.chain_head, Instance.history_length).order_by(
        Instance.id
    )
    if instance_id is not None:
        query = query.where(Instance.id == instance_id)
    checked, breaks = 0, []
    for case_id, reference, head, length in connection.execute(query).all():
        count, why = _verify_case(connection, case_id, bytes(head), length)
        checked += count
        if why is not None:
            breaks.append(Break(instance_id=case_id, reference=reference, seq=count + 1, why=why))
    return checked, breaks


def _verify_case(connection: Connection, case_id: int, head: bytes, length: int) -> tuple[int, str | None]:
    """How many rows hold from the first on, and why the next does not."""
    previous, held = b"", 0
    rows = connection.execute(
        select(History.__table__).where(History.instance_id == case_id).order_by(History.seq)
    )
    for row in rows.mappings():
        if row["seq"] != held + 1:
            return held, f"row {held + 1} is missing"
        why = _why_not(row, previous)
        if why is not None:
            return held, why
        previous, held = bytes(row["hash"]), held + 1
    if held != length:
        return held, f"the case counts {length} rows and {held} are there"
    if previous != head:
        return held, "the last row's hash is not the one the case holds"
    return held, None


def _why_not(row: RowMapping, previous: bytes) -> str | None:
    digest = row["personal_digest"]
    if row["salt"] is not None:
        if hashlib.sha256(bytes(row["salt"]) + canonical(row["personal"])).digest() != bytes(digest):
            return f"the personal data of row {row['seq']} is not what was recorded"
    elif row["personal"] is not None:
        return f"row {row['seq']} has personal data that was not recorded"
    event = Event(kind=EventKind(row["kind"]), element=row["element"], fields=row["fields"])
    found = link(
        previous,
        seq=row["seq"],
        at=row["at"],
        actor=row["actor"],
        event=event,
        digest=bytes(digest) if digest is not None else None,
    )
    return None if found == bytes(row["hash"]) else f"row {row['seq']} is not what was recorded"
