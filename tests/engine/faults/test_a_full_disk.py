"""A disk that is full when a step commits: the step did not happen; with room again everything goes on."""

import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import faultload
import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from engine import db
from engine.clock import now
from engine.worker.handlers import Tools
from tests.engine.faults.deployment import OwnPostgres, furnish
from tests.engine.faults.invariants import check_all, complete_everything

MEGABYTES = 220
BALLAST = "ballast"


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


@pytest.mark.timeout(300)
def test_a_step_that_meets_a_full_disk_did_not_happen_and_is_done_when_there_is_room(
    small_disk: Path,
) -> None:
    server = OwnPostgres(small_disk / "postgres")
    try:
        db.migrate(server.url)
        tools = faultload.tools_for(server.url, small_disk / "mail")
        furnish(tools.database)
        faultload.start_case(tools)
        _fill(small_disk)
        with pytest.raises((DBAPIError, psycopg.Error)):
            _start_many(tools)
        (small_disk / BALLAST).unlink()
        tools.database.dispose()
        if not server.answers():  # it ends itself when it cannot write its log
            server.restart()
        complete_everything(tools, now)
        check_all(tools.database, at_least=1)
        tools.database.dispose()
    finally:
        server.stop()
