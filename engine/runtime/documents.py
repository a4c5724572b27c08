"""Files of a case: uploaded or made from letters; every version of a name is kept."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from engine.db.tables import Document
from engine.history import Event, EventKind
from engine.runtime.errors import DocumentTooLargeError
from engine.runtime.records import record
from engine.runtime.store import lock

LARGEST_DOCUMENT = 25 * 2**20
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A document's number and version."""

    id: int
    version: int


def store(
    connection: Connection,
    *,
    instance_id: int,
    name: str,
    media_type: str,
    content: bytes,
    by: str,
    at: datetime,
) -> Stored:
    """Keep a file as the next version of `name` on a case. Raises `DocumentTooLargeError`."""
    if len(content) > LARGEST_DOCUMENT:
        raise DocumentTooLargeError(name, LARGEST_DOCUMENT)
    lock(connection, instance_id)
    newest = select(func.coalesce(func.max(Document.version), 0)).where(
        Document.instance_id == instance_id, Document.name == name
    )
    version = connection.execute(newest).scalar_one() + 1
    digest = hashlib.sha256(content)
    document_id = connection.execute(
        insert(Document)
        .values(
            instance_id=instance_id,
            name=name,
            version=version,
            media_type=media_type,
            content=content,
            sha256=digest.digest(),
            created_at=at,
            created_by=by,
        )
        .returning(Document.id)
    ).scalar_one()
    fields = {"document": document_id, "version": version, "sha256": digest.hexdigest()}
    event = Event(kind=EventKind.DOCUMENT_STORED, element=None, fields=fields, personal={"name": name})
    record(connection, instance_id, [event], actor=by, at=at)
    return Stored(document_id, version)
