"""Makes a document of the case from a letter."""

from sqlalchemy import Connection

from engine import letters
from engine.runtime import documents
from engine.runtime.jobs import Leased
from engine.runtime.timers import SYSTEM
from engine.worker.handlers.base import HandlerError, Outcome, Tools, header, letter


def make_document(job: Leased, tools: Tools) -> Outcome:
    """Headers: `template`, `name`. Stores the filled letter as HTML, a new version of its name."""
    name = header(job, "name")
    with tools.database.read() as connection:
        template = letter(job, tools, connection)
    try:
        text = letters.fill(template, job.variables, job.environment)
    except letters.LetterError as error:
        raise HandlerError(str(error)) from error

    def record(connection: Connection) -> None:
        assert job.environment.at is not None
        documents.store(
            connection,
            instance_id=job.instance_id,
            name=name,
            media_type="text/html",
            content=letters.as_html(text).encode(),
            by=SYSTEM,
            at=job.environment.at,
        )

    return Outcome(record=record)
