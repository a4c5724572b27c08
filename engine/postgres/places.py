"""Where a server keeps its data and its socket, without widening any folder's permissions."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.postgres.account import Account, can_reach
from engine.postgres.errors import LauncherError

SHELF = Path("/var/lib/sccif")
"""Where data and programs go when PostgreSQL's account may not enter the checkout. Root only."""

SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET = 103
"""Bytes of a socket's path that every system takes (Linux 107, macOS 103)."""

_MOVED = "data-is-in"


class UnsafeFolderError(LauncherError):
    """A folder that must be private belongs to someone else or is open to others."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} exists, but is not a private folder of the account that runs PostgreSQL. "
            "Look at what it is, move it away, and start again."
        )


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and files of one server. `home` is ours, `data` and `sockets` are the account's."""

    home: Path
    data: Path
    sockets: Path

    @property
    def password(self) -> Path:
        return self.home / "password"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def lock(self) -> Path:
        return self.home / "lock"

    @property
    def users(self) -> Path:
        return self.home / "users"


def settle(home: Path, account: Account, *, shelf: Path, log: Callable[[str], None]) -> Places:
    """
    Make the folders of a server that is to live in `home`, or on `shelf` if the account cannot enter `home`.

    Raises `UnsafeFolderError`.
    """
    home = home.absolute()
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        # The account must be able to pass through to its own folders, not to list ours.
        home.mkdir(mode=0o711 if account.switch else 0o700, exist_ok=True)
    ground = _ground(home, account, shelf, log)
    sockets = ground / "sockets"
    if len(os.fsencode(sockets / SOCKET_NAME)) > LONGEST_SOCKET:
        sockets = _short(ground)
        log(f"The path of {home} is too long for a socket, which is in {sockets} instead.")
    private(sockets, account)
    return Places(home, ground / "data", sockets)


def private(folder: Path, account: Account) -> None:
    """Make `folder` for the account alone, or check that it is. Raises `UnsafeFolderError`."""
    try:
        folder.mkdir(mode=0o700)
        account.give(folder)
    except FileExistsError:
        found = folder.lstat()
        is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid
        if not is_ours or found.st_mode & 0o077:
            raise UnsafeFolderError(folder) from None


def _ground(home: Path, account: Account, shelf: Path, log: Callable[[str], None]) -> Path:
    """Where the account can work: `home`, or a folder on the shelf, which `home` then remembers."""
    record = home / _MOVED
    if record.exists():
        return Path(record.read_text().strip())
    if can_reach(account, home):
        return home
    ground = shelf / _digest(home)
    for folder in (shelf, ground):
        folder.mkdir(mode=0o711, exist_ok=True)
    record.write_text(f"{ground}\n")
    log(f"PostgreSQL's account may not enter {home}: its data is in {ground} instead.")
    return ground


def _short(ground: Path) -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR") if os.geteuid() != 0 else None
    return Path(runtime or tempfile.gettempdir()) / f"sccif-{_digest(ground)}"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
