"""Makes a report public."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql

from engine.db.tables import Document, Publication
from engine.runtime.jobs import Leased
from engine.worker.handlers.base import HandlerError, Outcome, Tools, header


def publish_report(job: Leased, tools: Tools) -> Outcome:
    """Header: `document`, the name of a document of the case; its newest version becomes public."""
    name = header(job, "document")
    query = (
        select(Document.id)
        .where(Document.instance_id == job.instance_id, Document.name == name)
        .order_by(Document.version.desc())
        .limit(1)
    )
    with tools.database.read() as connection:
        document_id = connection.execute(query).scalar_one_or_none()
    if document_id is None:
        raise HandlerError(f"The case has no document '{name}' to publish. Make it first, then retry.")

    def record(connection: Connection) -> None:
        statement = postgresql.insert(Publication).values(
            document_id=document_id, instance_id=job.instance_id, at=job.environment.at
        )
        connection.execute(statement.on_conflict_do_nothing())

    return Outcome(record=record)
