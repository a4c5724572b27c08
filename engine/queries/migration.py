"""Cases that were moved between versions, and cases by their reference."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from engine.db.tables import CaseMigration, Instance, ProcessDefinition


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLine:
    """A move of a case that stands; `undoable` while the case has not gone on, as far as is known."""

    instance_id: int
    reference: str
    version: int
    at: datetime
    by: str
    reason: str
    undoable: bool


def case_number(connection: Connection, reference: str) -> int | None:
    """The number of the case with this reference."""
    return connection.execute(select(Instance.id).where(Instance.reference == reference)).scalar_one_or_none()


def references(connection: Connection, numbers: list[int]) -> dict[int, str]:
    """The references of cases by their number."""
    query = select(Instance.id, Instance.reference).where(Instance.id.in_(numbers)).order_by(Instance.id)
    return {number: reference for number, reference in connection.execute(query)}


def unrestricted(connection: Connection, numbers: list[int]) -> list[int]:
    """Those of the cases that are not open to named roles alone, in the order given."""
    found = connection.execute(
        select(Instance.id).where(Instance.id.in_(numbers), Instance.restricted.is_(False))
    ).scalars()
    free = set(found)
    return [number for number in numbers if number in free]


def recent_moves(connection: Connection, process_id: str, *, limit: int = 50) -> list[MoveLine]:
    """The latest moves of unrestricted cases to versions of a process that stand, the latest first."""
    query = (
        select(
            CaseMigration.instance_id,
            Instance.reference,
            ProcessDefinition.version,
            CaseMigration.at,
            CaseMigration.by,
            CaseMigration.reason,
            (CaseMigration.before != {}).label("undoable"),
        )
        .join(Instance, Instance.id == CaseMigration.instance_id)
        .join(ProcessDefinition, ProcessDefinition.id == CaseMigration.definition_id)
        .where(
            ProcessDefinition.process_id == process_id,
            CaseMigration.undone_at.is_(None),
            Instance.restricted.is_(False),
        )
        .order_by(CaseMigration.id.desc())
        .limit(limit)
    )
    return [MoveLine(**row) for row in connection.execute(query).mappings()]
