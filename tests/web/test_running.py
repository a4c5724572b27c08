"""What starting the service does to what is deployed."""

import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine.clock import now
from engine.db import Database
from engine.runtime import deployments
from engine.worker import StuckError, Worker
from web import metrics, running
from web.place import WorkerEndedError

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


class _Hung(Worker):
    """Ends as a worker does whose handlers hang."""

    def __init__(self) -> None:
        self.hanging_now = 8

    @property
    def hanging(self) -> int:
        return self.hanging_now

    def run(self, stop: threading.Event) -> None:
        raise StuckError(self.hanging)


def test_the_web_pages_end_with_an_error_when_the_worker_beside_them_ends() -> None:
    before = signal.getsignal(signal.SIGTERM)
    running.end_on_request()
    try:
        with pytest.raises(WorkerEndedError, match="8 handlers hang"), running.working(_Hung()):
            threading.Event().wait(10)
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_command_whose_worker_ended_ends_with_an_error_code() -> None:
    program = (
        "import click; from web.reporting import Reporting; from engine.worker import StuckError\n"
        "def end(): raise StuckError(8)\n"
        "Reporting(commands={'worker': click.Command('worker', callback=end)})(['worker'])"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ended.returncode, "started anew" in ended.stderr) == (1, True)


def test_the_numbers_tell_how_many_handlers_of_the_worker_hang() -> None:
    hung = _Hung()
    metrics.watch(hung)
    assert metrics.OF_THIS_PROCESS.get_sample_value("sccif_worker_hanging") == 8
    hung.hanging_now = 0
    assert metrics.OF_THIS_PROCESS.get_sample_value("sccif_worker_hanging") == 0
