"""The web pages' own time: a signed-in person opens a task and sends its form, with session and CSRF token.

What is timed is the application, from the request's headers to the end of its answer, without the network
between browser and server and without the server that passes requests on.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.test import Client

from benchmarks import models, ours
from benchmarks.place import AT, Place
from benchmarks.rounds import Times
from engine.queries.people import HeldRole
from web.app import create_app
from web.auth import accounts
from web.settings import Settings

PASSWORD = "correct horse battery"
ROLES = [HeldRole("inspector", "", ""), HeldRole("manager", "Team 1", "")]
_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


class _Timed:
    """The application as a server sees it; `took` is what the last request took, in seconds."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self.took = 0.0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        began = perf_counter()
        answer = self._application(environ, start_response)
        try:
            return list(answer)
        finally:
            getattr(answer, "close", lambda: None)()
            self.took = perf_counter() - began


class _Person:
    """Somebody signed in, at a browser."""

    def __init__(self, place: Place) -> None:
        settings = Settings(secret_key=secrets.token_hex(32), secure_cookies=False, clock=lambda: AT)
        with place.database.begin() as connection:
            accounts.add(
                connection, user_id="ivy", name="Ivy Inspector", email="ivy@example.org", password=PASSWORD,
                roles=ROLES, at=AT,
            )  # fmt: skip
        self._timed = _Timed(create_app(place.database, place.library, settings))
        self._client = Client(self._timed)
        self.page = ""
        self.get("/sign-in")
        self.post("/sign-in", user="ivy", password=PASSWORD)

    def get(self, path: str) -> float:
        """Open a page; the seconds it took."""
        answer = self._client.get(path)
        self.page = answer.get_data(as_text=True)
        if answer.status_code != 200:
            raise RuntimeError(f"GET {path} was answered with {answer.status}")
        return self._timed.took

    def post(self, path: str, **fields: str) -> float:
        """Send a form with the token of the last page; the seconds it took."""
        token = _TOKEN.search(self.page)
        if token is None:
            raise RuntimeError(f"The page before {path} has no form")
        answer = self._client.post(path, data={"csrf_token": token[1], **fields})
        if answer.status_code not in (302, 303):
            raise RuntimeError(f"POST {path} was answered with {answer.status}")
        return self._timed.took


def measure(place: Place, *, cases: int, rounds: int = 3) -> dict[str, Any]:
    """Opening a task's page and completing the task there: `cases` cases of ten tasks a round."""
    person = _Person(place)
    _ten(place, person, [])
    place.library.settle()  # as the server does after a request
    posts, pages = [], []
    for _ in range(rounds):
        opened: list[float] = []
        posts.append(tuple(each for _ in range(cases) for each in _ten(place, person, opened)))
        pages.append(tuple(opened))
    return {"complete_post": Times(tuple(posts)).as_json(), "task_page": Times(tuple(pages)).as_json()}


def _ten(place: Place, person: _Person, opened: list[float]) -> list[float]:
    case, _ = ours.start(place, 10)
    sent = []
    for number in range(1, 11):
        task = f"/tasks/{ours.open_task(place, case)[0]}"
        person.get(task)
        person.post(f"{task}/claim")
        opened.append(person.get(task))
        sent.append(person.post(f"{task}/complete", **{models.variable(number): str(ours.AMOUNT)}))
    return sent
