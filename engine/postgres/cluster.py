"""Makes the data folder, once, and refuses one that these programs cannot run."""

import os
import secrets
import shutil
from pathlib import Path

from engine.postgres.account import Account
from engine.postgres.errors import LauncherError
from engine.postgres.places import Places, private
from engine.postgres.programs import Programs

USER = "sccif"

# C.UTF-8 of PostgreSQL's builtin provider: sorts by code point, the same on every system and for ever, so
# no upgrade of a system library can break an index. Scram for everyone: no user of the machine is trusted.
_INITDB = (
    f"--username={USER}",
    "--auth-local=scram-sha-256",
    "--auth-host=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)


class OtherMajorError(LauncherError):
    """The data was written by another major version of PostgreSQL."""

    def __init__(self, data: Path, found: str, programs: Programs) -> None:
        super().__init__(
            f"The data in {data} was written by PostgreSQL {found}; the programs here are "
            f"{programs.version}, and one major version cannot read another's files. Nothing was changed. "
            f"Either install the release of sccif that came with PostgreSQL {found}, run pg_dumpall, move "
            "the folder away, start this release and load the dump; or set DATABASE_URL to another server."
        )


class OtherOwnerError(LauncherError):
    """The data belongs to another account of the machine."""

    def __init__(self, data: Path, owner: int, account: Account) -> None:
        super().__init__(
            f"The data in {data} belongs to the account with number {owner}, not {account.uid}, under which "
            "PostgreSQL would run now. Start sccif as whoever started it first (root, or the same user)."
        )


class NoPasswordError(LauncherError):
    """The data is there, but the file with its password is gone."""

    def __init__(self, places: Places) -> None:
        super().__init__(
            f"The data in {places.data} is there, but its password file {places.password} is not. "
            "Put the file back from a backup, or move the data away to begin with an empty database."
        )


class InitdbError(LauncherError):
    """PostgreSQL's initdb failed."""

    def __init__(self, data: Path, output: str) -> None:
        super().__init__(
            f"PostgreSQL could not make its data folder {data}: {output.strip()}. "
            "Mend that (disk space, permissions) and start again; nothing is left half made."
        )


def prepare(places: Places, programs: Programs, account: Account, *, fsync: bool) -> str:
    """
    Make the data folder if there is none, and return its password; to be called under the lock.

    Raises `OtherMajorError`, `OtherOwnerError`, `NoPasswordError` and `InitdbError`.
    """
    if not places.data.exists():
        password = secrets.token_urlsafe(32)
        _write_private(places.password, password)
        _make(places, programs, account, password, fsync=fsync)
        return password
    owner = places.data.stat().st_uid
    if owner != account.uid:
        raise OtherOwnerError(places.data, owner, account)
    found = (places.data / "PG_VERSION").read_text().strip()
    if found != programs.major:
        raise OtherMajorError(places.data, found, programs)
    if not places.password.exists():
        raise NoPasswordError(places)
    return places.password.read_text()


def _make(places: Places, programs: Programs, account: Account, password: str, *, fsync: bool) -> None:
    """Run initdb beside the final place: a folder named `data` is always whole, whenever the power goes."""
    half = places.data.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    private(half, account)
    secret = places.sockets / "password"
    _write_private(secret, password)
    account.give(secret)
    try:
        command = [programs.path("initdb"), *_INITDB, f"--pwfile={secret}", f"--pgdata={half}"]
        if not fsync:
            command.append("--no-sync")
        done = account.run(command)
    finally:
        secret.unlink()
    if done.returncode != 0:
        shutil.rmtree(half, ignore_errors=True)
        raise InitdbError(places.data, done.stdout)
    half.rename(places.data)


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, and that nobody can have put a link in place of."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
