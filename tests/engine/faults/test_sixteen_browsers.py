"""One task, completed in sixteen browsers at once, by the pages of a real web server."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faultload
import pytest
from peers import free_port
from sqlalchemy import func, select

from engine.db.tables import History
from tests.engine.faults.clients import DONE, TASK, Browser, answers
from tests.engine.faults.deployment import OwnPostgres, is_alive, settings_for, until
from tests.engine.faults.forked import ForkedPart

BROWSERS = 16


@pytest.mark.timeout(300)
def test_sixteen_browsers_complete_a_task_once_and_the_others_are_told(
    furnished: OwnPostgres, tmp_path: Path
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    mail = f"folder:{tmp_path / 'mail'}"
    tools = faultload.tools_for(furnished.url, mail)
    faultload.start_case(tools)
    web = ForkedPart(
        ["sccif", "web", "--port", str(port)],
        settings_for(furnished.url, mail, address),
        tmp_path / "web.log",
    )
    together = threading.Barrier(BROWSERS)
    try:
        until(lambda: is_alive(address))
        browsers = [Browser(address) for _ in range(BROWSERS)]
        for browser in browsers:
            browser.sign_in("ivy")
        (task,) = dict.fromkeys(TASK.findall(browsers[0].get("/tasks")))

        def complete(browser: Browser) -> tuple[int, bool]:
            page = browser.get(task)
            together.wait(timeout=60)
            status, answer = browser.post(f"{task}/complete", page, answers("ivy"))
            return status, "This task is already complete" in answer

        with ThreadPoolExecutor(BROWSERS) as pool:
            told = Counter(pool.map(complete, browsers))
    finally:
        web.kill()
    assert told == {(DONE, False): 1, (409, True): BROWSERS - 1}
    with tools.database.read() as connection:
        done = select(func.count()).where(History.kind == "task completed")
        assert connection.execute(done).scalar_one() == 1
    tools.database.dispose()
