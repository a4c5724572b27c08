"""What another system refuses for good: the case goes as its model foresees, or people are told at once."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from smallmodels import begin, deploy, foreseen, job, refuse_tasks
from sqlalchemy import select, text, update

from engine.db import Database, database
from engine.db.tables import Incident, Job, Variable
from engine.runtime import jobs, operator
from engine.runtime.user_tasks import Actor, Role
from engine.simulation import Driver
from engine.worker import Worker
from engine.worker.handlers import Outcome, RejectedError, Tools
from tests.engine.conftest import THURSDAY

pytestmark = pytest.mark.database

MINUTE = timedelta(minutes=1)
ADA = Actor("ada", (Role("administrator"),))


def _caught(code: str = "address unknown") -> dict[str, bytes]:
    return foreseen(job(errorVariable="refusal"), code)


class Refusing:
    """A handler that another system refuses; it keeps under which keys it called."""

    def __init__(self, code: str = "address unknown") -> None:
        self.keys: list[str] = []
        self.refuses = True
        self._code = code

    def __call__(self, leased: jobs.Leased, tools: Tools) -> Outcome:
        self.keys.append(leased.idempotency_key)
        if self.refuses:
            raise RejectedError(self._code, "Nobody lives there.", "Correct the address.")
        return Outcome()


Look = Callable[[Refusing], None]


@pytest.fixture
def look(tools: Tools) -> Look:
    """Lets a worker look for an hour."""

    def look(handler: Refusing) -> None:
        worker = Worker(tools, lambda: THURSDAY, handlers={"work": handler})
        for number in range(12):
            worker.work(THURSDAY + number * 6 * MINUTE)

    return look


def _variables(tools: Tools, case: int) -> dict[str, object]:
    with tools.database.read() as connection:
        query = select(Variable.name, Variable.value).where(Variable.instance_id == case)
        return {name: value for name, value in connection.execute(query)}


@pytest.mark.parametrize("catches", ["address unknown", ""], ids=["its code", "every code"])
def test_a_refusal_that_the_model_foresees_takes_the_case_that_way_at_once(
    catches: str, tools: Tools, driver: Driver, look: Look
) -> None:
    deploy(tools, _caught(catches))
    case, handler = begin(tools, "works"), Refusing()
    look(handler)
    assert len(handler.keys) == 1, "asked once"
    assert _variables(tools, case)["refusal"] == {"code": "address unknown", "message": "Nobody lives there."}
    assert (driver.incidents(case), driver.open(case)) == ([], ["Mend"])
    driver.do(case, "Mend")
    assert driver.state(case) == "completed"


def test_a_refusal_that_nothing_catches_is_told_at_once_and_is_not_tried_again(
    tools: Tools, driver: Driver, look: Look
) -> None:
    deploy(tools, _caught("no such page"))
    case, handler = begin(tools, "works"), Refusing()
    look(handler)
    assert len(handler.keys) == 1
    (incident,) = driver.incidents(case)
    assert "Nobody lives there. No error event catches 'address unknown'. Correct the address." in incident
    assert "refusal" not in _variables(tools, case)


def test_after_repair_what_was_refused_is_tried_again_under_its_key(
    tools: Tools, driver: Driver, look: Look
) -> None:
    deploy(tools, _caught("no such page"))
    case, handler = begin(tools, "works"), Refusing()
    look(handler)
    handler.refuses = False
    with tools.database.begin() as connection:
        number = connection.execute(select(Incident.id)).scalar_one()
        operator.retry_incident(connection, tools.library, incident_id=number, by=ADA, at=THURSDAY)
    look(handler)
    assert (driver.incidents(case), driver.state(case)) == ([], "completed")
    assert len(handler.keys) == 2
    assert len(set(handler.keys)) == 1


def test_a_refusal_after_which_the_case_cannot_go_on_is_told_with_its_reason(
    tools: Tools, driver: Driver, look: Look
) -> None:
    deploy(tools, _caught())
    case, handler = begin(tools, "works"), Refusing()
    refuse_tasks(tools.database, case)
    look(handler)
    (incident,) = driver.incidents(case)
    assert len(handler.keys) == 1
    assert "The work was rejected (Nobody lives there.), but its outcome cannot be recorded" in incident


def test_a_worker_whose_lease_has_gone_throws_no_error(tools: Tools, driver: Driver) -> None:
    deploy(tools, _caught())
    case = begin(tools, "works")
    with tools.database.begin() as connection:
        late = jobs.lease(connection, worker="slow", at=THURSDAY, lasting=5 * MINUTE)
        assert late is not None
        connection.execute(update(Job).values(leased_by="quick"))
        thrown = jobs.reject(
            connection,
            tools.library,
            job=late,
            worker="slow",
            code="address unknown",
            said="",
            remedy="",
            at=THURSDAY,
        )
    assert (thrown, driver.open(case)) == (False, [])


def test_a_refusal_that_could_not_be_recorded_before_the_worker_stopped_is_had_again(
    tools: Tools, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_TIMEOUT_MS", 50)
    impatient = replace(tools, database=Database(tools.database.url, pool_size=2))
    deploy(tools, _caught())
    case, handler, stop = begin(tools, "works"), Refusing(), threading.Event()
    with tools.database.begin() as connection:
        connection.execute(text("SELECT 1 FROM instance FOR NO KEY UPDATE"))
        worker = Worker(impatient, lambda: THURSDAY, handlers={"work": handler})
        thread = threading.Thread(target=worker.run, args=[stop])
        thread.start()
        while not handler.keys:
            time.sleep(0.01)
        stop.set()
        thread.join()
    impatient.database.dispose()
    assert driver.incidents(case) == []
    Worker(tools, lambda: THURSDAY, handlers={"work": handler}).work(THURSDAY + 6 * MINUTE)
    assert (driver.open(case), len(handler.keys)) == (["Mend"], 2)


def test_the_history_says_which_error_it_was(tools: Tools, driver: Driver, look: Look) -> None:
    deploy(tools, _caught())
    case = begin(tools, "works")
    look(Refusing())
    (failed,) = (each for each in driver.history(case) if each.kind == "job failed")
    assert (failed.fields["code"], failed.fields["error"]) == ("address unknown", "Nobody lives there.")
