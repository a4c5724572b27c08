"""What cannot be done in one case is tried, rests and becomes an incident there; everything else goes on."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from smallmodels import begin, deploy, process, refuse_tasks, take_tasks, task, timer
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import TimeoutError

from engine.db import Database
from engine.db.tables import Deadline, Incident, Timer
from engine.queries import health
from engine.runtime import calendars, operator, timers
from engine.runtime.user_tasks import Actor, Role
from engine.simulation import Driver
from engine.worker import Worker, faults
from engine.worker.handlers import HANDLERS, Tools
from tests.engine.conftest import THURSDAY

pytestmark = pytest.mark.database

MINUTE = timedelta(minutes=1)
LATER = THURSDAY + timedelta(hours=3)
ADA = Actor("ada", (Role("administrator"),))


@pytest.fixture
def worker(tools: Tools) -> Worker:
    return Worker(tools, lambda: THURSDAY)


def look_often(worker: Worker, times: int = 4) -> None:
    """Look so often, each time after a rest, that what fails for good is an incident."""
    for number in range(times):
        worker.work(LATER + number * 2 * MINUTE)


def test_a_hundred_timers_that_fail_hold_up_none_behind_them(
    tools: Tools, worker: Worker, driver: Driver
) -> None:
    deploy(tools, process("waits", [timer(), task()]))
    bad, good = begin(tools, "waits"), begin(tools, "waits")
    with tools.database.begin() as connection:  # timers of tokens that are not there
        rows = [
            {
                "instance_id": bad,
                "token_id": 900 + number,
                "key": "k",
                "element": "k",
                "due_at": THURSDAY + MINUTE,
            }
            for number in range(100)
        ]
        connection.execute(insert(Timer), rows)
    worker.work(LATER)
    assert driver.open(good) == ["Task_Look"]


def test_a_hundred_cases_that_others_hold_hold_up_none_behind_them(
    tools: Tools, worker: Worker, driver: Driver
) -> None:
    deploy(tools, process("waits", [timer()]))
    *_, last = [begin(tools, "waits") for _ in range(101)]
    with tools.database.begin() as connection:
        connection.execute(text(f"SELECT 1 FROM instance WHERE id < {last} FOR NO KEY UPDATE"))
        worker.work(LATER)
        assert driver.state(last) == "completed"


@pytest.mark.parametrize("code", ["54000", "55P03", "40P01", "57014", "22023"])
def test_what_the_database_refuses_of_one_case_stops_no_other(
    code: str, tools: Tools, worker: Worker, driver: Driver
) -> None:
    deploy(tools, process("waits", [timer(), task()]))
    bad, good = begin(tools, "waits"), begin(tools, "waits")
    refuse_tasks(tools.database, bad, code=code)
    worker.work(LATER)
    assert (driver.open(bad), driver.open(good)) == ([], ["Task_Look"])


def test_a_timer_that_fails_again_and_again_is_an_incident_that_can_be_retried(
    tools: Tools, worker: Worker, driver: Driver
) -> None:
    deploy(tools, process("waits", [timer(), task()]))
    case = begin(tools, "waits")
    refuse_tasks(tools.database, case)
    worker.work(LATER)
    assert driver.incidents(case) == [], "it may pass"
    look_often(worker)
    (incident,) = driver.incidents(case)
    assert incident.startswith("Wait: Its time has come and it cannot go on.")
    assert "too large for a page" in incident
    with tools.database.read() as connection:
        assert timers.due(connection, LATER) == [], "it is not tried for ever"
        assert health.standing(connection, LATER, messages_due=[], handled=HANDLERS).due["timer"] == 0
    take_tasks(tools.database, case)
    _retry(tools)
    worker.work(LATER + timedelta(hours=1))
    assert (driver.open(case), driver.incidents(case)) == (["Task_Look"], [])


def _retry(tools: Tools) -> None:
    with tools.database.begin() as connection:
        number = connection.execute(select(Incident.id).where(Incident.resolved_at.is_(None))).scalar_one()
        operator.retry_incident(connection, tools.library, incident_id=number, by=ADA, at=LATER)


def test_an_incident_of_a_timer_ends_with_what_it_would_have_moved(
    tools: Tools, worker: Worker, driver: Driver
) -> None:
    deploy(tools, process("waits", [timer(), task()]))
    case = begin(tools, "waits")
    refuse_tasks(tools.database, case)
    look_often(worker)
    with tools.database.begin() as connection:
        operator.cancel(connection, tools.library, instance_id=case, reason="Closed.", by=ADA, at=LATER)
    assert driver.incidents(case) == []


def test_a_case_that_cannot_follow_the_calendar_is_an_incident_and_the_others_follow(
    tools: Tools, worker: Worker, driver: Driver, start: Callable[[], int]
) -> None:
    bad, good = start(), start()
    for case in (bad, good):
        driver.do(case, "Task_Visit")  # from which the report's deadline counts
    with tools.database.begin() as connection:
        newest = calendars.newest(connection)
        connection.execute(update(Deadline).values(calendar_revision="older"))
        connection.execute(text("UPDATE token SET element = 'Gone' WHERE instance_id = :case"), {"case": bad})
    look_often(worker)
    with tools.database.read() as connection:
        query = select(Deadline.calendar_revision).where(Deadline.instance_id == good)
        assert set(connection.execute(query).scalars()) == {newest}
    (incident,) = driver.incidents(bad)
    assert "cannot be counted by the newest calendar" in incident


def test_a_line_of_the_log_about_a_failure_names_its_case(
    tools: Tools, worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    deploy(tools, process("waits", [timer(), task()]))
    refuse_tasks(tools.database, begin(tools, "waits"))
    with caplog.at_level(logging.ERROR):
        worker.work(LATER)
    assert [getattr(record, "case", None) for record in caplog.records] == ["SCH-2026-00001"]


def test_a_late_timer_fires_once_after_a_downtime(tools: Tools, worker: Worker, driver: Driver) -> None:
    deploy(tools, process("waits", [timer(), task()]))
    case = begin(tools, "waits")
    worker.settle(THURSDAY + timedelta(days=3))
    fired = [event for event in driver.history(case) if event.kind == "timer fired"]
    assert (len(fired), driver.open(case)) == (1, ["Task_Look"])


def test_no_free_connection_is_no_fault_of_the_case_that_wanted_one(database_url: str) -> None:
    small = Database(database_url, pool_size=1, pool_timeout=0.1)
    with small.read(), small.read(), pytest.raises(TimeoutError) as none_free, small.read():
        pass
    small.dispose()
    assert faults.is_away(none_free.value)
