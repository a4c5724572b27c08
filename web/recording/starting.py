"""Starts a record from a case: a case of its own, with the people of that case, whose first task opens."""

from sqlalchemy import Connection

from engine import feel
from engine.queries import case_file, inbox
from engine.queries.case_file import CaseFacts
from engine.runtime import cases
from engine.runtime.cases import Case
from engine.runtime.errors import NotFoundError
from engine.starting import OF_THE_CASE, Door
from web import edge
from web.access import me
from web.offers import Offer, offered


def offers(connection: Connection, case: CaseFacts) -> list[Offer]:
    """What can be recorded from this case, by name."""
    return offered(connection, Door.CASE, setting=case.setting)


def begin(connection: Connection, case: CaseFacts, process_id: str) -> tuple[Case, int | None]:
    """The record started, and the number of its first task if it is the visitor's. Raises NotFoundError."""
    if process_id not in {offer.id for offer in offers(connection, case)}:
        raise NotFoundError("record of this kind for this case")
    record = cases.start(
        connection,
        edge.library(),
        process_id=process_id,
        service_urn=case.service_urn,
        variables=_given(connection, case),
        team=case.team,
        by=me().id,
        at=edge.now(),
        started_by_instance=case.id,
    )
    return record, _first_task(connection, record)


def _given(connection: Connection, case: CaseFacts) -> dict[str, feel.Value]:
    known = case_file.variables(connection, case.id)
    given: dict[str, feel.Value] = {name: feel.from_json(known.get(name)) for name in OF_THE_CASE}
    return given | {"about": case.reference, "recorded_by": me().id}


def _first_task(connection: Connection, record: Case) -> int | None:
    """A task that waits for the visitor alone is theirs already; nothing else opens by itself."""
    found = inbox.page(connection, inbox.of_case(record.id, me().id), 1).rows
    mine = [line.id for line in found if line.assignee == me().id]
    return mine[0] if mine else None
