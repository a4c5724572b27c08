"""A disk that is full when a step commits: the step did not happen; with room again everything goes on."""

import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import faultload
import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from engine import db
from engine.clock import now
from engine.db.tables import Job, JobState, Message, Timer
from engine.worker.handlers import Tools
from tests.engine.faults.arrivals import Log
from tests.engine.faults.deployment import OwnPostgres, furnish, settings_for, until
from tests.engine.faults.forked import ForkedPart
from tests.engine.faults.invariants import check_all, check_arrivals, complete_everything

MEGABYTES = 220
BALLAST = "ballast"
CASES = 60
"""Pairs that wait for a worker: too many for the room that is left inside the files."""

AWAY = "the database is away"


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A tmpfs of its own."""
    place = Path(tempfile.gettempdir(), f"sccif-small-{secrets.token_hex(4)}")
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=755", "tmpfs", str(place)]
    if subprocess.run(command, check=False, capture_output=True).returncode != 0:
        place.rmdir()
        pytest.skip("a full disk: mounting a small tmpfs takes rights that this machine does not give")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)
    place.rmdir()


def _fill(place: Path) -> None:
    """Leave no byte."""
    with (place / BALLAST).open("wb", buffering=0) as ballast:
        for size in (2**20, 2**12, 1):
            try:
                while True:
                    ballast.write(b"\0" * size)
            except OSError:
                continue


def _start_many(tools: Tools) -> None:
    for _ in range(2000):
        faultload.start_case(tools)


def _give_room(place: Path, server: OwnPostgres) -> None:
    (place / BALLAST).unlink()
    if not server.answers():  # it ends itself when it cannot write its log
        server.start_again()


@pytest.mark.timeout(300)
def test_a_step_that_meets_a_full_disk_did_not_happen_and_is_done_when_there_is_room(
    small_disk: Path,
) -> None:
    server = OwnPostgres(small_disk / "postgres")
    try:
        db.migrate(server.url)
        tools = faultload.tools_for(server.url, f"folder:{small_disk / 'mail'}")
        furnish(tools.database)
        faultload.start_case(tools)
        _fill(small_disk)
        with pytest.raises((DBAPIError, psycopg.Error)):
            _start_many(tools)
        tools.database.dispose()
        _give_room(small_disk, server)
        complete_everything(tools, now)
        check_all(tools.database, at_least=1)
        tools.database.dispose()
    finally:
        server.stop()


@pytest.mark.timeout(300)
def test_a_worker_whose_commits_meet_a_full_disk_goes_on_when_there_is_room(
    small_disk: Path, tmp_path: Path, log: Log
) -> None:
    server = OwnPostgres(small_disk / "postgres")
    said = tmp_path / "worker.log"
    try:
        db.migrate(server.url)
        tools = faultload.tools_for(server.url, log.mail, log.hook)
        furnish(tools.database)
        for _ in range(CASES):
            faultload.start_relay(tools, log.hook)
        tools.database.dispose()
        _fill(small_disk)
        said.touch()
        worker = ForkedPart(
            ["sccif", "worker"],
            settings_for(server.url, log.mail, "http://127.0.0.1", hook=log.hook),
            said,
        )
        try:
            until(lambda: AWAY in said.read_text())
            _give_room(small_disk, server)
            until(lambda: _is_at_rest(tools))
            assert worker.is_running
        finally:
            worker.kill()
        complete_everything(tools, now)
        check_all(tools.database, at_least=2 * CASES)
        check_arrivals(tools.database, log.arrived, repeats_at_most=said.read_text().count(AWAY) + 1)
        tools.database.dispose()
    finally:
        server.stop()


def _is_at_rest(tools: Tools) -> bool:
    """Whether a worker has nothing more to do: a job that was out when its record failed keeps its lease."""
    due = select(Timer.id).union_all(
        select(Job.id).where(Job.state == JobState.WAITING, Job.leased_until.is_(None)),
        select(Message.id).where(Message.state == "waiting"),
    )
    with tools.database.read() as connection:
        return connection.execute(due).first() is None
