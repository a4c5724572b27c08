"""A folder for one server, which PostgreSQL's account may enter (pytest's own are closed to it)."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from engine import postgres
from engine.postgres import Server, programs
from engine.postgres.account import Account

Ask = Callable[[Server, str], list[tuple[object, ...]]]


@pytest.fixture
def room() -> Iterator[Path]:
    yield from _room()


def _room() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="sccif-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(room: Path) -> Iterator[Path]:
    """Where a server may live; whatever still runs there is stopped."""
    yield room / "postgres"
    data = room / "postgres" / "data"
    if (data / "postmaster.pid").exists():
        owner = data.stat()
        account = Account(owner.st_uid, owner.st_gid, switch=os.geteuid() == 0)
        account.run([programs.find().path("pg_ctl"), "stop", "--mode=immediate", f"--pgdata={data}"])


@pytest.fixture
def said() -> list[str]:
    """What the launcher told the administrator."""
    return []


@pytest.fixture(scope="module")
def open_room() -> Iterator[Path]:
    yield from _room()


@pytest.fixture(scope="module")
def running(open_room: Path) -> Iterator[Server]:
    """One server for the tests that only look at it, in `open_room`."""
    with postgres.start(open_room / "postgres", log=lambda sentence: None, fsync=False) as server:
        yield server


@pytest.fixture(scope="session")
def ask() -> Ask:
    """Runs one statement, with the password, and gives its rows."""

    def rows(server: Server, sql: str) -> list[tuple[object, ...]]:
        url = make_url(server.url)
        with psycopg.connect(
            host=str(url.query["host"]), user=url.username, password=url.password, dbname=url.database
        ) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    return rows
