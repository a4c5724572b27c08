"""Nobody but the holder of the password gets in, and nothing lies open."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from engine.postgres import Server

pytestmark = pytest.mark.database

Ask = Callable[[Server, str], list[tuple[object, ...]]]


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_without_the_password_even_a_local_user_is_refused(running: Server) -> None:
    url = make_url(running.url)
    for password in (None, "", "sccif", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=url.query["host"], user=url.username, dbname=url.database, password=password)


def test_the_server_listens_on_no_network_address(running: Server, ask: Ask) -> None:
    assert ask(running, "SHOW listen_addresses") == [("",)]


def test_every_way_in_asks_for_scram(running: Server, ask: Ask) -> None:
    question = "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"
    assert ask(running, question) == [("scram-sha-256",)]


@pytest.mark.usefixtures("running")
def test_data_sockets_password_and_log_are_private(open_room: Path) -> None:
    home = open_room / "postgres"
    assert [_mode(home / name) for name in ("data", "sockets")] == [0o700, 0o700]
    assert [_mode(home / name) for name in ("password", "log")] == [0o600, 0o600]


def test_the_folder_above_keeps_its_permissions(open_room: Path, running: Server) -> None:
    assert running.pid
    assert _mode(open_room) == 0o711


def test_text_sorts_by_code_point_on_every_system(running: Server, ask: Ask) -> None:
    question = "SELECT datlocprovider::text, datlocale FROM pg_database WHERE datname = current_database()"
    assert ask(running, question) == [("b", "C.UTF-8")]
    assert ask(running, "SELECT 'Z' < 'a'") == [(True,)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it under another account")
def test_as_root_the_server_runs_under_an_account_of_its_own(running: Server) -> None:
    owner = Path("/proc", str(running.pid)).stat().st_uid
    assert owner not in (0, 65534)
