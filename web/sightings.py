"""Views of sensitive data, logged before the page leaves; the only thing a GET writes."""

from flask import Flask, g
from flask.wrappers import Response

from engine.queries import access
from web import edge
from web.access import visitor

PROVIDER = "provider"
"""Stands for the reader of a provider link in the access log."""


def seen(instance_id: int, what: str) -> None:
    """Notes that this response shows `what` of the case."""
    g.setdefault("sightings", []).append((instance_id, what))


def install(app: Flask) -> None:
    """Writes the notes after each request that succeeded, before its response is sent."""
    app.after_request(_write)


def _write(response: Response) -> Response:
    noted: list[tuple[int, str]] = g.get("sightings", [])
    if not noted or response.status_code >= 400:
        return response
    person = visitor()
    user_id = PROVIDER if person is None else person.id
    with edge.writing() as connection:
        for instance_id, what in noted:
            access.record(connection, user_id=user_id, instance_id=instance_id, what=what, at=edge.now())
    return response
