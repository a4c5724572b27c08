"""One task, completed in sixteen browsers at once, by the pages of a real web server."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faultload
import pytest
from peers import free_port
from sqlalchemy import func, select

from engine.db.tables import History
from engine.worker.handlers import Tools
from tests.engine.faults.clients import DONE, TASK, Browser, answers
from tests.engine.faults.deployment import OwnPostgres, is_alive, settings_for, until
from tests.engine.faults.forked import ForkedPart

BROWSERS = 16
ROUNDS = 12
"""Each with a case of its own: that a page is read while another completes its task is a matter of luck."""


@pytest.fixture
def mail(tmp_path: Path) -> str:
    return f"folder:{tmp_path / 'mail'}"


@pytest.fixture
def tools(furnished: OwnPostgres, mail: str) -> Iterator[Tools]:
    tools = faultload.tools_for(furnished.url, mail)
    yield tools
    tools.database.dispose()


@pytest.fixture
def address(furnished: OwnPostgres, mail: str, tmp_path: Path) -> Iterator[str]:
    """Where a web server of this database answers."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = settings_for(furnished.url, mail, address)
    web = ForkedPart(["sccif", "web", "--port", str(port)], settings, tmp_path / "web.log")
    try:
        until(lambda: is_alive(address))
        yield address
    finally:
        web.kill()


@pytest.mark.timeout(300)
def test_sixteen_browsers_complete_a_task_once_and_the_others_are_told(tools: Tools, address: str) -> None:
    browsers = [Browser(address) for _ in range(BROWSERS)]
    for browser in browsers:
        browser.sign_in("ivy")
    with ThreadPoolExecutor(BROWSERS) as pool:
        for _ in range(ROUNDS):
            faultload.start_case(tools)
            told = _complete_together(pool, browsers)
            assert told == {(DONE, False): 1, (409, True): BROWSERS - 1}
    with tools.database.read() as connection:
        done = select(func.count()).where(History.kind == "task completed")
        assert connection.execute(done).scalar_one() == ROUNDS


def _complete_together(pool: ThreadPoolExecutor, browsers: list[Browser]) -> Counter[tuple[int, bool]]:
    """What the browsers are told that complete the first task of the inbox at the same moment."""
    task = TASK.findall(browsers[0].get("/tasks"))[0]
    together = threading.Barrier(len(browsers))

    def complete(browser: Browser) -> tuple[int, bool]:
        page = browser.get(task)
        together.wait(timeout=60)
        status, answer = browser.post(f"{task}/complete", page, answers("ivy"))
        return status, "This task is already complete" in answer

    return Counter(pool.map(complete, browsers))
