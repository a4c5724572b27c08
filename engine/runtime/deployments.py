"""Deploys model files: checks them all together, stores what is new, makes new versions startable."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import ColumnElement, Connection, func, insert, select
from sqlalchemy.dialects import postgresql

from engine import check, dialect
from engine.check.files import FileKind, ReadFiles, read_all
from engine.db.tables import (
    DecisionDefinition,
    Deployment,
    DeploymentResource,
    FormDefinition,
    ProcessDefinition,
    Resource,
    StartEvent,
)


class RefusedError(Exception):
    """Files were not deployed; `findings` say why. Nothing was changed."""

    def __init__(self, findings: list[check.Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


class OutdatedError(Exception):
    """Someone deployed a newer version of `file` since it was opened. Nothing was changed."""

    def __init__(self, file: str) -> None:
        super().__init__(f"{file} was deployed by someone else since it was opened: look at both first.")
        self.file = file


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What a deployment made: new versions by the id of the process, decision or form."""

    id: int
    processes: Mapping[str, int]
    decisions: Mapping[str, int]
    forms: Mapping[str, int]


def together(connection: Connection, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of the newest deployment with `files` put over them: what would run after deploying."""
    newest = select(func.max(Deployment.id)).scalar_subquery()
    query = (
        select(Resource.name, Resource.content)
        .join(DeploymentResource, DeploymentResource.resource_id == Resource.id)
        .where(DeploymentResource.deployment_id == newest)
    )
    before = {name: bytes(content) for name, content in connection.execute(query)}
    return before | dict(files)


def check_with_deployed(connection: Connection, files: Mapping[str, bytes]) -> list[check.Finding]:
    """The findings on `files`, seen together with what is deployed already."""
    return check.check(together(connection, files))


def deploy(
    connection: Connection,
    *,
    files: Mapping[str, bytes],
    by: str,
    at: datetime,
    note: str = "",
    based_on: Mapping[str, int] = MappingProxyType({}),
) -> Deployed | None:
    """Deploy `files` together with what is deployed already; None when they change nothing.

    Every file that uses a changed one by binding "deployment" gets a new version too. `based_on` says for
    files that were edited which stored file each came from. Raises `RefusedError` when any file has an
    error, `OutdatedError` when one of `based_on` is no longer the newest.
    """
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7234002)")  # one deployment at a time
    _refuse_outdated(connection, based_on)
    contents = together(connection, files)
    findings = check.check(contents)
    if any(finding.severity is check.Severity.ERROR for finding in findings):
        raise RefusedError(findings)
    known = _stored(connection, contents)
    if not contents.keys() - known.keys() and _is_newest(connection, set(known.values())):
        return None
    deployment_id = connection.execute(
        insert(Deployment).values(at=at, by=by, note=note).returning(Deployment.id)
    ).scalar_one()
    resources = _store(connection, contents, known)
    connection.execute(
        insert(DeploymentResource),
        [{"deployment_id": deployment_id, "resource_id": each} for each in resources.values()],
    )
    read = read_all(contents)
    version = _Versions(connection, deployment_id, resources, at)
    return Deployed(
        id=deployment_id,
        decisions=version.decisions(read),
        forms=version.forms(read),
        processes=version.processes(read),
    )


def unseen(connection: Connection, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those of `files` whose content was never deployed under its name, whatever replaced it since."""
    known = _stored(connection, files)
    return {name: content for name, content in files.items() if name not in known}


def _refuse_outdated(connection: Connection, based_on: Mapping[str, int]) -> None:
    for file, resource_id in based_on.items():
        if not _is_newest(connection, {resource_id}, Resource.name == file):
            raise OutdatedError(file)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _stored(connection: Connection, contents: Mapping[str, bytes]) -> dict[str, int]:
    """The resources that hold exactly these contents already."""
    digests = {name: _digest(content) for name, content in contents.items()}
    query = select(Resource.name, Resource.sha256, Resource.id).where(Resource.name.in_(digests))
    return {
        name: resource_id
        for name, sha256, resource_id in connection.execute(query)
        if bytes(sha256) == digests[name]
    }


def _is_newest(connection: Connection, resource_ids: set[int], *only: ColumnElement[bool]) -> bool:
    """Whether these are the files of the newest deployment, all of them or `only` some."""
    newest = select(func.max(Deployment.id)).scalar_subquery()
    query = (
        select(DeploymentResource.resource_id)
        .join(Resource, Resource.id == DeploymentResource.resource_id)
        .where(DeploymentResource.deployment_id == newest, *only)
    )
    return set(connection.execute(query).scalars()) == resource_ids


def _store(connection: Connection, contents: Mapping[str, bytes], known: Mapping[str, int]) -> dict[str, int]:
    resources = dict(known)
    for name in sorted(contents.keys() - known.keys()):
        content = contents[name]
        resources[name] = connection.execute(
            postgresql.insert(Resource)
            .values(kind=check.kind_of(name), name=name, content=content, sha256=_digest(content))
            .returning(Resource.id)
        ).scalar_one()
    return resources


class _Versions:
    """Gives new version numbers within one deployment."""

    def __init__(
        self, connection: Connection, deployment_id: int, resources: Mapping[str, int], at: datetime
    ) -> None:
        self._connection, self._deployment_id = connection, deployment_id
        self._resources, self._at = resources, at

    def decisions(self, read: ReadFiles) -> dict[str, int]:
        """A new version of every decision whose file is new."""
        made = {}
        for file, model in read.tables.items():
            for decision in model.decisions.values():
                if not self._known(DecisionDefinition, DecisionDefinition.decision_id == decision.id, file):
                    made[decision.id], _ = self._insert(
                        DecisionDefinition,
                        DecisionDefinition.decision_id == decision.id,
                        file,
                        decision_id=decision.id,
                        name=decision.name,
                    )
        return made

    def forms(self, read: ReadFiles) -> dict[str, int]:
        """A new version of every form whose file is new."""
        made = {}
        for file, form in read.forms.items():
            if not self._known(FormDefinition, FormDefinition.form_id == form.id, file):
                made[form.id], _ = self._insert(
                    FormDefinition, FormDefinition.form_id == form.id, file, form_id=form.id
                )
        return made

    def processes(self, read: ReadFiles) -> dict[str, int]:
        """A new version of every process that is new itself or uses, bound by deployment, what is new."""
        made = {}
        for file, model in read.diagrams.items():
            for process in model.processes.values():
                closure = _closure_digest(read, file)
                same = select(ProcessDefinition.closure_sha256).where(
                    ProcessDefinition.process_id == process.id
                )
                newest = self._connection.execute(
                    same.order_by(ProcessDefinition.version.desc()).limit(1)
                ).scalar_one_or_none()
                if newest is None or bytes(newest) != closure:
                    made[process.id], definition_id = self._insert(
                        ProcessDefinition,
                        ProcessDefinition.process_id == process.id,
                        file,
                        process_id=process.id,
                        name=process.name,
                        closure_sha256=closure,
                        version_tag=process.version_tag or None,
                    )
                    self._starts(process, definition_id)
        return made

    def _starts(self, process: dialect.Process, definition_id: int) -> None:
        """Note what starts this version, so that a message finds it."""
        for start in process.starts:
            if isinstance(start.event, dialect.MessageEvent | dialect.SignalEvent):
                kind = "message" if isinstance(start.event, dialect.MessageEvent) else "signal"
                self._connection.execute(
                    insert(StartEvent).values(
                        definition_id=definition_id,
                        element=start.element_id,
                        kind=kind,
                        name=start.event.name.text,
                    )
                )

    def _known(self, table: "_Table", same: object, file: str) -> bool:
        query = select(table.id).where(same, table.resource_id == self._resources[file])  # type: ignore[arg-type]
        return self._connection.execute(query).first() is not None

    def _insert(self, table: "_Table", same: object, file: str, **values: object) -> tuple[int, int]:
        """The number of the version, and of its row."""
        newest = select(func.coalesce(func.max(table.version), 0)).where(same)  # type: ignore[arg-type]
        version = self._connection.execute(newest).scalar_one() + 1
        row = insert(table).values(
            version=version,
            resource_id=self._resources[file],
            deployment_id=self._deployment_id,
            deployed_at=self._at,
            **values,
        )
        return version, self._connection.execute(row.returning(table.id)).scalar_one()


_Table = type[ProcessDefinition] | type[DecisionDefinition] | type[FormDefinition]


def _closure_digest(read: ReadFiles, file: str) -> bytes:
    """Stands for a diagram and all files it reaches by binding "deployment", roles and letters too."""
    where = _where(read)
    reached: set[str] = set()
    waiting = [file, *read.names(FileKind.GROUPS)]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        waiting += [found for used in _uses(read, name) if (found := where.get(used)) is not None]
    digest = hashlib.sha256()
    for name in sorted(reached):
        digest.update(name.encode() + b"\0" + _digest(read.contents[name]))
    return digest.digest()


def _where(read: ReadFiles) -> dict[tuple[str, str], str]:
    """In which file each form, decision, process and letter stands."""
    found = {("form", form.id): file for file, form in read.forms.items()}
    found |= {("decision", each): file for file, model in read.tables.items() for each in model.decisions}
    found |= {("process", each): file for file, model in read.diagrams.items() for each in model.processes}
    for file in read.names(FileKind.LETTER):
        found["letter", file.rpartition("/")[2].rpartition(".")[0]] = file
    return found


def _uses(read: ReadFiles, file: str) -> Iterable[tuple[str, str]]:
    """What the diagram in `file` names and binds by deployment."""
    model = read.diagrams.get(file)
    for process in model.processes.values() if model is not None else ():
        for element in process.elements.values():
            if element.form is not None and _fixed(element.form.binding):
                yield "form", element.form.form_id
            if element.decision is not None and _fixed(element.decision.binding):
                yield "decision", element.decision.decision_id.text
            if element.called is not None and _fixed(element.called.binding):
                yield "process", element.called.process_id.text
            if element.task is not None and "template" in element.task.headers:
                yield "letter", element.task.headers["template"].text


def _fixed(binding: dialect.Binding) -> bool:
    return binding.type is dialect.BindingType.DEPLOYMENT
