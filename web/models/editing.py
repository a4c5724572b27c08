"""A model in its editor: what is loaded, what was sent back, and what stands against deploying it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Connection
from werkzeug.exceptions import BadRequest

from engine import check
from engine.check import FileKind, Severity
from engine.queries import models
from engine.runtime import deployments
from engine.runtime.errors import RefusedCommandError
from web import edge
from web.access import me
from web.models import differing, reading, uploading, versions
from web.presenters import models as rows
from web.presenters.changes import Difference

DEPLOY = "deploy"


class NotEditableError(RefusedCommandError):
    """The deployed file is not in the encoding that the editors read and write."""

    def __init__(self, file: str) -> None:
        super().__init__(
            f"{file} is not written in UTF-8, which the editor here needs.",
            "Download it, save it in Camunda Modeler, and upload it.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What the editor sent: the model's text, the stored file it was made from, and why it changes."""

    text: str
    base: int
    note: str
    deploying: bool

    @property
    def content(self) -> bytes:
        return self.text.encode(errors="replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A version that someone deployed meanwhile; None where a file cannot be compared."""

    version: rows.Version
    resource_id: int
    theirs: tuple[Difference, ...] | None
    mine: tuple[Difference, ...] | None

    @property
    def both(self) -> frozenset[str]:
        """What was changed on both sides."""
        return frozenset(each.id for each in self.theirs or ()) & {each.id for each in self.mine or ()}


def sent() -> Sent:
    """The request's form. Raises BadRequest when it is not what the editor sends."""
    numbers = [request.form.get(name, "") for name in ("over", "base")]
    base = next((number for number in numbers if number), "")
    if not base.isdecimal() or len(base) > 18 or "edited" not in request.form:
        raise BadRequest
    return Sent(
        text=request.form["edited"].replace("\r\n", "\n"),  # browsers send every line's end so
        base=int(base),
        note=uploading.note(),
        deploying=request.form.get("_action") == DEPLOY,
    )


def wrong(sent: Sent) -> dict[str, str]:
    """What must be put right before anything is checked or deployed, by field."""
    if len(sent.content) > uploading.LARGEST_TOGETHER:
        return {"editor": f"The file must be {uploading.LARGEST_TOGETHER // 2**20} MB or smaller"}
    if sent.deploying and not sent.note:
        return {"note": uploading.NO_NOTE}
    return {}


def opened(connection: Connection, kind: str, definition_id: int) -> dict[str, Any]:
    """The page of the file as it is deployed now."""
    version = versions.versions(connection, kind, definition_id).newest
    newest = versions.newest_file(connection, version.file)
    return _page(connection, kind, version) | {
        "text": _text(newest),
        "base": newest.id,
        "changed": False,
    }


def reopened(connection: Connection, kind: str, definition_id: int, sent: Sent) -> dict[str, Any]:
    """The page with what was sent, the findings on it, and what someone else deployed meanwhile."""
    found = versions.versions(connection, kind, definition_id)
    newest = versions.newest_file(connection, found.newest.file)
    page = _page(connection, kind, found.newest) | {
        "text": sent.text,
        "base": sent.base,
        "note": sent.note,
        "changed": sent.content != newest.content,
        "conflict": _conflict(connection, kind, found, newest, sent),
    }
    if "editor" in wrong(sent):
        return page
    return page | _findings(connection, newest.name, sent)


def deploy(connection: Connection, kind: str, definition_id: int, sent: Sent) -> deployments.Deployed | None:
    """Deploys what was sent. Raises RefusedError and OutdatedError."""
    file = versions.versions(connection, kind, definition_id).newest.file
    return deployments.deploy(
        connection,
        files={file: sent.content},
        by=me().id,
        at=edge.now(),
        note=sent.note,
        based_on={file: sent.base},
    )


def templates(connection: Connection) -> tuple[list[Any], list[str]]:
    """The element templates deployed, and the files among them that cannot be read."""
    found: list[Any] = []
    unreadable = []
    for name, content in connection.execute(models.newest_contents_of_kind(FileKind.TEMPLATE)):
        try:
            read = json.loads(content)
        except ValueError:
            unreadable.append(name)
            continue
        found += read if isinstance(read, list) else [read]
    return found, unreadable


def _page(connection: Connection, kind: str, version: rows.Version) -> dict[str, Any]:
    unreadable = templates(connection)[1] if kind == "processes" else []
    page = {"kind": kind, "shown": reading.SHOWN[kind], "version": version, "note": ""}
    return page | {"conflict": None, "unreadable": unreadable}


def _text(newest: Any) -> str:
    try:
        return bytes(newest.content).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotEditableError(newest.name) from error


def _findings(connection: Connection, file: str, sent: Sent) -> dict[str, Any]:
    found = deployments.check_with_deployed(connection, {file: sent.content})
    return {
        "checked": True,
        "blocked": any(each.severity is Severity.ERROR for each in found),
        "findings": _rows(each for each in found if each.file == file),
        "elsewhere": _rows(each for each in found if each.file != file),
    }


def _rows(found: Iterable[check.Finding]) -> list[rows.FindingRow]:
    return [rows.finding(each) for each in found]


def _conflict(
    connection: Connection, kind: str, found: versions.Versions, newest: Any, sent: Sent
) -> Conflict | None:
    if sent.base == newest.id:
        return None
    base = bytes(versions.file(connection, sent.base).content)
    theirs = [each for each in found.all if each.resource_id == newest.id]
    return Conflict(
        version=theirs[-1] if theirs else found.newest,
        resource_id=newest.id,
        theirs=differing.between(kind, base, bytes(newest.content)),
        mine=differing.between(kind, base, sent.content),
    )
