"""The deployed register of rules, read once for each state of its files."""

from sqlalchemy import Connection

from engine.check import FileKind
from engine.guidance import Register, read_register
from engine.queries import models

_read: dict[tuple[bytes, ...], Register] = {}
"""By the digests of the files: the newest state only, as reading a thousand rules takes a while."""


def register(connection: Connection) -> Register:
    """The register of the newest deployment. Raises RegisterError, which its check should have."""
    files = connection.execute(models.newest_files_of_kind(FileKind.GUIDANCE)).all()
    key = tuple(bytes(file.sha256) for file in files)
    found = _read.get(key)
    if found is None:
        contents = {file.name: _content(connection, file.id) for file in files}
        found = read_register(contents)
        _read.clear()
        _read[key] = found
    return found


def _content(connection: Connection, resource_id: int) -> bytes:
    return bytes(connection.execute(models.resource(resource_id)).one().content)
