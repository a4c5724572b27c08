"""Under whose name PostgreSQL runs: our own, or, as root (which it refuses), an account made for it."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.postgres.errors import LauncherError

NAME = "sccif-postgres"


class NoAccountError(LauncherError):
    """As root, the account that PostgreSQL needs could not be made."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"PostgreSQL does not run as root, and the system account {NAME!r} could not be made: {why}. "
            f"Make it (useradd --system {NAME}), run sccif as an ordinary user, or set DATABASE_URL."
        )


@dataclass(frozen=True, slots=True)
class Account:
    """Who owns the data folder and runs the server; `switch` when that is not who runs this program."""

    uid: int
    gid: int
    switch: bool

    def run(self, command: Sequence[str], *, log: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run `command` under the account, with its output returned or appended to the file `log`."""
        with open(log or os.devnull, "a", opener=_private) as output:
            return subprocess.run(
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=output if log else subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                cwd="/",
                # English, because one message of the server is read; nothing else of ours leaks in.
                env={"LC_ALL": "C", "PATH": os.defpath},
                umask=0o077,
                user=self.uid if self.switch else None,
                group=self.gid if self.switch else None,
                extra_groups=[] if self.switch else None,
            )

    def give(self, path: Path) -> None:
        """Make the account the owner of `path`, which this program has just created."""
        if self.switch:
            os.chown(path, self.uid, self.gid)


def choose() -> Account:
    """The account to run under. Raises `NoAccountError`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    entry = _entry() or _make()
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def can_reach(account: Account, path: Path) -> bool:
    """Whether the account may enter every folder above `path` and execute (or enter) it."""
    return not account.switch or account.run(["test", "-x", str(path)]).returncode == 0


def _private(path: str, flags: int) -> int:
    """The server's log quotes statements: for its owner only."""
    return os.open(path, flags, 0o600)


def _entry() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return None


def _make() -> pwd.struct_passwd:
    program = shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
    if program is None:
        raise NoAccountError("there is no useradd program")
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    command = [program, *options, "--shell", "/usr/sbin/nologin", NAME]
    made = subprocess.run(command, check=False, capture_output=True, text=True)
    # Another start may have made it first: what counts is that it is there.
    entry = _entry()
    if entry is None:
        raise NoAccountError(made.stderr.strip())
    return entry
