"""Files on their way in: read from the browser, checked, carried through the page to their deployment."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from collections.abc import Mapping
from pathlib import PurePosixPath

from flask import request
from sqlalchemy import Connection
from werkzeug.exceptions import BadRequest

from engine.queries import models
from engine.runtime.deployments import Deployed

MOST_FILES = 50
LARGEST_TOGETHER = 2 * 2**20
"""Bytes: more than any set of models, less than a form field may hold once encoded."""

LONGEST_NOTE = 1000
NO_NOTE = "Enter what changes, and why"

ENDINGS = (".bpmn", ".dmn", ".form", ".yaml", ".md")


def chosen(connection: Connection) -> tuple[dict[str, bytes], str]:
    """The files chosen in the browser by their name in the models folder, or what is wrong with them."""
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        return {}, "Choose at least one file"
    if len(files) > MOST_FILES:
        return {}, f"Choose {MOST_FILES} files or fewer"
    names = deployed_names(connection)
    contents = {_place(file.filename or "", names): file.read() for file in files}
    strange = [name for name in contents if not name.endswith(ENDINGS)]
    if strange:
        return {}, f"{strange[0]} is no model file: choose files ending in {', '.join(ENDINGS)}"
    if sum(map(len, contents.values())) > LARGEST_TOGETHER:
        return {}, f"The files must be {LARGEST_TOGETHER // 2**20} MB or smaller together"
    return contents, ""


def carried() -> dict[str, bytes]:
    """The files that the page of findings carried. Raises BadRequest when they were tampered with."""
    names, encoded = request.form.getlist("name"), request.form.getlist("content")
    if len(names) != len(encoded) or not names:
        raise BadRequest
    try:
        return {name: b64decode(content, validate=True) for name, content in zip(names, encoded, strict=True)}
    except NotBase64Error as error:
        raise BadRequest from error


def note() -> str:
    """What changes and why, as it was typed."""
    return request.form.get("note", "").strip()[:LONGEST_NOTE]


def told(made: Deployed | None) -> str:
    """What a deployment did, in a sentence."""
    if made is None:
        return "Nothing was changed: the files are deployed already"
    new = [*made.processes.items(), *made.decisions.items(), *made.forms.items()]
    return "Deployed" + "".join(
        f"{', ' if number else ': '}{name} version {version}" for number, (name, version) in enumerate(new)
    )


def to_carry(contents: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Names and encoded contents, for hidden fields."""
    return [(name, b64encode(content).decode()) for name, content in contents.items()]


def deployed_names(connection: Connection) -> list[str]:
    """The files of the newest deployment."""
    return list(connection.execute(models.newest_files()).scalars())


def _place(file_name: str, deployed: list[str]) -> str:
    """A browser sends a name without its folder: a file of that name that is deployed is replaced."""
    name = PurePosixPath(file_name.replace("\\", "/")).name
    same = [each for each in deployed if PurePosixPath(each).name == name]
    return same[0] if len(same) == 1 else name
