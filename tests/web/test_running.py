"""What starting the service does to what is deployed."""

import shutil
from pathlib import Path

import pytest

from engine.clock import now
from engine.db import Database
from engine.runtime import deployments
from web import running

TABLE = "limit.dmn"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(Path(__file__).parents[1] / "engine" / "models", tmp_path / "models"))


def deployed(database: Database, name: str) -> bytes:
    with database.read() as connection:
        return deployments.together(connection, {})[name]


def test_starting_again_never_undoes_what_an_analyst_deployed(database: Database, folder: Path) -> None:
    assert running.deploy_folder(database, folder, by="system") is not None
    changed = deployed(database, TABLE).replace(b">18<", b">17<")
    with database.begin() as connection:
        assert deployments.deploy(connection, files={TABLE: changed}, by="analyst", at=now())
    assert running.deploy_folder(database, folder, by="system") is None
    assert deployed(database, TABLE) == changed


def test_a_file_that_is_new_in_the_folder_is_deployed_beside_what_an_analyst_deployed(
    database: Database, folder: Path
) -> None:
    running.deploy_folder(database, folder, by="system")
    changed = deployed(database, TABLE).replace(b">18<", b">17<")
    with database.begin() as connection:
        deployments.deploy(connection, files={TABLE: changed}, by="analyst", at=now())
    form = next(folder.glob("*.form"))
    form.write_bytes(form.read_bytes() + b"\n")
    made = running.deploy_folder(database, folder, by="system")
    assert made is not None
    assert list(made.forms)
    assert deployed(database, TABLE) == changed
