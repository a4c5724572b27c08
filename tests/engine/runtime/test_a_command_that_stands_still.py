"""A process that is frozen in the middle of a step loses its case; who waits for it goes on unawares."""

import threading
import time
from collections.abc import Callable

import psycopg

from engine.db import Database
from engine.db.database import LOCK_TIMEOUT_MS
from engine.runtime import store
from engine.runtime.step import Step
from engine.simulation import Driver
from engine.worker import faults
from engine.worker.handlers import Tools


def _step(tools: Tools, driver: Driver, case: int, until: Callable[[], object]) -> None:
    """A step that stands still between reading its case and writing it."""
    with tools.database.begin() as connection:
        step = Step.load(connection, tools.library, case, actor="ivy", at=driver.at)
        until()
        step.save()


def test_who_waits_for_a_case_that_a_frozen_process_holds_has_it_before_they_are_told_to_try_again(
    tools: Tools, driver: Driver, start: Callable[[], int]
) -> None:
    case, held, thawed, errors = start(), threading.Event(), threading.Event(), []

    def stand_still() -> None:
        held.set()
        thawed.wait()

    def frozen() -> None:
        try:
            _step(tools, driver, case, stand_still)
        except Exception as error:
            errors.append(error)

    other = threading.Thread(target=frozen)
    other.start()
    try:
        held.wait()
        began = time.monotonic()
        driver.do(case, "Task_Visit")
        waited = time.monotonic() - began
    finally:
        thawed.set()
        other.join()
    assert 1000 * waited < LOCK_TIMEOUT_MS
    (error,) = errors
    assert isinstance(error, psycopg.errors.IdleInTransactionSessionTimeout)
    assert faults.passes(error), "a worker does it again"
    assert not faults.is_away(error), "and goes on with the next if it fails again and again"
    assert [each.kind for each in driver.history(case)].count("task completed") == 1


def test_only_a_command_that_holds_a_case_must_not_stand_still(tools: Tools) -> None:
    with tools.database.begin() as connection:
        said = connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar_one()
    assert said == "0", "deploying many models takes its time between two statements"


def test_whoever_holds_a_case_says_so(tools: Tools, start: Callable[[], int]) -> None:
    case = start()
    assert _silence_after(tools.database, lambda connection: store.lock(connection, case)) == "8s"
    assert _silence_after(tools.database, lambda connection: store.hold(connection, case)) == "8s"
    assert _silence_after(tools.database, lambda connection: store.look(connection, case)) == "0"


def _silence_after(database: Database, act: Callable[..., object]) -> str:
    with database.begin() as connection:
        act(connection)
        return str(connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar_one())
