"""Writes what a case found to the service's record."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from sqlalchemy import Connection, update

from engine import feel
from engine.db.tables import Service
from engine.runtime import requirements
from engine.runtime.jobs import Leased
from engine.worker.handlers.base import HandlerError, Outcome, Tools, header

Record = Callable[[Connection], None]


def record_service(job: Leased, tools: Tools) -> Outcome:
    """Header `record`: "inspection outcome", "requirements" or "requirement settled"."""
    kind = header(job, "record")
    if kind not in _KINDS:
        known = "', '".join(_KINDS)
        raise HandlerError(f"'{kind}' cannot be recorded on a service. Use one of '{known}'.")
    service = job.variables.get("service")
    if not isinstance(service, dict):
        raise HandlerError("The case does not say its service. Set 'service', then retry.")
    try:
        return Outcome(record=_KINDS[kind](job, str(service["urn"]), tools))
    except requirements.RequirementError as error:
        raise HandlerError(str(error)) from error


def _inspection_outcome(job: Leased, urn: str, _: Tools) -> Record:
    """The last inspection and its overall grade."""
    last, overall = _day(job.variables, "end_of_inspection"), job.variables.get("overall_grade")

    def record(connection: Connection) -> None:
        changed = update(Service).where(Service.urn == urn)
        connection.execute(changed.values(last_inspection=last, last_overall=overall))

    return record


def _requirements(job: Leased, urn: str, _: Tools) -> Record:
    """The requirements and recommendations in `outcomes`."""
    outcomes = job.variables.get("outcomes")
    if not isinstance(outcomes, list):
        raise HandlerError("The case has no list of outcomes. Set 'outcomes', then retry.")
    return partial(requirements.file, urn=urn, instance_id=job.instance_id, rows=requirements.rows(outcomes))


def _requirement_settled(job: Leased, urn: str, tools: Tools) -> Record:
    """Whether `requirement` was met, by `requirement_met`, `requirement_checked_on` and its note."""
    one, met = job.variables.get("requirement"), job.variables.get("requirement_met")
    if not isinstance(one, dict) or met not in ("yes", "no"):
        raise HandlerError("The case does not say which requirement was met, or not. Mend it, then retry.")
    on, note = _day(job.variables, "requirement_checked_on"), job.variables.get("requirement_note")
    words = {"regulation": str(one.get("reference") or ""), "action": str(one.get("action") or "")}
    with tools.database.read() as connection:
        found = requirements.find(connection, urn=urn, **words)
    return partial(
        requirements.settle, requirement=found, met=met == "yes", on=on, note=str(note) if note else None
    )


def _day(variables: Mapping[str, feel.Value], name: str) -> date:
    value = variables.get(name)
    if not isinstance(value, feel.Date):
        raise HandlerError(f"The case has no date '{name}'. Set it, then retry.")
    return value.to_python()


_KINDS: Mapping[str, Callable[[Leased, str, Tools], Record]] = {
    "inspection outcome": _inspection_outcome,
    "requirements": _requirements,
    "requirement settled": _requirement_settled,
}
