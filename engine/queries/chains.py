"""Cases that started each other: those of a service, and those next to one case."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, or_, select

from engine.db.tables import Instance, ProcessDefinition
from engine.queries.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLine:
    """A case with the number of the case that started it, if one did."""

    id: int
    reference: str
    process_name: str
    state: str
    restricted: bool
    started_at: datetime
    ended_at: datetime | None
    started_by_instance_id: int | None


def of_service(connection: Connection, urn: str, seen: ColumnElement[bool]) -> list[ChainLine]:
    """The cases of a service that the person may see, in the order they were started."""
    return _read(connection, _lines().where(Instance.service_urn == urn, seen))


def next_to(connection: Connection, instance_id: int, seen: ColumnElement[bool]) -> list[ChainLine]:
    """The case that started this one and those it started, as far as the person may see them."""
    starter = select(Instance.started_by_instance_id).where(Instance.id == instance_id).scalar_subquery()
    beside = or_(Instance.id == starter, Instance.started_by_instance_id == instance_id)
    return _read(connection, _lines().where(beside, seen))


def _lines() -> Statement:
    return (
        select(
            Instance.id, Instance.reference, ProcessDefinition.name.label("process_name"), Instance.state,
            Instance.restricted, Instance.started_at, Instance.ended_at, Instance.started_by_instance_id,
        )
        .join(ProcessDefinition, ProcessDefinition.id == Instance.definition_id)
        .order_by(Instance.id)
    )  # fmt: skip


def _read(connection: Connection, statement: Statement) -> list[ChainLine]:
    return [ChainLine(**row) for row in connection.execute(statement).mappings()]
