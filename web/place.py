"""Where an installation keeps its things, how it is reached, and which database it works on."""

import logging
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine import postgres
from engine.db import Database
from engine.db.migrate import require_current

log = logging.getLogger(__name__)


class NoDatabaseError(Exception):
    """A command works on a database, and there is none."""


class ListenError(Exception):
    """The address for a worker's metrics cannot be used."""


class PortTakenError(Exception):
    """Another program listens where the web pages are to be."""


class WorkerEndedError(Exception):
    """The worker beside the web pages ended by itself; without it no timer fires and no job is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an installation keeps its things and how it is reached."""

    var: Path
    models: Path
    mail: str
    sender: str
    address: str
    webhook_hosts: frozenset[str] = frozenset()
    outside_jobs: frozenset[str] = frozenset()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], *, port: int = 8000) -> "Place":
        """From SCCIF_VAR, _MODELS, _MAIL, _SENDER, _ADDRESS, and, separated by commas, _WEBHOOK_HOSTS and
        _OUTSIDE_JOBS.

        The defaults are for one machine; without hosts, no webhook is called, and without types of outside
        jobs there are none.
        """
        var = Path(environ.get("SCCIF_VAR", "var")).absolute()
        return cls(
            var=var,
            models=Path(environ.get("SCCIF_MODELS", "bpmn")).absolute(),
            mail=environ.get("SCCIF_MAIL", f"folder:{var / 'mail'}"),
            sender=environ.get("SCCIF_SENDER", "inspections@inspect.example"),
            address=environ.get("SCCIF_ADDRESS", f"http://127.0.0.1:{port}"),
            webhook_hosts=_listed(environ, "SCCIF_WEBHOOK_HOSTS"),
            outside_jobs=_listed(environ, "SCCIF_OUTSIDE_JOBS"),
        )

    @property
    def postgres(self) -> Path:
        """The folder of the PostgreSQL that is ours."""
        return self.var / "postgres"


def _listed(environ: Mapping[str, str], name: str) -> frozenset[str]:
    return frozenset(each.strip() for each in environ.get(name, "").split(",") if each.strip())


@contextmanager
def database_for(
    environ: Mapping[str, str], place: Place, *, pool_size: int = 10, level: int = logging.INFO
) -> Iterator[Database]:
    """The database of DATABASE_URL, or our own: started here, also again, and stopped by its last user.

    `level` is that of what the launcher tells.
    """
    with ExitStack() as used:
        url = environ.get("DATABASE_URL")
        if not url:
            server = used.enter_context(postgres.start(place.postgres, log=partial(log.log, level)))
            used.enter_context(postgres.kept(server, log=log.warning))
            url = server.url
        database = Database(url, pool_size=pool_size)
        used.callback(database.dispose)
        yield database


@contextmanager
def present_database(environ: Mapping[str, str]) -> Iterator[Database]:
    """The database of DATABASE_URL, or the one that `sccif run` has made on this machine; never a new one.

    Raises NoDatabaseError where there is neither, SchemaMismatchError where it is not up to date.
    """
    place = Place.from_environment(environ)
    if not environ.get("DATABASE_URL") and not place.postgres.exists():
        raise NoDatabaseError(
            f"DATABASE_URL is not set, and {place.postgres} holds no database. "
            "Set DATABASE_URL, or let 'sccif run' make a database first."
        )
    with database_for(environ, place, level=logging.DEBUG) as database:
        with database.read() as connection:
            require_current(connection)
        yield database


def require_free(host: str, port: int) -> None:
    """Raises PortTakenError when nothing can listen there, before anything has been started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTakenError(
                f"Cannot listen on {host}, port {port}: {error.strerror}. Stop the other program, "
                f"or choose another port with --port (with make: make run ARGS='--port {port + 1}')."
            ) from error
