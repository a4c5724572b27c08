"""People at their browsers, who do whatever task they see and try again when a page does not come."""

import http.client
import http.cookiejar
import re
import threading
import urllib.error
import urllib.parse
import urllib.request

from engine.clock import london_date, now
from tests.engine.faults.deployment import PASSWORD

TASK = re.compile(r'href="(/tasks/\d+)"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
NOT_THERE = (OSError, http.client.HTTPException, ValueError)


class Person(threading.Thread):
    """Somebody signed in who completes every task that is offered, until told to go home."""

    def __init__(self, user_id: str, address: str) -> None:
        super().__init__(name=user_id, daemon=True)
        self._user_id, self._address = user_id, address
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies)
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
            page = self._get("/sign-in")
            self._post("/sign-in", page, {"user": self._user_id, "password": PASSWORD})
            self._signed_in = True
        seen = dict.fromkeys(TASK.findall(self._get("/tasks") + self._get("/tasks/team")))
        for task in seen:
            if self._home.is_set():
                return
            self._do(task)
        self._home.wait(0.05)

    def _do(self, task: str) -> None:
        page = self._get(task)
        if f"{task}/claim" in page:
            self._post(f"{task}/claim", page, {})
            page = self._get(task)
        day = london_date(now())
        answers = {
            "visited_on-day": str(day.day),
            "visited_on-month": str(day.month),
            "visited_on-year": str(day.year),
            "note": f"by {self._user_id}",
        }
        self._post(f"{task}/complete", page, answers)
        self.completed += 1

    def _get(self, path: str) -> str:
        with self._opener.open(self._address + path, timeout=10) as answer:
            text: str = answer.read().decode()
        return text

    def _post(self, path: str, page: str, fields: dict[str, str]) -> None:
        token = TOKEN.search(page)
        if token is None:
            raise ValueError(f"no form on the page before {path}")
        sent = urllib.parse.urlencode({"csrf_token": token[1], **fields}).encode()
        try:
            self._opener.open(self._address + path, sent, timeout=10).close()
        except urllib.error.HTTPError as error:
            if error.code not in (403, 404, 409):  # somebody was faster
                raise
