"""The database stands still, as a frozen machine does: whether to send people here is told in time."""

import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from peers import free_port
from sqlalchemy import make_url

from engine.cut_off import CutOffError
from engine.db import Database
from tests.engine.faults.deployment import OwnPostgres, is_alive, settings_for, until
from tests.engine.faults.forked import ForkedPart


@contextmanager
def _frozen(server: OwnPostgres) -> Iterator[None]:
    """The whole server, with all who serve a connection."""
    plain = make_url(server.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()").fetchall()
    everyone = [server.pid, *(pid for (pid,) in rows)]
    for pid in everyone:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in everyone:
            os.kill(pid, signal.SIGCONT)


def _ready(address: str) -> tuple[int, dict[str, str]]:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_a_reading_ends_in_its_time_also_where_the_server_stands_still_at_its_end(
    own_postgres: OwnPostgres,
) -> None:
    database = Database(own_postgres.url, pool_size=1)

    def read(thawing: ExitStack) -> None:
        with database.read_within(1) as connection:
            backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            thawing.callback(os.kill, backend, signal.SIGCONT)
            os.kill(backend, signal.SIGSTOP)

    with ExitStack() as thawing:
        began = time.monotonic()
        with pytest.raises(CutOffError):
            read(thawing)
        assert time.monotonic() - began < 3
    database.dispose()


@pytest.mark.timeout(120)
def test_a_process_whose_database_stands_still_says_in_time_that_it_is_not_ready(
    furnished: OwnPostgres, tmp_path: Path
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = settings_for(furnished.url, f"folder:{tmp_path / 'mail'}", address)
    web = ForkedPart(["sccif", "web", "--port", str(port)], settings, tmp_path / "web.log")
    try:
        until(lambda: is_alive(address))
        until(lambda: _ready(address)[0] == 200)
        with _frozen(furnished):
            for _ in range(3):  # by the connections that are there, then by new ones
                began = time.monotonic()
                assert _ready(address) == (
                    503,
                    {"status": "not ready", "why": "The database does not answer."},
                )
                assert time.monotonic() - began < 10
        until(lambda: _ready(address)[0] == 200)
    finally:
        web.kill()
