"""Where it is measured: a PostgreSQL with its durability on, a database of its own, the models deployed."""

import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import insert, make_url

from engine import db, postgres
from engine.db import Database
from engine.db.tables import Service
from engine.runtime import calendars, deployments
from engine.runtime.library import Library

AT = datetime(2026, 12, 3, 9, tzinfo=UTC)
SETTINGS = (
    "server_version",
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "wal_sync_method",
    "shared_buffers",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A migrated database with the models deployed, and what its server promises."""

    url: str
    database: Database
    library: Library
    settings: Mapping[str, str]

    @property
    def plain_url(self) -> str:
        """The address for psycopg alone."""
        return _plain(self.url)


@contextmanager
def place(files: Mapping[str, bytes]) -> Iterator[Place]:
    """A throw-away database with `files` deployed: on DATABASE_URL's server, else on one of our own."""
    if given := os.environ.get("DATABASE_URL"):
        with _database_on(given) as url, prepared(url, files) as found:
            yield found
        return
    with (
        tempfile.TemporaryDirectory(prefix="sccif-bench-") as folder,
        postgres.start(Path(folder, "postgres"), log=lambda sentence: None) as server,
        prepared(server.url, files) as found,
    ):
        yield found


@contextmanager
def prepared(url: str, files: Mapping[str, bytes]) -> Iterator[Place]:
    """The database at `url`, migrated, with `files` deployed and one service."""
    db.migrate(url)
    database = Database(url, pool_size=20)
    with database.begin() as connection:
        calendars.ensure_first(connection, at=AT)
        deployments.deploy(connection, files=files, by="bench", at=AT)
        connection.execute(
            insert(Service).values(
                urn="SC000001",
                name="Example House",
                setting="children's home",
                region="North",
                local_authority="Exampleshire",
                provider_name="Example Care",
                provider_email="provider@example.org",
            )
        )
        settings = {name: str(connection.exec_driver_sql(f"SHOW {name}").scalar_one()) for name in SETTINGS}
    yield Place(url, database, Library(), settings)
    database.dispose()


@contextmanager
def _database_on(server_url: str) -> Iterator[str]:
    name = sql.Identifier(f"sccif_bench_{secrets.token_hex(4)}")
    with psycopg.connect(_plain(server_url), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            url = make_url(server_url).set(database=name.as_string().strip('"'))
            yield url.render_as_string(hide_password=False)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
