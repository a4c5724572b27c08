"""What is deployed, compiled once and kept: processes, decisions, forms, roles, letters, calendars."""

import gc
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar, TypeVarTuple

from sqlalchemy import Connection, Row, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from engine import dialect, dmn, forms, spiff
from engine.db.tables import (
    CalendarRevision,
    DecisionDefinition,
    DeploymentResource,
    FormDefinition,
    ProcessDefinition,
    Resource,
)
from engine.deadlines import Policy, read_policies
from engine.groups import Groups, read_groups
from engine.runtime.errors import DefinitionMissingError
from engine.runtime.kept import LIMIT, KeptCases
from engine.workdays import Calendar

GROUPS_FILE = "groups.yaml"
SETTLING = 10.0
"""Seconds between two times that the memory is settled."""

_KINDS: Mapping[object, str] = {
    ProcessDefinition: "process",
    DecisionDefinition: "decision",
    FormDefinition: "form",
}

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledProcess:
    """A version of a process, ready to run; `policies` are its deadlines by what declares them."""

    id: int
    version: int
    deployment_id: int
    model: dialect.Process
    definition: spiff.Definition
    policies: Mapping[str, tuple[Policy, ...]]


@dataclass(frozen=True, slots=True)
class DeployedDecision:
    """A version of a decision and the model it stands in."""

    id: int
    version: int
    decision_id: str
    model: dmn.Model


class Library:
    """The compiled definitions of one process of the operating system; shared by its threads.

    Only unchangeable things are kept: a version once deployed never changes. What may change from one
    command to the next ("the latest") is asked of the database each time.
    """

    def __init__(self, *, cases_kept: int = LIMIT) -> None:
        """An empty library; it fills as definitions are used. `cases` are as this process left them."""
        self._kept: dict[Hashable, object] = {}
        self._settled, self._settled_at = 0, -SETTLING
        self.cases = KeptCases(cases_kept)

    def settle(self) -> None:
        """Have the garbage collector look no more at what was compiled, which stays as long as the process.

        For edges, between two commands: it costs one look at everything, and spares every command a part of
        many. Does nothing where nothing was added, or where it was called within the last `SETTLING` seconds.
        """
        size, now = len(self._kept), time.monotonic()
        if size == self._settled or now - self._settled_at < SETTLING:
            return
        self._settled, self._settled_at = size, now
        gc.unfreeze()  # what was garbage by then goes, too
        gc.collect()
        gc.freeze()

    def _keep(self, kind: str, key: Hashable, make: Callable[[], _T]) -> _T:
        # Two threads may compile the same version once each; the result is the same.
        found = self._kept.get((kind, key))
        if found is None:
            found = self._kept[kind, key] = make()
        return found  # type: ignore[return-value]  # each kind holds one type

    # --- processes ----------------------------------------------------------------------------

    def process(self, connection: Connection, definition_id: int) -> CompiledProcess:
        """The version with this number. Raises `DefinitionMissingError`."""
        return self._keep("process", definition_id, lambda: _load_process(connection, definition_id))

    def latest_process(self, connection: Connection, process_id: str) -> CompiledProcess:
        """The newest version of a process. Raises `DefinitionMissingError`."""
        newest = (
            select(ProcessDefinition.id)
            .where(ProcessDefinition.process_id == process_id)
            .order_by(ProcessDefinition.version.desc())
            .limit(1)
        )
        found = connection.execute(newest).scalar_one_or_none()
        if found is None:
            raise DefinitionMissingError("process", process_id, "latest")
        return self.process(connection, found)

    def called_process(
        self, connection: Connection, caller: CompiledProcess, process_id: str, binding: dialect.Binding
    ) -> CompiledProcess:
        """The version a call activity means. Raises `DefinitionMissingError`."""
        found = self._bound(
            connection, ProcessDefinition.process_id, process_id, binding, caller.deployment_id
        )
        return self.process(connection, found)

    # --- decisions and forms --------------------------------------------------------------------

    def decision(
        self, connection: Connection, caller: CompiledProcess, decision_id: str, binding: dialect.Binding
    ) -> DeployedDecision:
        """The version a business rule task means. Raises `DefinitionMissingError`."""
        found = self._bound(
            connection, DecisionDefinition.decision_id, decision_id, binding, caller.deployment_id
        )
        return self.decision_version(connection, found)

    def decision_version(self, connection: Connection, definition_id: int) -> DeployedDecision:
        """The decision version with this number. Raises `DefinitionMissingError`."""
        return self._keep("decision", definition_id, lambda: self._load_decision(connection, definition_id))

    def form_id(
        self, connection: Connection, caller: CompiledProcess, form_id: str, binding: dialect.Binding
    ) -> int:
        """The number of the form version a user task means. Raises `DefinitionMissingError`."""
        return self._bound(connection, FormDefinition.form_id, form_id, binding, caller.deployment_id)

    def form(self, connection: Connection, form_definition_id: int) -> forms.Form:
        """The form version with this number. Raises `DefinitionMissingError`."""

        def load() -> forms.Form:
            query = (
                select(Resource.content)
                .join(FormDefinition, FormDefinition.resource_id == Resource.id)
                .where(FormDefinition.id == form_definition_id)
            )
            return forms.read(_one(connection, query, "form", str(form_definition_id)).content)

        return self._keep("form", form_definition_id, load)

    # --- roles, letters, calendars --------------------------------------------------------------

    def groups(self, connection: Connection, deployment_id: int) -> Groups:
        """The roles that were deployed together with a process. Raises `DefinitionMissingError`."""
        return self._keep(
            "groups",
            deployment_id,
            lambda: read_groups(self.resource(connection, deployment_id, GROUPS_FILE)),
        )

    def resource(self, connection: Connection, deployment_id: int, name: str) -> bytes:
        """A file that was deployed together with a process. Raises `DefinitionMissingError`."""

        def load() -> bytes:
            query = (
                select(Resource.content)
                .join(DeploymentResource, DeploymentResource.resource_id == Resource.id)
                .where(DeploymentResource.deployment_id == deployment_id, Resource.name == name)
            )
            return bytes(_one(connection, query, "file", name).content)

        return self._keep("resource", (deployment_id, name), load)

    def calendar(self, connection: Connection, revision: str | None) -> Calendar:
        """A stored calendar revision. Raises `DefinitionMissingError`."""
        if revision is None:
            raise DefinitionMissingError("calendar revision", "of working days", "latest")

        def load() -> Calendar:
            query = select(CalendarRevision.data).where(CalendarRevision.id == revision)
            return Calendar.from_dict(_one(connection, query, "calendar revision", revision).data)

        return self._keep("calendar", revision, load)

    # --- how bindings are resolved --------------------------------------------------------------

    def _bound(
        self,
        connection: Connection,
        named: InstrumentedAttribute[str],
        name: str,
        binding: dialect.Binding,
        deployment_id: int,
    ) -> int:
        """The version whose column `named` holds `name`, as the binding says."""

        def find() -> int:
            query = _bound_to(named, name, binding, deployment_id)
            found: int | None = connection.execute(query).scalar_one_or_none()
            if found is None:
                raise DefinitionMissingError(_KINDS[named.class_], name, binding.type)
            return found

        if binding.type is dialect.BindingType.DEPLOYMENT:
            # A file belongs to a deployment for ever, so this answer may be kept.
            return self._keep(f"bound {named.key}", (deployment_id, name), find)
        return find()

    def _load_decision(self, connection: Connection, definition_id: int) -> DeployedDecision:
        query = (
            select(
                DecisionDefinition.id,
                DecisionDefinition.version,
                DecisionDefinition.decision_id,
                DecisionDefinition.resource_id,
                Resource.content,
            )
            .join(Resource, Resource.id == DecisionDefinition.resource_id)
            .where(DecisionDefinition.id == definition_id)
        )
        row = _one(connection, query, "decision", str(definition_id))
        model = self._keep("decision file", row.resource_id, lambda: dmn.loads(bytes(row.content)))
        return DeployedDecision(row.id, row.version, row.decision_id, model)


