"""Waiting until somebody waits, so that two commands meet whatever the machine's pace."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection

from engine.db import Database

T = TypeVar("T")


def meanwhile(database: Database, act: Callable[[Connection], object], then: Callable[[], T]) -> T:
    """What `then` gives, or raises, that waits for a lock of `act`, whose transaction commits after that."""
    with ThreadPoolExecutor(1) as pool:
        with database.begin() as connection:
            act(connection)
            waiting = pool.submit(then)
            until_somebody_waits(database)
        return waiting.result()


def until_somebody_waits(database: Database, count: int = 1) -> None:
    """Return when `count` statements in this database wait for a lock."""
    query = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(1000):
        with database.read() as connection:
            if connection.exec_driver_sql(query).scalar_one() >= count:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waited")
