"""The parts of a deployment that a test starts, kills and starts again."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

import faultload
import psycopg
from sqlalchemy import insert, make_url

from engine import check, postgres
from engine.clock import now
from engine.db import Database
from engine.db.tables import Service
from engine.queries.people import HeldRole
from engine.runtime import calendars, deployments
from web.auth import accounts

MODELS = (Path(__file__).parents[1] / "models", Path(__file__).parent / "models")
"""The skeleton, and beside it a relay of cases that go on by themselves."""

SCCIF = Path(sys.executable).with_name("sccif")
PASSWORD = "correct horse battery"
SECRET = "only for tests, long enough to be taken"


def furnish(database: Database) -> None:
    """The models, one service, and Ivy the lead and Mona the manager, who can sign in."""
    with database.begin() as connection:
        calendars.ensure_first(connection, at=now())
        files = dict(each for folder in MODELS for each in check.read_folder(folder).items())
        deployments.deploy(connection, files=files, by="analyst", at=now())
        connection.execute(
            insert(Service).values(
                urn="SC000001",
                name="Example House",
                setting="secure children's home",
                region="North",
                local_authority="Exampleshire",
                provider_name="Example Care",
                provider_email="provider@example.org",
            )
        )
        for user_id, held in (("ivy", HeldRole("lead", "", "")), ("mona", HeldRole("manager", "Team 1", ""))):
            accounts.add(
                connection,
                user_id=user_id,
                name=user_id.title(),
                email=f"{user_id}@inspect.example",
                password=PASSWORD,
                roles=[held],
                at=now(),
            )


def until(holds: Callable[[], bool], *, seconds: float = 120) -> None:
    """Wait until something holds; a test that waits in vain fails."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


class OwnPostgres:
    """A server on a folder of the test's own."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._uses = [postgres.start(home, log=_unsaid)]
        self.url = self._uses[0].url

    @property
    def pid(self) -> int:
        return self._uses[-1].pid

    def kill(self) -> None:
        """What a power cut does to it."""
        os.kill(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Stop it in order."""
        for use in self._uses:
            use.stop()
        self._uses.clear()

    def start_again(self) -> None:
        """Start it after it was stopped or killed."""
        self._uses.append(postgres.start(self._home, log=_unsaid))
        assert self._uses[-1].url == self.url

    def answers(self) -> bool:
        """Whether somebody can connect."""
        plain = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        try:
            psycopg.connect(plain, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


class Part:
    """A process of the deployment: the web pages, a worker, or the load program."""

    def __init__(self, command: list[str], settings: Mapping[str, str], log: Path) -> None:
        self._command, self._settings, self._log = command, settings, log
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it, with what it says kept for whoever reads a failure."""
        with self._log.open("ab") as log:
            environ = {**os.environ, **self._settings}
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, env=environ)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid


def settings_for(url: str, mail: str, address: str, *, hook: str = "") -> dict[str, str]:
    """The environment of a deployment's parts; webhooks may reach the address `hook`."""
    return {
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "SCCIF_MAIL": mail,
        "SCCIF_SENDER": faultload.SENDER,
        "SCCIF_WEBHOOK_HOSTS": hook,
        "SCCIF_ADDRESS": address,
        "SCCIF_INSECURE_COOKIES": "1",
    }


def is_alive(address: str) -> bool:
    """Whether the web pages answer."""
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _unsaid(sentence: str) -> None:
    """The launcher's words are for administrators."""
