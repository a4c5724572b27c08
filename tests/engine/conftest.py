"""What the engine tests share: the skeleton process, deployed on a database of the test's own."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from engine import check
from engine.db import Database
from engine.db.tables import Service
from engine.runtime import calendars, deployments
from engine.runtime.library import Library
from engine.simulation import Driver
from engine.worker.handlers import Tools
from engine.worker.mail import FolderMail

MODELS = Path(__file__).parent / "models"
THURSDAY = datetime(2026, 12, 3, 9, tzinfo=UTC)
"""Eighteen working days before Thursday 31 December 2026."""


@pytest.fixture
def mail_folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def tools(database: Database, mail_folder: Path) -> Tools:
    """A database with the skeleton deployed and one service."""
    with database.begin() as connection:
        calendars.ensure_first(connection, at=THURSDAY)
        deployments.deploy(connection, files=check.read_folder(MODELS), by="analyst", at=THURSDAY)
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
    return Tools(
        database=database,
        library=Library(),
        mail=FolderMail(mail_folder),
        sender="inspections@example.org",
        address="http://127.0.0.1",
        secret_key="only for tests, long enough to be taken",
    )


@pytest.fixture
def driver(tools: Tools) -> Driver:
    return Driver(tools, THURSDAY)


@pytest.fixture
def start(driver: Driver) -> Callable[[], int]:
    """Starts a skeleton case led by Ivy."""
    return lambda: driver.start("skeleton", "SC000001", {"lead": "ivy"}, team="Team 1", by="planner")
