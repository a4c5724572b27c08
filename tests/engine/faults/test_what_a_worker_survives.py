"""A worker goes on by itself when it was paused and when its clock jumps."""

import asyncio
import random
import signal
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import faultload
import pytest
from peers import mail_server
from sqlalchemy import func, select, update

from engine.clock import now
from engine.db import Database
from engine.db.tables import Instance, Job
from engine.worker import Worker
from engine.worker.handlers import Tools
from tests.engine.conftest import THURSDAY
from tests.engine.faults.deployment import SCCIF, OwnPostgres, Part, settings_for, until
from tests.engine.faults.invariants import check_all, complete_everything

MINUTE = timedelta(minutes=1)


def _letters_due(tools: Tools, count: int) -> None:
    """Cases of which only the letter is left to send."""
    for _ in range(count):
        faultload.start_case(tools)
    while faultload.complete_open(tools):
        pass


def _completed(database: Database) -> int:
    with database.read() as connection:
        query = select(func.count()).where(Instance.state == "completed")
        return connection.execute(query).scalar_one()


class SlowPost:
    """Takes no message until told to; says when one is on its way."""

    def __init__(self) -> None:
        self.arrived, self.go = threading.Event(), threading.Event()
        self.taken = 0

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        self.arrived.set()
        while not self.go.is_set():
            await asyncio.sleep(0.02)
        self.taken += 1
        return "250 OK"


@pytest.fixture
def post() -> Iterator[tuple[SlowPost, int]]:
    handler = SlowPost()
    with mail_server(handler) as port:
        yield handler, port
        handler.go.set()


@pytest.mark.timeout(300)
def test_a_worker_paused_past_its_lease_records_nothing_and_goes_on(
    furnished: OwnPostgres, tmp_path: Path, post: tuple[SlowPost, int]
) -> None:
    slow, port = post
    settings = settings_for(furnished.url, f"smtp://127.0.0.1:{port}", "http://127.0.0.1")
    tools = faultload.tools_for(furnished.url, f"folder:{tmp_path / 'mail'}")
    _letters_due(tools, 1)
    paused = Part([str(SCCIF), "worker"], settings, tmp_path / "worker.log")
    try:
        until(slow.arrived.is_set)
        paused.send(signal.SIGSTOP)
        with tools.database.begin() as connection:  # as if the time of the lease had passed
            connection.execute(update(Job).values(leased_until=now() - MINUTE))
        Worker(tools, now, name="another").settle(now())
        assert _completed(tools.database) == 1
        slow.go.set()
        paused.send(signal.SIGCONT)
        until(lambda: slow.taken == 1)
        _letters_due(tools, 1)
        until(lambda: _completed(tools.database) == 2)
        assert paused.is_running
        check_all(tools.database, at_least=2)  # one "job done" a case, though the first letter left twice
    finally:
        paused.send(signal.SIGCONT)
        paused.kill()
        tools.database.dispose()


def test_a_clock_that_jumps_back_and_forth_loses_and_doubles_nothing(tools: Tools) -> None:
    draw = random.Random(20261203)
    at = furthest = THURSDAY

    def clock() -> datetime:
        return at

    worker = Worker(tools, clock)
    for _ in range(12):
        at += timedelta(hours=draw.uniform(-60, 60))
        furthest = max(furthest, at)
        faultload.start_case(tools, clock)
        faultload.work_off(tools, clock)
        worker.work(at)
    at = furthest + timedelta(days=60)
    complete_everything(tools, clock)
    check_all(tools.database, at_least=12)
