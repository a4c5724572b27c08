"""Starts a server on a data folder, finds one that still runs there, and stops it with its last user."""

import fcntl
import os
import shlex
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql
from sqlalchemy import URL

from engine.postgres import account as accounts
from engine.postgres import cluster, places, programs
from engine.postgres.account import Account
from engine.postgres.errors import LauncherError
from engine.postgres.places import SHELF, Places
from engine.postgres.programs import Programs

DATABASE = "sccif"
_PATIENCE_SECONDS = 120
"""Recovery after a crash takes as long as there is log to replay; then pg_ctl gives up waiting."""

_ENDING_SECONDS = 30
"""How long processes of a server that was killed may take to notice."""


class StartError(LauncherError):
    """The server did not start, or the one that runs does not let us in."""

    def __init__(self, places: Places, why: str) -> None:
        super().__init__(
            f"PostgreSQL did not start on {places.data}: {why}. "
            f"The end of {places.log} has its own words; mend what it names and start again."
        )


class Server:
    """A running PostgreSQL, shared by every process that started it on the same folder."""

    def __init__(
        self, *, places: Places, programs: Programs, account: Account, url: str, users: int, fsync: bool
    ) -> None:
        """`users` is the open file whose shared lock says that this process uses the server."""
        self.url = url
        self._fsync = fsync
        self._places = places
        self._programs = programs
        self._account = account
        self._users: int | None = users

    @property
    def pid(self) -> int:
        """The process id of the server's postmaster."""
        return _number(self._places)

    @property
    def is_alive(self) -> bool:
        """Whether its process runs; one that only begins has not yet written its number."""
        try:
            return _is_postgres(self.pid)
        except (OSError, IndexError, ValueError):
            return False

    def revive(self, *, unless: Callable[[], bool]) -> bool:
        """Start it again where it has ended: whether that was done. Raises `StartError`, OSError.

        It gives up when `unless` says so, or when nobody here uses the server any more.
        """
        with _locked(self._places.lock):
            if self._users is None or _is_running(self._programs, self._places, self._account):
                return False
            _let_end(self._places, unless=unless)
            if unless():
                return False
            _launch(self._programs, self._places, self._account, fsync=self._fsync)
            return True

    def stop(self) -> None:
        """Let go of the server; the last to do so stops it. A second call does nothing."""
        if self._users is None:
            return
        with _locked(self._places.lock):
            is_last = _try_lock(self._users)
            os.close(self._users)
            self._users = None
            if is_last:
                command = ["stop", "--wait", "--mode=fast", f"--timeout={_PATIENCE_SECONDS}"]
                self._account.run(_pg_ctl(self._programs, self._places, *command))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(data_dir: Path, *, log: Callable[[str], None], fsync: bool = True, shelf: Path = SHELF) -> Server:
    """
    A server on `data_dir`, made if there is none and adopted if it still runs there.

    `log` is given sentences for the administrator. `fsync=False` is for tests: a crash may lose the data.
    `shelf` is where data and programs go when root starts it and its account may not enter their folders.
    Raises a `LauncherError` with the remedy.
    """
    account = accounts.choose()
    found = programs.find()
    settled = places.settle(data_dir, account, shelf=shelf, log=log)
    with _locked(settled.lock):
        usable = programs.within_reach(found, account, shelf)
        password = cluster.prepare(settled, usable, account, fsync=fsync)
        url = _adopt(usable, settled, account, password, log=log)
        if url is None:
            _let_end(settled)
            _launch(usable, settled, account, fsync=fsync)
            url = _admit(settled, password)
        users = os.open(settled.users, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)
        # Who adopts a server and starts it again leaves its socket where the others look for it.
        known = replace(settled, sockets=_socket_folder(settled))
    return Server(places=known, programs=usable, account=account, url=url, users=users, fsync=fsync)


def _adopt(
    programs: Programs, places: Places, account: Account, password: str, *, log: Callable[[str], None]
) -> str | None:
    """The URL of our database in a server that still runs; None where there is none, or it ends just now."""
    if not _is_running(programs, places, account):
        return None
    try:
        url = _admit(places, password)
    except StartError:
        if _is_running(programs, places, account):
            raise
        return None
    log(f"PostgreSQL was still running on {places.data}: using it.")
    return url


