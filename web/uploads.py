"""Files sent with a form: named while it is checked, stored as documents once all is well."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import request
from sqlalchemy import Connection
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from engine import feel
from engine.runtime import documents

UNNAMED = "document"

Sent = Mapping[str, Sequence[FileStorage]]
"""Files by the HTML name of the field they were chosen in."""


def names(sent: Sent) -> dict[str, list[feel.Value]]:
    """The names under which the files will be stored, by field."""
    return {field: [name_of(file) for file in files] for field, files in sent.items()}


def store(connection: Connection, sent: Sent, *, instance_id: int, by: str, at: datetime) -> None:
    """Stores every file. Raises DocumentTooLargeError."""
    for files in sent.values():
        for file in files:
            store_one(connection, file, instance_id=instance_id, by=by, at=at)


def store_one(connection: Connection, file: FileStorage, *, instance_id: int, by: str, at: datetime) -> int:
    """Stores one file; its number. Raises DocumentTooLargeError."""
    stored = documents.store(
        connection,
        instance_id=instance_id,
        name=name_of(file),
        media_type=file.mimetype or "application/octet-stream",
        content=file.read(),
        by=by,
        at=at,
    )
    return stored.id


def chosen(field: str) -> FileStorage | None:
    """The file of a field, if one was chosen."""
    file = request.files.get(field)
    return file if file is not None and file.filename else None


def name_of(file: FileStorage) -> str:
    """The file's name without folders or characters that a system could misread."""
    return secure_filename(file.filename or "") or UNNAMED
