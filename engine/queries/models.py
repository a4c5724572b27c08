"""The library: processes, decisions and forms, their versions, and the cases that run on them."""

from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql

from engine.db.tables import (
    DecisionDefinition,
    Deployment,
    DeploymentResource,
    FormDefinition,
    ProcessDefinition,
    Resource,
    Token,
    UserTask,
    UserTaskState,
)
from engine.queries.statement import Statement


def processes() -> Statement:
    """Every version of every process with the cases that are in it, the newest version of each first."""
    running = (
        select(func.count(func.distinct(Token.instance_id)))
        .where(Token.definition_id == ProcessDefinition.id)
        .scalar_subquery()
    )
    return _versions(ProcessDefinition, ProcessDefinition.process_id, ProcessDefinition.name, running)


def newest_processes() -> Statement:
    """The newest version of every process, by its id."""
    return (
        select(ProcessDefinition.id, ProcessDefinition.process_id, ProcessDefinition.name)
        .ext(postgresql.distinct_on(ProcessDefinition.process_id))
        .order_by(ProcessDefinition.process_id, ProcessDefinition.version.desc())
    )


def decisions() -> Statement:
    """Every version of every decision, the newest version of each first."""
    return _versions(DecisionDefinition, DecisionDefinition.decision_id, DecisionDefinition.name, None)


def forms() -> Statement:
    """Every version of every form with the open tasks that show it, the newest version of each first."""
    showing = (
        select(func.count())
        .where(
            UserTask.form_definition_id == FormDefinition.id,
            UserTask.state.in_([UserTaskState.OPEN, UserTaskState.CLAIMED]),
        )
        .scalar_subquery()
    )
    return _versions(FormDefinition, FormDefinition.form_id, FormDefinition.form_id, showing)


def resource(resource_id: int) -> Statement:
    """A deployed file."""
    return select(Resource.id, Resource.kind, Resource.name, Resource.content).where(
        Resource.id == resource_id
    )


def process_file(definition_id: int) -> Statement:
    """The BPMN file of a version of a process."""
    return (
        select(Resource.content)
        .join(ProcessDefinition, ProcessDefinition.resource_id == Resource.id)
        .where(ProcessDefinition.id == definition_id)
    )


def newest_files_of_kind(kind: str) -> Statement:
    """The files of one kind in the newest deployment: their digests, to tell whether they are known."""
    newest = select(func.max(Deployment.id)).scalar_subquery()
    return (
        select(Resource.id, Resource.name, Resource.sha256)
        .join(DeploymentResource, DeploymentResource.resource_id == Resource.id)
        .where(DeploymentResource.deployment_id == newest, Resource.kind == kind)
        .order_by(Resource.name)
    )


def newest_files() -> Statement:
    """The names of the files of the newest deployment."""
    newest = select(func.max(Deployment.id)).scalar_subquery()
    return (
        select(Resource.name)
        .join(DeploymentResource, DeploymentResource.resource_id == Resource.id)
        .where(DeploymentResource.deployment_id == newest)
        .order_by(Resource.name)
    )


def newest_file(name: str) -> Statement:
    """The file of this name in the newest deployment."""
    newest = select(func.max(Deployment.id)).scalar_subquery()
    return (
        select(Resource.id, Resource.kind, Resource.name, Resource.content)
        .join(DeploymentResource, DeploymentResource.resource_id == Resource.id)
        .where(DeploymentResource.deployment_id == newest, Resource.name == name)
    )


def newest_contents_of_kind(kind: str) -> Statement:
    """The files of one kind in the newest deployment, whole."""
    newest = select(func.max(Deployment.id)).scalar_subquery()
    return (
        select(Resource.name, Resource.content)
        .join(DeploymentResource, DeploymentResource.resource_id == Resource.id)
        .where(DeploymentResource.deployment_id == newest, Resource.kind == kind)
        .order_by(Resource.name)
    )


@cache
def newest_deployment_with(file: str) -> Statement:
    """The newest deployment in which the file stands; asked at most requests, so put together once."""
    return (
        select(DeploymentResource.deployment_id)
        .join(Resource, Resource.id == DeploymentResource.resource_id)
        .where(Resource.name == file)
        .order_by(DeploymentResource.deployment_id.desc())
        .limit(1)
    )


def _versions(table: Any, key: Any, name: Any, in_use: Any) -> Statement:
    uses = [] if in_use is None else [in_use.label("in_use")]
    return (
        select(
            table.id,
            key.label("key"),
            name.label("name"),
            table.version,
            table.version_tag,
            table.resource_id,
            table.deployed_at,
            Deployment.by.label("deployed_by"),
            Deployment.note,
            Resource.name.label("file"),
            *uses,
        )
        .join(Deployment, Deployment.id == table.deployment_id)
        .join(Resource, Resource.id == table.resource_id)
        .order_by(key, table.version.desc(), table.id)
    )
