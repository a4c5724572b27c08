"""A form that makes something new makes it once, however often it is sent.

Its page carries a number of its own. Who presses the button twice, or sends again after a connection was
lost, is led to what the first sending made. Other answers on the same page are another sending.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from engine.runtime import sent_forms
from web import edge
from web.access import me

PAGE = "_page"
"""The hidden field with the number of the page."""


class AlreadySentError(Exception):
    """The same was sent before, and done."""

    def __init__(self, leads_to: str) -> None:
        super().__init__(leads_to)
        self.leads_to = leads_to


@dataclass(frozen=True, slots=True)
class Sending:
    """A form that is carried out in the transaction of `connection`."""

    connection: Connection
    key: bytes

    def made(self, endpoint: str, **values: Any) -> None:
        """Notes the page of what was made."""
        sent_forms.lead(self.connection, self.key, url_for(endpoint, **values))


def install(app: Flask) -> None:
    """Leads on whoever sends again; `new_page` is the number of a page for its form."""
    app.register_error_handler(AlreadySentError, _lead_on)
    app.jinja_env.globals["new_page"] = lambda: secrets.token_urlsafe(16)


def first(connection: Connection) -> Sending:
    """The request as the first of its kind; who sends the same meanwhile waits for its end.

    Raises AlreadySentError.
    """
    key = _key()
    leads_to = sent_forms.begin(connection, key, at=edge.now())
    if leads_to is not None:
        raise AlreadySentError(leads_to)
    return Sending(connection, key)


def _key() -> bytes:
    """What tells this sending from others: person, page and answers."""
    if not request.form.get(PAGE):
        abort(400)
    told = sha256()
    answers = [(name, text.encode()) for name, text in request.form.items(multi=True) if name != "csrf_token"]
    for name, file in request.files.items(multi=True):
        answers.append((name, (file.filename or "").encode()))
        answers.append((name, file.stream.read()))
        file.stream.seek(0)
    for name, content in (("", me().id.encode()), ("", request.path.encode()), *answers):
        told.update(sha256(name.encode()).digest() + sha256(content).digest())
    return told.digest()


def _lead_on(error: AlreadySentError) -> ResponseReturnValue:
    flash("You had sent this already, and it was done once. To do it again, open the page anew")
    return redirect(error.leads_to, code=303)
