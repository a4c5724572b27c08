"""Handlers that hang, lie, crash or take the worker along: the job is told as failed, the rest goes on."""

import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from engine.db.tables import Job
from engine.runtime import jobs
from engine.simulation import Driver
from engine.worker import limiting
from engine.worker.handlers import HANDLERS, Handler, Outcome, Tools, time_limit
from engine.worker.limiting import Limiter, TookTooLongError

MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=5)


@pytest.fixture
def never() -> Iterator[threading.Event]:
    """Is never set while the test runs; afterwards it lets go of what hangs on it."""
    event = threading.Event()
    yield event
    event.set()


def _to_the_letter(tools: Tools, driver: Driver, handlers: Mapping[str, Handler]) -> tuple[Driver, int]:
    sender = Driver(tools, driver.at, handlers=handlers)
    case = sender.start("skeleton", "SC000001", {"lead": "ivy"}, team="Team 1", by="planner")
    for element in ("Task_Visit", "Task_Write", "Task_Approve"):
        sender.do(case, element)
    sender.travel(sender.at + MINUTE)
    return sender, case


def _crash(*_: object) -> Outcome:
    raise ZeroDivisionError("by nought")


def _leave(*_: object) -> Outcome:
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("handler", "said"),
    [
        (lambda *_: None, "The handler gave a NoneType instead of its outcome"),
        (lambda *_: {"sent": True}, "The handler gave a dict"),
        (lambda *_: Outcome(result={"sent": object()}), "holds no FEEL values"),
        (_crash, "ZeroDivisionError: by nought"),
        (_leave, "tried to end the worker: SystemExit"),
    ],
    ids=["gives nothing", "gives something else", "gives a strange value", "crashes", "exits"],
)
def test_a_handler_that_lies_or_crashes_is_an_incident_that_says_how(
    handler: Handler, said: str, tools: Tools, driver: Driver
) -> None:
    sender, case = _to_the_letter(tools, driver, {"email": handler})
    (incident,) = sender.incidents(case)
    assert said in incident
    assert sender.state(case) == "running"


def test_a_handler_that_hangs_is_given_up_and_the_next_case_is_served(
    tools: Tools, driver: Driver, never: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_limit, "USUAL", timedelta(milliseconds=50))

    def hang(*_: object) -> Outcome:
        never.wait()
        return Outcome()

    sender, case = _to_the_letter(tools, driver, {"email": hang})
    (incident,) = sender.incidents(case)
    assert "did not end within 0.05 seconds" in incident
    _, healthy = _to_the_letter(tools, driver, HANDLERS)
    assert driver.state(healthy) == "completed"


def test_a_worker_with_too_many_hanging_calls_begins_no_more(never: threading.Event) -> None:
    limiter = Limiter()
    for _ in range(limiting.MOST_HANGING):
        assert not limiter.is_full
        with pytest.raises(TookTooLongError):
            limiter.call(never.wait, timedelta(milliseconds=1))
    assert limiter.is_full


def test_a_job_whose_workers_vanish_each_time_becomes_an_incident(tools: Tools, driver: Driver) -> None:
    sender, case = _to_the_letter(tools, driver, {"email": _crash})
    with tools.database.begin() as connection:
        connection.execute(update(Job).values(state="waiting", attempts=0, due_at=driver.at))
    for _ in range(2):  # the model allows two tries
        with tools.database.begin() as connection:
            assert jobs.lease(connection, worker="dies", at=sender.at, lasting=LEASE) is not None
            connection.execute(update(Job).values(leased_until=sender.at))
    driver.at = sender.at + MINUTE
    driver.travel(driver.at)
    assert "2 workers stopped while they did this job" in driver.incidents(case)[-1]


def test_a_lease_made_by_a_clock_that_was_put_back_does_not_hold_the_job(
    tools: Tools, driver: Driver
) -> None:
    sender, case = _to_the_letter(tools, driver, {"email": _crash})
    ahead = driver.at + timedelta(days=3)
    with tools.database.begin() as connection:
        connection.execute(update(Job).values(state="waiting", attempts=0, due_at=driver.at))
        assert jobs.lease(connection, worker="ahead", at=ahead, lasting=LEASE) is not None
    driver.travel(sender.at + MINUTE)
    assert driver.state(case) == "completed"


@pytest.mark.parametrize(
    ("headers", "pauses"),
    [({}, [30, 60, 120]), ({"retryBackoff": "PT2M"}, [120, 240, 480]), ({"retryBackoff": "PT0S"}, [0, 0, 0])],
    ids=["without the header", "two minutes", "at once"],
)
def test_the_pause_before_the_next_try_is_the_models_and_doubles(
    headers: dict[str, str], pauses: list[int], tools: Tools, driver: Driver
) -> None:
    _, case = _to_the_letter(tools, driver, {"email": _crash})
    at = driver.at + MINUTE
    found = []
    with tools.database.begin() as connection:
        values = {"state": "waiting", "attempts": 0, "retries": 9, "headers": headers}
        connection.execute(update(Job).values(**values))
        for _ in pauses:
            connection.execute(update(Job).values(due_at=at))
            held = jobs.lease(connection, worker="w", at=at, lasting=LEASE)
            assert held is not None
            jobs.fail(connection, job=held, worker="w", why="no luck", at=at)
            due = connection.execute(select(Job.due_at)).scalar_one()
            found.append((due - at).total_seconds())
    assert (found, case) == (pauses, 1)
