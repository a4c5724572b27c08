"""What process tests share: the models deployed, one secure children's home, and people who have addresses."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from engine import check
from engine.db import Database
from engine.db.tables import Service, User
from engine.runtime import calendars, deployments
from engine.runtime.library import Library
from engine.simulation import Driver
from engine.worker.handlers import Tools
from engine.worker.mail import FolderMail
from tests.processes.inspection import TEAM, URN, Inspection

MODELS = Path(__file__).parents[2] / "bpmn"
BEFORE = datetime(2024, 5, 31, 9, tzinfo=UTC)


@pytest.fixture
def mail_folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def tools(database: Database, mail_folder: Path) -> Tools:
    """A database of the test's own, with the product's models."""
    with database.begin() as connection:
        calendars.ensure_first(connection, at=BEFORE)
        deployments.deploy(connection, files=check.read_folder(MODELS), by="analyst", at=BEFORE)
        connection.execute(
            insert(Service).values(
                urn=URN,
                name="Example Lodge",
                setting="secure children's home",
                region="North",
                local_authority="Exampleshire",
                provider_name="Example Care",
                provider_email="provider@example.org",
                registered_manager="Mona Manager",
                responsible_individual="Rita Responsible",
            )
        )
        people = [
            {"id": each, "name": each, "email": f"{each}@example.org", "password_hash": "", "created_at": BEFORE}
            for each in TEAM
        ]
        connection.execute(insert(User), people)
    return Tools(
        database=database,
        library=Library(),
        mail=FolderMail(mail_folder),
        sender="inspections@example.org",
        address="http://127.0.0.1",
        secret_key="only for tests, long enough to be taken",
    )


@pytest.fixture
def inspection(tools: Tools) -> Inspection:
    """An inspection that has not begun."""
    return Inspection(Driver(tools, BEFORE))


@pytest.fixture
def mail(mail_folder: Path) -> Callable[[], list[str]]:
    """The subjects of all e-mails sent so far, in the order of their names."""
    return lambda: [
        line.removeprefix("Subject: ")
        for message in sorted(mail_folder.glob("*.eml"))
        for line in message.read_text().splitlines()
        if line.startswith("Subject: ")
    ]
