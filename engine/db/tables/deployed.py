"""What is deployed: files, and the versions of processes, decisions and forms."""

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.db.tables.base import Base


class Deployment(Base):
    """One act of deploying a set of files together."""

    __tablename__ = "deployment"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")


class Resource(Base):
    """A deployed file, byte for byte; one row a content."""

    __tablename__ = "resource"
    __table_args__ = (UniqueConstraint("name", "sha256"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str]  # bpmn, dmn, form, groups, letter, guidance
    name: Mapped[str]  # path inside the models folder
    content: Mapped[bytes]
    sha256: Mapped[bytes]


class DeploymentResource(Base):
    """Which files stood together when a deployment was made: what binding "deployment" means."""

    __tablename__ = "deployment_resource"

    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), primary_key=True)


class ProcessDefinition(Base):
    """A version of a process; a running instance keeps the version it started with."""

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("process_id", "version"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    process_id: Mapped[str]
    version: Mapped[int]
    version_tag: Mapped[str | None]
    name: Mapped[str]
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), index=True)
    closure_sha256: Mapped[bytes]  # of its file and of every file it is bound to
    deployed_at: Mapped[datetime]


class StartEvent(Base):
    """A message or signal that starts a version of a process; only the newest version is started."""

    __tablename__ = "start_event"
    __table_args__ = (Index("ix_start_event_name", "kind", "name"),)

    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"), primary_key=True)
    element: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]  # message, signal
    name: Mapped[str]


class DecisionDefinition(Base):
    """A version of a decision; `resource_id` holds the whole DMN file it stands in."""

    __tablename__ = "decision_definition"
    __table_args__ = (UniqueConstraint("decision_id", "version"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    decision_id: Mapped[str]
    version: Mapped[int]
    version_tag: Mapped[str | None]
    name: Mapped[str]
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), index=True)
    deployed_at: Mapped[datetime]


class FormDefinition(Base):
    """A version of a form; an open task keeps the version it was created with."""

    __tablename__ = "form_definition"
    __table_args__ = (UniqueConstraint("form_id", "version"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    form_id: Mapped[str]
    version: Mapped[int]
    version_tag: Mapped[str | None]
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), index=True)
    deployed_at: Mapped[datetime]
