"""Starts what a deployment is made of: database, migrations, models, web server, worker."""

import os
import secrets
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import waitress

from engine import check
from engine.clock import now
from engine.db import Database, migrate
from engine.runtime import calendars, deployments
from engine.runtime.library import Library
from engine.worker import Beside, Worker
from engine.worker.handlers import Tools
from engine.worker.mail import mail_for
from web import metrics
from web.app import create_app
from web.place import Place, WorkerEndedError
from web.settings import Settings

THREADS = 8


def prepare(database: Database) -> None:
    """Bring schema and first calendar up to date."""
    migrate(database.url)
    with database.begin() as connection:
        calendars.ensure_first(connection, at=now())


def deploy_folder(database: Database, folder: Path, *, by: str) -> deployments.Deployed | None:
    """Deploy what is new in a folder; None when nothing is. Raises `deployments.RefusedError`.

    A file that was deployed before stays as it is now: starting again never undoes what an analyst deployed.
    """
    with database.begin() as connection:
        files = deployments.unseen(connection, check.read_folder(folder))
        return deployments.deploy(connection, files=files, by=by, at=now()) if files else None


def secret_key(environ: Mapping[str, str], place: Place) -> str:
    """SECRET_KEY, or, for one machine, one that is made once and kept readable by its owner only."""
    if "SECRET_KEY" in environ:
        return environ["SECRET_KEY"]
    kept = place.var / "secret_key"
    if not kept.exists():
        place.var.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return kept.read_text().strip()


def tools(database: Database, library: Library, place: Place, key: str) -> Tools:
    """What the worker's handlers work with."""
    return Tools(
        database=database,
        library=library,
        mail=mail_for(place.mail),
        sender=place.sender,
        address=place.address,
        secret_key=key,
        webhook_hosts=place.webhook_hosts,
    )


def end_on_request() -> None:
    """Let SIGTERM end the process as Ctrl+C does: answers are finished, a database of ours is stopped."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def serve(database: Database, library: Library, settings: Settings, *, host: str, port: int) -> None:
    """Serve the web pages until the process is told to end."""
    app = create_app(database, library, settings)
    app.teardown_request(lambda _: library.settle())
    waitress.serve(app, host=host, port=port, threads=THREADS, ident=None, channel_timeout=60)


def run_worker(worker: Worker, stop: threading.Event, *, metrics_at: str = "") -> None:
    """Work until the process is told to end; `metrics_at` (host:port) is where it tells what it did.

    Raises `StuckError`.
    """
    if metrics_at:
        metrics.listen(metrics_at)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    worker.run(stop)


@contextmanager
def working(worker: Worker) -> Iterator[None]:
    """A worker in a thread beside the web server, which `end_on_request` lets end.

    Raises `WorkerEndedError` when it ended before it was told to.
    """
    beside = Beside(worker)
    try:
        beside.start()
        yield
    finally:
        beside.stop.set()
        beside.join()
        if beside.error is not None:
            raise WorkerEndedError(f"The worker has ended: {beside.error}") from beside.error


def for_one_machine(environ: Mapping[str, str], place: Place) -> Settings:
    """Settings for `sccif run`: plain http on this machine unless the environment says otherwise."""
    key = secret_key(environ, place)
    settings = Settings.from_environment({**environ, "SECRET_KEY": key})
    plain = place.address.startswith("http://")
    return replace(settings, secure_cookies=settings.secure_cookies and not plain)
