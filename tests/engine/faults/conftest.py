"""A deployment of the test's own: PostgreSQL that writes through, people, the skeleton process."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import db
from tests.engine.faults.arrivals import Log, counted
from tests.engine.faults.deployment import OwnPostgres, furnish

ROUNDS = int(os.environ.get("SCCIF_FAULT_ROUNDS", "4"))
"""How often something is killed; `make test` asks for 25, `make test-faults` for 500."""


@pytest.fixture
def own_postgres() -> Iterator[OwnPostgres]:
    """A server that may be killed: nobody else uses it, and what it says is written is on the disk."""
    home = Path(tempfile.gettempdir(), f"sccif-faults-{secrets.token_hex(4)}")
    server = OwnPostgres(home)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def furnished(own_postgres: OwnPostgres) -> OwnPostgres:
    """The same with the schema, skeleton and relay deployed, one service and two people."""
    db.migrate(own_postgres.url)
    database = db.Database(own_postgres.url, pool_size=2)
    furnish(database)
    database.dispose()
    return own_postgres


@pytest.fixture
def log() -> Iterator[Log]:
    """What arrives at the mail server and the web server of others."""
    with counted() as log:
        yield log
