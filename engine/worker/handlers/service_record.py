"""Writes the outcome of an inspection to the service's record."""

from datetime import date

from sqlalchemy import Connection, update

from engine import feel
from engine.db.tables import Service
from engine.runtime.jobs import Leased
from engine.worker.handlers.base import HandlerError, Outcome, Tools, header


def record_service(job: Leased, tools: Tools) -> Outcome:
    """Header `record`: "inspection outcome" sets the last inspection and its overall grade."""
    record_kind = header(job, "record")
    if record_kind != "inspection outcome":
        raise HandlerError(f"'{record_kind}' cannot be recorded on a service. Use 'inspection outcome'.")
    service, ended = job.variables.get("service"), job.variables.get("end_of_inspection")
    overall = job.variables.get("overall_grade")
    if not isinstance(service, dict) or not isinstance(ended, feel.Date):
        raise HandlerError("The case does not say its service and end of inspection. Set them, then retry.")
    last: date = ended.to_python()

    def record(connection: Connection) -> None:
        connection.execute(
            update(Service)
            .where(Service.urn == service["urn"])
            .values(last_inspection=last, last_overall=overall)
        )

    return Outcome(record=record)