def _bound_to(
    named: InstrumentedAttribute[str], name: str, binding: dialect.Binding, deployment_id: int
) -> Select[int]:
    table = named.class_
    query: Select[int] = select(table.id).where(named == name).order_by(table.version.desc()).limit(1)
    match binding.type:
        case dialect.BindingType.DEPLOYMENT:
            return query.join(DeploymentResource, DeploymentResource.resource_id == table.resource_id).where(
                DeploymentResource.deployment_id == deployment_id, table.deployment_id <= deployment_id
            )
        case dialect.BindingType.VERSION_TAG:
            return query.where(table.version_tag == binding.version_tag)
        case dialect.BindingType.LATEST:
            return query


def _load_process(connection: Connection, definition_id: int) -> CompiledProcess:
    query = (
        select(
            ProcessDefinition.id,
            ProcessDefinition.process_id,
            ProcessDefinition.version,
            ProcessDefinition.deployment_id,
            Resource.content,
        )
        .join(Resource, Resource.id == ProcessDefinition.resource_id)
        .where(ProcessDefinition.id == definition_id)
    )
    row = _one(connection, query, "process", str(definition_id))
    process = dialect.read(bytes(row.content)).processes[row.process_id]
    return CompiledProcess(
        id=row.id,
        version=row.version,
        deployment_id=row.deployment_id,
        model=process,
        definition=spiff.compile(process, key=row.id),
        policies=policies_of(process),
    )


def policies_of(process: dialect.Process) -> dict[str, tuple[Policy, ...]]:
    """The deadlines a process declares, by the id of what declares them. Raises `PolicyError`."""
    found = {process.id: read_policies(process.id, process.properties)}
    for element in process.elements.values():
        found[element.id] = read_policies(element.id, element.properties)
    return {element: policies for element, policies in found.items() if policies}


def _one(connection: Connection, query: Select[*_Ts], kind: str, name: str) -> Row[*_Ts]:
    row = connection.execute(query).one_or_none()
    if row is None:
        raise DefinitionMissingError(kind, name, "stored")
    return row
