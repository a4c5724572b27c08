"""The versions of one process, decision or form, and the file that stands for it now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.check import FileKind
from engine.queries import models
from engine.queries.statement import Statement
from engine.runtime.errors import NotFoundError
from web.presenters import models as rows


@dataclass(frozen=True, slots=True)
class Kind:
    """A shelf of the library: how its versions are found and which kind of file they stand in."""

    statement: Callable[[], Statement]
    file: FileKind


KINDS: Mapping[str, Kind] = {
    "processes": Kind(models.processes, FileKind.BPMN),
    "decisions": Kind(models.decisions, FileKind.DMN),
    "forms": Kind(models.forms, FileKind.FORM),
}


@dataclass(frozen=True, slots=True)
class Versions:
    """One version among all of the same thing, which are in order, the newest first."""

    this: rows.Version
    all: tuple[rows.Version, ...]

    @property
    def newest(self) -> rows.Version:
        return self.all[0]

    @property
    def before(self) -> rows.Version | None:
        """The version that this one took over from; None for the first."""
        return next((each for each in self.all if each.version < self.this.version), None)


def versions(connection: Connection, kind: str, definition_id: int) -> Versions:
    """The version with this number and its like. Raises NotFoundError."""
    found = [rows.version(row) for row in connection.execute(KINDS[kind].statement()).mappings()]
    this = next((each for each in found if each.id == definition_id), None)
    if this is None:
        raise NotFoundError("deployed version with this number")
    return Versions(this, tuple(each for each in found if each.key == this.key))


def file(connection: Connection, resource_id: int) -> Any:
    """A deployed file. Raises NotFoundError."""
    found = connection.execute(models.resource(resource_id)).first()
    if found is None:
        raise NotFoundError("deployed file with this number")
    return found


def newest_file(connection: Connection, name: str) -> Any:
    """The file that is deployed under this name now. Raises NotFoundError."""
    found = connection.execute(models.newest_file(name)).first()
    if found is None:
        raise NotFoundError("deployed file with this name")
    return found
