"""Starts cases, and changes a case as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, insert, select

from engine import feel, starting
from engine.clock import london_date
from engine.db.tables import CASE_NUMBER, Instance, InstanceState, Service
from engine.runtime import requirements
from engine.runtime.errors import NotFoundError
from engine.runtime.library import Library
from engine.runtime.step import Step
from engine.runtime.store import lock
from engine.starting import SETTINGS


@dataclass(frozen=True, slots=True)
class Case:
    """A started case: its number and the reference people know it by."""

    id: int
    reference: str


def start(
    connection: Connection,
    library: Library,
    *,
    process_id: str,
    service_urn: str,
    variables: Mapping[str, feel.Value],
    team: str,
    by: str,
    at: datetime,
    started_by_instance: int | None = None,
    start_event: str | None = None,
) -> Case:
    """Start the newest version of a process for a service and run it to its first wait state.

    It begins at its plain start event, or at `start_event`. `variables` come on top of `service`,
    `setting` and `reference`, which every case has; a message start event may keep but some of them (output
    mappings). Raises `NotFoundError`, `DefinitionMissingError`.
    """
    process = library.latest_process(connection, process_id)
    terms = starting.read_terms(process.model.properties)
    service = connection.execute(select(Service).where(Service.urn == service_urn)).mappings().one_or_none()
    if service is None:
        raise NotFoundError(f"service with URN {service_urn}")
    number = connection.execute(CASE_NUMBER.next_value()).scalar_one()
    reference = f"{SETTINGS[service['setting']]}-{london_date(at).year}-{number:05d}"
    case_id = connection.execute(
        insert(Instance)
        .values(
            definition_id=process.id,
            reference=reference,
            state=InstanceState.RUNNING,
            service_urn=service_urn,
            team=team,
            region=service["region"],
            restricted=terms.confidential,
            restricted_to=list(terms.confidential_to),
            started_at=at,
            started_by=by,
            started_by_instance_id=started_by_instance,
            next_id=1,
        )
        .returning(Instance.id)
    ).scalar_one()
    case = lock(connection, case_id)
    assert case is not None
    known: dict[str, feel.Value] = {
        "service": service_context(service)
        | {"requirements": requirements.unsettled(connection, service_urn)},
        "setting": service["setting"],
        "reference": reference,
    }
    step = Step.begin(
        connection, library, case, known, payload=variables, actor=by, at=at, start_event=start_event
    )
    step.save()
    return Case(case_id, reference)


def service_context(service: RowMapping) -> dict[str, feel.Value]:
    """A row of `service` as the variable that every case has."""
    context: dict[str, feel.Value] = {}
    for name in (
        "urn",
        "name",
        "setting",
        "region",
        "local_authority",
        "provider_name",
        "provider_email",
        "registered_manager",
        "responsible_individual",
        "manager_vacant_since",
        "last_inspection",
        "last_overall",
    ):
        value = service[name]
        context[name] = feel.Date.of(value) if isinstance(value, date) else value
    return context
