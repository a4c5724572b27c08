"""The loop never dies of an error; only handlers that hang end it, so that it is started anew."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from smallmodels import begin, deploy, job, process, timer
from sqlalchemy import text

from engine.clock import now
from engine.simulation import Driver
from engine.worker import StuckError, Worker, doing, limiting
from engine.worker.handlers import Outcome, Tools
from tests.engine.conftest import THURSDAY

pytestmark = pytest.mark.database

MINUTE = timedelta(minutes=1)


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def thread(tools: Tools) -> Iterator[threading.Thread]:
    """A worker that runs while the test does."""
    stop = threading.Event()
    thread = threading.Thread(target=Worker(tools, now).run, args=[stop])
    thread.start()
    yield thread
    stop.set()
    thread.join()


def _execute(tools: Tools, statement: str) -> None:
    with tools.database.begin() as connection:
        connection.execute(text(statement))


def test_a_worker_outlives_a_database_that_refuses_everything_for_a_while(
    tools: Tools, driver: Driver, thread: threading.Thread, caplog: pytest.LogCaptureFixture
) -> None:
    deploy(tools, process("waits", [timer(after="PT1S")]))
    _execute(tools, "ALTER TABLE timer RENAME TO elsewhere")
    until(lambda: "this look failed" in caplog.text)
    assert thread.is_alive()
    _execute(tools, "ALTER TABLE elsewhere RENAME TO timer")
    case = begin(tools, "waits", now() - MINUTE)
    until(lambda: driver.state(case) == "completed")


def test_a_worker_goes_on_when_its_connections_were_cut(
    tools: Tools, driver: Driver, thread: threading.Thread
) -> None:
    deploy(tools, process("waits", [timer(after="PT1S")]))
    for _ in range(3):
        with tools.database.begin() as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            connection.execute(text(others + " AND datname = current_database()"))
        time.sleep(0.2)
    case = begin(tools, "waits", now() - MINUTE)
    until(lambda: driver.state(case) == "completed")
    assert thread.is_alive()


def test_a_worker_whose_handlers_hang_says_so_and_ends_after_the_longest_time_limit(
    tools: Tools, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(doing, "LONGEST", timedelta(seconds=0.3))
    deploy(tools, process("works", [job(timeLimit="PT0.01S")]), process("waits", [timer(after="PT1S")]))
    for _ in range(limiting.MOST_HANGING + 1):
        begin(tools, "works")
    over = threading.Event()

    def hang(*_: object) -> Outcome:
        over.wait(20)
        return Outcome()

    worker = Worker(tools, lambda: THURSDAY, handlers={"work": hang})
    with pytest.raises(StuckError, match="8 handlers hang"):
        worker.run(threading.Event())
    assert worker.hanging == limiting.MOST_HANGING
    assert "8 handlers hang; no job is begun" in caplog.text
    assert any(record.levelno == logging.ERROR for record in caplog.records)
    over.set()
    until(lambda: worker.hanging == 0)
