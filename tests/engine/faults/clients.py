"""People at their browsers, who do whatever task they see and try again when a page does not come."""

import http.client
import http.cookiejar
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from typing import NamedTuple

from engine.clock import london_date, now
from tests.engine.faults.deployment import PASSWORD

TASK = re.compile(r'href="(/tasks/\d+)"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
NOT_THERE = (OSError, http.client.HTTPException, ValueError)


DONE = 303
"""How the pages answer a form that they took: they lead on."""


class Answer(NamedTuple):
    """The answer to a form: its status, and the page where it is one."""

    status: int
    page: str


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *given: object) -> None:
        """Where a form leads to is not looked at."""


class Browser:
    """A browser with cookies of its own."""

    def __init__(self, address: str) -> None:
        self._address = address
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies, _Stays)

    def sign_in(self, user_id: str) -> None:
        """Raises one of `NOT_THERE`."""
        page = self.get("/sign-in")
        status, _ = self.post("/sign-in", page, {"user": user_id, "password": PASSWORD})
        if status != DONE:
            raise ValueError(f"signing in was answered with {status}")

    def get(self, path: str) -> str:
        """A page. Raises one of `NOT_THERE`."""
        with self._opener.open(self._address + path, timeout=10) as answer:
            text: str = answer.read().decode()
        return text

    def post(self, path: str, page: str, fields: dict[str, str]) -> Answer:
        """Send the form of a page. Raises one of `NOT_THERE`."""
        token = TOKEN.search(page)
        if token is None:
            raise ValueError(f"no form on the page before {path}")
        sent = urllib.parse.urlencode({"csrf_token": token[1], **fields}).encode()
        try:
            with self._opener.open(self._address + path, sent, timeout=10) as answer:
                return Answer(answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode())


def answers(user_id: str) -> dict[str, str]:
    """What a person fills in, whatever the form asks."""
    day = london_date(now())
    return {
        "visited_on-day": str(day.day),
        "visited_on-month": str(day.month),
        "visited_on-year": str(day.year),
        "note": f"by {user_id}",
    }


class Person(threading.Thread):
    """Somebody signed in who completes every task that is offered, until told to go home."""

    def __init__(self, user_id: str, address: str) -> None:
        super().__init__(name=user_id, daemon=True)
        self._user_id, self._browser = user_id, Browser(address)
        self._home = threading.Event()
        self._signed_in = False
        self.completed = 0

    def run(self) -> None:
        while not self._home.is_set():
            try:
                self._round()
            except NOT_THERE:
                self._home.wait(0.1)

    def go_home(self) -> None:
        self._home.set()
        self.join()

    def _round(self) -> None:
        if not self._signed_in:
            self._browser.sign_in(self._user_id)
            self._signed_in = True
        seen = dict.fromkeys(TASK.findall(self._browser.get("/tasks") + self._browser.get("/tasks/team")))
        for task in seen:
            if self._home.is_set():
                return
            self._do(task)
        self._home.wait(0.05)

    def _do(self, task: str) -> None:
        page = self._browser.get(task)
        if f"{task}/claim" in page:
            self._browser.post(f"{task}/claim", page, {})
            page = self._browser.get(task)
        status, _ = self._browser.post(f"{task}/complete", page, answers(self._user_id))
        if status == DONE:
            self.completed += 1
        elif status not in (403, 404, 409):  # somebody was faster
            raise ValueError(f"{task} was answered with {status}")
