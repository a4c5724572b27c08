"""How a version differs from the one before it, or an edited file from a deployed one."""

from dataclasses import dataclass

from sqlalchemy import Connection

from engine import check
from web.models import versions
from web.models.versions import KINDS, Versions
from web.presenters.changes import Difference, differences
from web.presenters.models import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """The differences to an older version; `same_file` when only files that it uses have changed."""

    version: Version
    same_file: bool
    differences: tuple[Difference, ...]


def since_before(connection: Connection, kind: str, found: Versions) -> Since | None:
    """What a version brought; None for the first one."""
    if found.before is None:
        return None
    return Since(
        version=found.before,
        same_file=found.before.resource_id == found.this.resource_id,
        differences=differences(changes(connection, kind, found)),
    )


def changes(connection: Connection, kind: str, found: Versions) -> tuple[check.Change, ...]:
    """The same as the checks tell it; nothing for a first version."""
    if found.before is None or found.before.resource_id == found.this.resource_id:
        return ()
    before = versions.file(connection, found.before.resource_id).content
    after = versions.file(connection, found.this.resource_id).content
    return check.compare(KINDS[kind].file, bytes(before), bytes(after))


def between(kind: str, before: bytes, after: bytes) -> tuple[Difference, ...] | None:
    """The differences of two files; None where one cannot be read."""
    try:
        return differences(check.compare(KINDS[kind].file, before, after))
    except check.IncomparableError:
        return None
