"""What the launcher does not touch, and what it tells the administrator to do."""

import os
import shutil
from pathlib import Path

import pytest

from engine import postgres
from engine.postgres import places, programs
from engine.postgres.account import choose

pytestmark = pytest.mark.database

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has another account's folders")


@pytest.fixture
def stopped(home: Path, said: list[str]) -> Path:
    """The data folder of a server that ran and was stopped."""
    postgres.start(home, log=said.append, fsync=False).stop()
    return home / "data"


def test_data_of_another_major_version_is_refused_with_the_remedy(
    home: Path, said: list[str], stopped: Path
) -> None:
    (stopped / "PG_VERSION").write_text("15\n")
    with pytest.raises(postgres.OtherMajorError, match=r"PostgreSQL 15.*pg_dumpall.*DATABASE_URL"):
        postgres.start(home, log=said.append)
    assert not (stopped / "postmaster.pid").exists()


@pytest.mark.usefixtures("stopped")
def test_data_without_its_password_is_refused_with_the_remedy(home: Path, said: list[str]) -> None:
    (home / "password").unlink()
    with pytest.raises(postgres.NoPasswordError, match="backup"):
        postgres.start(home, log=said.append)


@pytest.mark.usefixtures("stopped")
def test_a_wrong_password_is_an_error_that_names_the_log(home: Path, said: list[str]) -> None:
    (home / "password").write_text("not it")
    with pytest.raises(postgres.StartError, match="log"):
        postgres.start(home, log=said.append)


@only_root
def test_data_of_another_account_is_refused_with_the_remedy(
    home: Path, said: list[str], stopped: Path
) -> None:
    os.chown(stopped, 0, 0)
    with pytest.raises(postgres.OtherOwnerError, match="same user"):
        postgres.start(home, log=said.append)


def test_a_socket_folder_that_others_may_enter_is_refused(home: Path, said: list[str]) -> None:
    home.mkdir(mode=0o711)
    (home / "sockets").mkdir()
    (home / "sockets").chmod(0o777)
    with pytest.raises(postgres.UnsafeFolderError, match="sockets"):
        postgres.start(home, log=said.append)


def test_without_a_wheel_the_remedy_is_a_server_of_ones_own(
    home: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "WHEEL", "no_such_wheel")
    with pytest.raises(postgres.NoProgramsError, match="DATABASE_URL"):
        postgres.start(home, log=said.append)


def test_a_start_that_was_cut_short_leaves_nothing_that_looks_whole(home: Path, said: list[str]) -> None:
    home.mkdir(mode=0o711)
    (home / "data.half").mkdir()
    (home / "data.half" / "PG_VERSION").write_text("18\n")
    with postgres.start(home, log=said.append, fsync=False) as server:
        assert server.pid
    assert not (home / "data.half").exists()


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(room: Path, said: list[str]) -> None:
    home = room / ("long" * 25) / "postgres"
    home.parent.mkdir(mode=0o711)
    with postgres.start(home, log=said.append, fsync=False) as server:
        assert server.pid
    sockets = Path(said[0].rpartition("which is in ")[2].removesuffix(" instead."))
    assert len(os.fsencode(sockets / places.SOCKET_NAME)) <= places.LONGEST_SOCKET
    assert sockets.stat().st_mode & 0o077 == 0
    sockets.rmdir()


@only_root
def test_data_moves_rather_than_a_closed_folder_being_opened(
    room: Path, said: list[str], tmp_path: Path
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with postgres.start(closed / "postgres", log=said.append, fsync=False, shelf=room / "shelf"):
        assert "may not enter" in said[0]
    # Even once the folder is open, the data stays where it was put.
    again = places.settle(closed / "postgres", choose(), shelf=room / "other", log=said.append)
    assert again.data.is_relative_to(room / "shelf")
    assert closed.stat().st_mode & 0o777 == 0o700


@only_root
def test_programs_that_the_account_cannot_reach_are_copied_not_opened(room: Path, tmp_path: Path) -> None:
    installed = programs.find()
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(installed.folder, closed / "programs", symlinks=True)
    hidden = programs.Programs(closed / "programs", installed.version)
    usable = programs.within_reach(hidden, choose(), room / "shelf")
    assert choose().run([usable.path("postgres"), "--version"]).stdout.endswith(f"{installed.version}\n")
    assert closed.stat().st_mode & 0o777 == 0o700