def _let_end(places: Places, *, unless: Callable[[], bool] = lambda: False) -> None:
    """Wait for what a server that was killed has left behind: until it is gone, no other can start.

    Where processes cannot be looked at, or it does not end, the start says so.
    """
    ends = time.monotonic() + _ENDING_SECONDS
    while time.monotonic() < ends and not unless() and any(_left_of(places)):
        time.sleep(0.05)


def _left_of(places: Places) -> Iterator[bool]:
    """For each process whether it is one of the server's, which all work in its folder.

    Or the server itself, whose number counts as taken until its parent has heard that it ended.
    """
    pid_file, folder = places.data / "postmaster.pid", places.data.resolve()
    if pid_file.exists():
        yield _has_ended(_number(places))
    for found in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it is gone, or is somebody else's
            yield (found / "cwd").readlink() == folder and _is_postgres(int(found.name))


def _launch(programs: Programs, places: Places, account: Account, *, fsync: bool) -> None:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": '"{}"'.format(str(places.sockets).replace('"', '""')),
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "fsync": "on" if fsync else "off",
    }
    options = shlex.join(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
    command = ["start", "--wait", f"--timeout={_PATIENCE_SECONDS}", f"--options={options}"]
    for may_clear in (True, False):
        if account.run(_pg_ctl(programs, places, *command), log=places.log).returncode == 0:
            return
        if not (may_clear and _clear_reused_number(places)):
            raise StartError(places, "pg_ctl reported a failure")


def _is_running(programs: Programs, places: Places, account: Account) -> bool:
    status = account.run(_pg_ctl(programs, places, "status")).returncode
    return status == 0 and _is_postgres(_number(places))


def _clear_reused_number(places: Places) -> bool:
    """
    Remove a postmaster.pid whose number is now another program's, which PostgreSQL cannot tell.

    Called only after it refused to start; its lock on shared memory still guards a server that does live.
    """
    pid_file = places.data / "postmaster.pid"
    if not pid_file.exists() or _is_postgres(_number(places)):
        return False
    pid_file.unlink()
    return True


def _is_postgres(pid: int) -> bool:
    """Whether that process runs and is a PostgreSQL; a small Linux may have no ps."""
    if Path("/proc/self/comm").exists():
        name = ""
        with suppress(OSError):  # there is no such process, or no more
            name = Path("/proc", str(pid), "comm").read_text() if not _has_ended(pid) else ""
    else:
        command = ["ps", "-o", "comm=", "-p", str(pid)]
        name = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    return Path(name.strip()).name == "postgres"


def _has_ended(pid: int) -> bool:
    """Whether that process has ended and only its parent has not heard of it yet (Linux, proc(5))."""
    with suppress(OSError):
        return Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0] in ("Z", "X")
    return False


def _number(places: Places) -> int:
    """The process id of the server, as it wrote it."""
    return int(_said(places)[0])


def _socket_folder(places: Places) -> Path:
    """Where the running server's socket is, as it wrote it."""
    return Path(_said(places)[4])


def _said(places: Places) -> list[str]:
    return (places.data / "postmaster.pid").read_text().splitlines()


def _admit(places: Places, password: str) -> str:
    """The URL of our database in the running server, made if missing. Raises `StartError`."""
    host = str(_socket_folder(places))
    try:
        with psycopg.connect(
            host=host, user=cluster.USER, password=password, dbname="postgres", autocommit=True
        ) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    except psycopg.OperationalError as error:
        raise StartError(places, str(error).strip()) from error
    url = URL.create(
        "postgresql+psycopg", cluster.USER, password, database=DATABASE, query={"host": host, "port": "5432"}
    )
    return url.render_as_string(hide_password=False)


def _pg_ctl(programs: Programs, places: Places, *command: str) -> list[str]:
    return [programs.path("pg_ctl"), *command, f"--pgdata={places.data}"]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One starter or stopper at a time; the system lets go of the lock when a process dies."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
