"""What a job did is out in the world: its outcome is recorded once it can be, and else stops for a person."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from smallmodels import begin, deploy, job, process, refuse_tasks, take_tasks, task
from sqlalchemy import Connection, make_url, select, text

from engine.db import Database, database
from engine.db.tables import Incident
from engine.runtime import jobs, operator
from engine.runtime.user_tasks import Actor, Role
from engine.simulation import Driver
from engine.worker import Worker
from engine.worker.handlers import Handler, Outcome, Tools
from tests.engine.conftest import THURSDAY

pytestmark = pytest.mark.database

MINUTE = timedelta(minutes=1)
ADA = Actor("ada", (Role("administrator"),))


class Effects:
    """A handler that counts how often it was called, and gives an outcome."""

    def __init__(self, outcome: Callable[[], Outcome] = Outcome) -> None:
        self.count, self._outcome = 0, outcome

    def __call__(self, *_: object) -> Outcome:
        self.count += 1
        return self._outcome()


def look_for_an_hour(tools: Tools, handler: Handler) -> None:
    worker = Worker(tools, lambda: THURSDAY, handlers={"work": handler})
    for number in range(12):
        worker.work(THURSDAY + number * 6 * MINUTE)


def test_a_done_job_after_which_the_case_cannot_go_on_is_not_done_again_and_says_why(
    tools: Tools, driver: Driver
) -> None:
    deploy(tools, process("works", [job(), task()]))
    case, effects = begin(tools, "works"), Effects()
    refuse_tasks(tools.database, case)
    look_for_an_hour(tools, effects)
    (incident,) = driver.incidents(case)
    assert effects.count == 1
    assert "its outcome cannot be recorded" in incident
    assert "too large for a page" in incident
    take_tasks(tools.database, case)
    with tools.database.begin() as connection:
        number = connection.execute(select(Incident.id)).scalar_one()
        operator.retry_incident(connection, tools.library, incident_id=number, by=ADA, at=THURSDAY)
    look_for_an_hour(tools, effects)
    assert (effects.count, driver.open(case)) == (2, ["Task_Look"])


def _refuse(_: Connection) -> None:
    raise ValueError("the record says why")


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (lambda: Outcome(record=_refuse), "ValueError: the record says why"),
        (lambda: Outcome(result={"answer": "a\0b"}), "holds the character U+0000 (NUL)"),
        (lambda: Outcome(result={"answer": "\ud800"}), "cannot be recorded. UnicodeEncodeError"),
    ],
    ids=["what is written with it", "a null character", "half a character"],
)
def test_an_outcome_that_cannot_be_stored_is_an_incident_with_its_cause_and_no_second_effect(
    outcome: Callable[[], Outcome], said: str, tools: Tools, driver: Driver
) -> None:
    deploy(tools, process("works", [job()]))
    case, effects = begin(tools, "works"), Effects(outcome)
    look_for_an_hour(tools, effects)
    (incident,) = driver.incidents(case)
    assert (said in incident, effects.count) == (True, 1)


def test_an_error_of_a_handler_that_cannot_be_stored_is_told_all_the_same(
    tools: Tools, driver: Driver
) -> None:
    deploy(tools, process("works", [job(retries=1)]))
    case = begin(tools, "works")

    def crash(*_: object) -> Outcome:
        raise ValueError("the peer said \0")

    look_for_an_hour(tools, crash)
    (incident,) = driver.incidents(case)
    assert r"the peer said \u0000" in incident


def test_a_busy_case_is_waited_for(
    tools: Tools, driver: Driver, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setattr(database, "LOCK_TIMEOUT_MS", 50)
    impatient = replace(tools, database=Database(database_url, pool_size=2))
    deploy(tools, process("works", [job()]))
    case, holds = begin(tools, "works"), threading.Event()

    def hold() -> None:
        with tools.database.begin() as connection:
            connection.execute(text("SELECT 1 FROM instance FOR NO KEY UPDATE"))
            holds.set()
            time.sleep(1.2)

    holder = threading.Thread(target=hold)

    def begin_to_hold() -> Outcome:
        holder.start()
        holds.wait()
        return Outcome()

    effects = Effects(begin_to_hold)
    Worker(impatient, lambda: THURSDAY, handlers={"work": effects}).work()
    holder.join()
    impatient.database.dispose()
    assert (driver.state(case), effects.count) == ("completed", 1)


def test_a_database_that_is_away_when_a_job_is_done_is_waited_for(tools: Tools, driver: Driver) -> None:
    deploy(tools, process("works", [job()]))
    case = begin(tools, "works")
    url = make_url(tools.database.url)
    plain = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)

    def shut(*, closed: bool) -> None:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS {not closed}')
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [url.database]
            )

    def lose() -> Outcome:
        shut(closed=True)
        threading.Timer(1.0, lambda: shut(closed=False)).start()
        return Outcome()

    effects = Effects(lose)
    Worker(tools, lambda: THURSDAY, handlers={"work": effects}).work()
    assert (driver.state(case), effects.count) == ("completed", 1)


def test_a_worker_that_is_told_to_stop_does_not_wait_for_a_busy_case(
    tools: Tools, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setattr(database, "LOCK_TIMEOUT_MS", 50)
    impatient = replace(tools, database=Database(database_url, pool_size=2))
    deploy(tools, process("works", [job()]))
    begin(tools, "works")
    stop, called = threading.Event(), threading.Event()

    def work(_: jobs.Leased, __: Tools) -> Outcome:
        called.set()
        stop.wait()
        return Outcome()

    thread = threading.Thread(
        target=Worker(impatient, lambda: THURSDAY, handlers={"work": work}).run, args=[stop]
    )
    thread.start()
    called.wait()
    with tools.database.begin() as connection:
        connection.execute(text("SELECT 1 FROM instance FOR NO KEY UPDATE"))
        stop.set()
        thread.join(5)
        assert not thread.is_alive()
    impatient.database.dispose()
