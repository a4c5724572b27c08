"""What the tests share: one PostgreSQL a run, a database a worker, and how Hypothesis draws."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, Engine, make_url

from engine import db, postgres

# In CI a failure must come again; at home new examples find new faults.
hypothesis.settings.register_profile("home", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "home")

_RUN = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Name the run: the same name in all its workers."""
    workerinput = getattr(config, "workerinput", None)
    config.stash[_RUN] = workerinput["sccif_run"] if workerinput else secrets.token_hex(4)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: "object") -> None:
    """Hand the name to a worker of xdist."""
    node.workerinput["sccif_run"] = node.config.stash[_RUN]  # type: ignore[attr-defined]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests recorded as their coverage of the models."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "coverage" and report.when == "call":
                terminalreporter.write_line(f"coverage: {value}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Nothing outlives the run, whatever became of its workers."""
    if hasattr(config, "workerinput"):
        return
    run = config.stash[_RUN]
    if given := os.environ.get("DATABASE_URL"):
        _drop_databases_of(run, given)
    elif (home := _home(run)).exists():
        postgres.start(home, log=_unsaid, fsync=False).stop()
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def server_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A PostgreSQL server for the run: DATABASE_URL's, else our own, started by the first who asks."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    with postgres.start(_home(request.config.stash[_RUN]), log=_unsaid, fsync=False) as server:
        yield server.url


@pytest.fixture(scope="session")
def template(server_url: str, request: pytest.FixtureRequest) -> str:
    """The name of a database with all migrations and no rows, made once a run."""
    run = request.config.stash[_RUN]
    name, half = f"sccif_{run}_template", f"sccif_{run}_half"
    with _administer(server_url) as connection:
        # One worker makes it; the others wait here until it is whole.
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known is None:
            _execute(connection, "CREATE DATABASE {}", half)
            _migrate(_url(server_url, half))
            _execute(connection, "ALTER DATABASE {} RENAME TO {}", half, name)
    return name


@pytest.fixture(scope="session")
def clone(server_url: str, template: str, request: pytest.FixtureRequest) -> Callable[..., str]:
    """Makes a new database and gives its URL: migrated and without rows, or a copy of the one at `of`."""

    def new(of: str = "") -> str:
        name = f"sccif_{request.config.stash[_RUN]}_{secrets.token_hex(4)}"
        copied = str(make_url(of).database) if of else template
        with _administer(server_url) as connection:
            _execute(connection, "CREATE DATABASE {} TEMPLATE {}", name, copied)
        return _url(server_url, name)

    return new


@pytest.fixture(scope="session")
def worker_engine(clone: Callable[[], str]) -> Iterator[Engine]:
    """An engine on this worker's own database, which stays empty: its users roll back."""
    engine = db.connect(clone())
    yield engine
    engine.dispose()


@pytest.fixture
def connection(worker_engine: Engine) -> Iterator[Connection]:
    """A connection whose work is rolled back after the test."""
    with worker_engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@pytest.fixture
def database_url(clone: Callable[[], str], server_url: str) -> Iterator[str]:
    """A database of the test's own, for code that commits or runs in several connections."""
    url = clone()
    yield url
    with _administer(server_url) as connection:
        _execute(connection, "DROP DATABASE {} WITH (FORCE)", str(make_url(url).database))


@pytest.fixture
def database(database_url: str) -> Iterator[db.Database]:
    """A handle on the test's own database."""
    handle = db.Database(database_url, pool_size=4)
    yield handle
    handle.dispose()


def _migrate(url: str) -> None:
    """In a process of its own: a connection left open here would forbid renaming and cloning."""
    program = "import sys; from engine import db; db.migrate(sys.argv[1])"
    subprocess.run([sys.executable, "-c", program, url], check=True)


def _home(run: str) -> Path:
    return Path(tempfile.gettempdir(), f"sccif-tests-{run}")


def _unsaid(sentence: str) -> None:
    """The launcher's words are for administrators."""


def _url(server_url: str, database: str) -> str:
    return make_url(server_url).set(database=database).render_as_string(hide_password=False)


def _administer(server_url: str) -> "psycopg.Connection[tuple[object, ...]]":
    plain = make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def _execute(connection: "psycopg.Connection[tuple[object, ...]]", statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _drop_databases_of(run: str, server_url: str) -> None:
    with _administer(server_url) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"sccif\\_{run}\\_%"]
        ).fetchall()
        for (name,) in rows:
            _execute(connection, "DROP DATABASE {} WITH (FORCE)", str(name))
