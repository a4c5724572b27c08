"""Documents as files: never shown in the page, named so that a computer knows how to open them."""

import mimetypes
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from flask import send_file
from flask.wrappers import Response


def download(document: Any) -> Response:
    """The content of a `document` row."""
    return send_file(
        BytesIO(document.content),
        mimetype=document.media_type,
        as_attachment=True,
        download_name=file_name(document.name, document.media_type),
    )


def file_name(name: str, media_type: str) -> str:
    """The document's name, with the ending of its kind where it has none."""
    if PurePosixPath(name).suffix:
        return name
    return name + (mimetypes.guess_extension(media_type) or "")
