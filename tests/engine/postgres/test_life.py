"""Starting, sharing, stopping, and coming back after a crash."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from engine import postgres
from engine.postgres import Server
from engine.postgres.account import choose

pytestmark = pytest.mark.database

Ask = Callable[[Server, str], list[tuple[object, ...]]]

_APP = """
import sys, pathlib
from engine import postgres
server = postgres.start(pathlib.Path(sys.argv[1]), log=lambda sentence: None, fsync=False)
print(server.pid, flush=True)
sys.stdin.readline()
server.stop()
"""


def _app(home: Path) -> "subprocess.Popen[str]":
    """Another process that starts the server and holds it until it is given a line."""
    return subprocess.Popen(
        [sys.executable, "-c", _APP, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _first_line(app: "subprocess.Popen[str]") -> str:
    assert app.stdout is not None
    return app.stdout.readline().strip()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _until_gone(pid: int) -> None:
    """A stopped server removes its pid file a moment before its process ends."""
    while _is_alive(pid):
        time.sleep(0.05)


def test_what_was_stored_is_there_after_stop_and_start(home: Path, said: list[str], ask: Ask) -> None:
    with postgres.start(home, log=said.append) as server:
        ask(server, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
        pid = server.pid
    _until_gone(pid)
    with postgres.start(home, log=said.append) as server:
        assert ask(server, "SELECT n FROM kept") == [(7,)]


def test_commits_reach_the_disk_unless_a_test_says_otherwise(home: Path, said: list[str], ask: Ask) -> None:
    with postgres.start(home, log=said.append) as server:
        assert ask(server, "SHOW fsync") == [("on",)]


def test_the_last_user_stops_the_server(home: Path, said: list[str], ask: Ask) -> None:
    first = postgres.start(home, log=said.append, fsync=False)
    second = postgres.start(home, log=said.append, fsync=False)
    pid = second.pid
    first.stop()
    assert ask(second, "SELECT 1") == [(1,)]
    second.stop()
    _until_gone(pid)


def test_stopping_twice_is_stopping_once(home: Path, said: list[str]) -> None:
    server = postgres.start(home, log=said.append, fsync=False)
    server.stop()
    server.stop()


def test_a_server_whose_app_was_killed_is_found_again(home: Path, said: list[str]) -> None:
    app = _app(home)
    pid = int(_first_line(app))
    app.kill()
    app.communicate()
    assert _is_alive(pid)
    with postgres.start(home, log=said.append, fsync=False) as server:
        assert server.pid == pid
        assert "still running" in said[-1]
    _until_gone(pid)


def test_a_killed_server_is_started_again_with_its_data(home: Path, said: list[str], ask: Ask) -> None:
    server = postgres.start(home, log=said.append)
    ask(server, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    pid = server.pid
    os.kill(pid, signal.SIGKILL)
    _until_gone(pid)
    with postgres.start(home, log=said.append) as again:
        assert again.pid != pid
        assert ask(again, "SELECT n FROM kept") == [(7,)]
    server.stop()


def test_a_server_that_ends_by_itself_is_started_again_for_those_who_use_it(
    home: Path, said: list[str], ask: Ask
) -> None:
    with postgres.start(home, log=said.append) as server, postgres.kept(server, log=said.append):
        ask(server, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
        pid = server.pid
        os.kill(pid, signal.SIGKILL)
        _until_gone(pid)
        _until_told(said, "started again")
        assert ask(server, "SELECT n FROM kept") == [(7,)]
        pid = server.pid
    _until_gone(pid)


def test_why_a_server_cannot_be_started_again_is_told_until_it_can(
    home: Path, said: list[str], ask: Ask
) -> None:
    with postgres.start(home, log=said.append) as server, postgres.kept(server, log=said.append):
        pid, settings = server.pid, home / "data" / "postgresql.auto.conf"
        kept = settings.read_bytes()
        settings.write_bytes(b"no_such_setting = 1\n")
        os.kill(pid, signal.SIGKILL)
        _until_gone(pid)
        _until_told(said, "did not start")
        settings.write_bytes(kept)
        _until_told(said, "started again")
        assert ask(server, "SELECT 1") == [(1,)]


def test_a_moment_without_resources_does_not_end_the_watch(home: Path, said: list[str], ask: Ask) -> None:
    with postgres.start(home, log=said.append, fsync=False) as server, postgres.kept(server, log=said.append):
        pid, lock = server.pid, home / "lock"
        lock.rename(home / "elsewhere")
        lock.mkdir()  # so that nothing can be done under the lock
        os.kill(pid, signal.SIGKILL)
        _until_gone(pid)
        _until_told(said, "could not be looked after")
        lock.rmdir()
        (home / "elsewhere").rename(lock)
        _until_told(said, "started again")
        assert ask(server, "SELECT 1") == [(1,)]


def test_who_leaves_does_not_wait_for_what_holds_the_start_up(home: Path, said: list[str]) -> None:
    with postgres.start(home, log=said.append, fsync=False) as server:
        url = make_url(server.url).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg.connect(url)
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        try:
            with postgres.kept(server, log=said.append):
                pid = server.pid
                os.kill(pid, signal.SIGKILL)
                _until_gone(pid)
                time.sleep(2)
                began = time.monotonic()
            assert time.monotonic() - began < 5
        finally:
            os.kill(backend, signal.SIGCONT)
            connection.close()


def test_a_server_is_started_again_where_its_users_look_for_it(
    home: Path, said: list[str], ask: Ask, monkeypatch: pytest.MonkeyPatch, room: Path
) -> None:
    deep = room / ("x" * 100) / "postgres"
    first, second = room / "first", room / "second"
    for folder in (first, second):
        folder.mkdir(mode=0o711)
    deep.parent.mkdir(mode=0o711)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(first))
    with postgres.start(deep, log=said.append, fsync=False) as one:
        monkeypatch.setattr(tempfile, "tempdir", str(second))
        with postgres.start(deep, log=said.append, fsync=False) as two:
            pid = two.pid
            os.kill(pid, signal.SIGKILL)
            _until_gone(pid)
            assert two.revive(unless=lambda: False)
            assert ask(one, "SELECT 1") == ask(two, "SELECT 1") == [(1,)]


def _until_told(said: list[str], what: str) -> None:
    for _ in range(600):
        if any(what in sentence for sentence in said):
            return
        time.sleep(0.1)
    raise AssertionError(f"nobody told that it {what}: {said}")


def test_a_server_that_was_killed_a_moment_ago_is_started_again(
    home: Path, said: list[str], ask: Ask
) -> None:
    server = postgres.start(home, log=said.append)
    address = make_url(server.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with ExitStack() as open_now:
        for _ in range(3):  # who serves a connection ends a little later
            open_now.enter_context(closing(psycopg.connect(address)))
        pid = server.pid
        os.kill(pid, signal.SIGKILL)
        with postgres.start(home, log=said.append) as again:
            assert again.pid != pid
            assert ask(again, "SELECT 1") == [(1,)]
    server.stop()


def test_a_process_number_that_is_now_another_programs_does_not_stop_the_start(
    home: Path, said: list[str]
) -> None:
    account = choose()
    with postgres.start(home, log=said.append, fsync=False):
        left_behind = (home / "data" / "postmaster.pid").read_text().splitlines()
    stranger = subprocess.Popen(
        ["sleep", "600"],
        user=account.uid if account.switch else None,
        group=account.gid if account.switch else None,
        extra_groups=[] if account.switch else None,
    )
    try:
        left_behind[0] = str(stranger.pid)
        pid_file = home / "data" / "postmaster.pid"
        pid_file.write_text("\n".join(left_behind) + "\n")
        account.give(pid_file)
        with postgres.start(home, log=said.append, fsync=False) as server:
            assert server.pid != stranger.pid
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_starts_at_the_same_moment_share_one_server(home: Path) -> None:
    apps = [_app(home) for _ in range(3)]
    pids = {_first_line(app) for app in apps}
    assert len(pids) == 1
    for app in apps:
        app.communicate("done\n")
    _until_gone(int(pids.pop()))
