"""What process tests share: the models deployed, a secure children's home, and people with addresses."""

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import insert, make_url

from engine import check
from engine.db import Database
from engine.db.tables import Service, User, UserRole
from engine.runtime import calendars, deployments
from engine.runtime.library import Library
from engine.simulation import Driver
from engine.worker.handlers import Tools
from engine.worker.mail import FolderMail
from tests.processes.inspection import TEAM, URN, Inspection

MODELS = Path(__file__).parents[2] / "bpmn"
BEFORE = datetime(2024, 5, 31, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def deployed(clone: Callable[[], str]) -> str:
    """The URL of a database with the product's models, one home and its inspectors; only ever copied."""
    url = clone()
    database = Database(url, pool_size=1)
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
        connection.execute(
            insert(Service),
            [
                {
                    "urn": urn,
                    "name": name,
                    "setting": setting,
                    "region": "North",
                    "local_authority": "Exampleshire",
                    "provider_name": "Example Care",
                    "provider_email": "provider@example.org",
                    "registered_manager": "Mona Manager",
                }
                for urn, name, setting in (
                    ("CH000001", "Sample House", "children's home"),
                    ("AS000001", "Sample Adoption Support", "adoption support agency"),
                )
            ],
        )
        people = [
            {
                "id": each,
                "name": each,
                "email": f"{each}@example.org",
                "password_hash": "",
                "created_at": BEFORE,
            }
            for each in (*TEAM, "mona", "rory", "dora")
        ]
        connection.execute(insert(User), people)
        overseers = [
            ("mona", "manager", "Secure homes", ""),
            ("rory", "rim", "", "North"),
            ("dora", "director", "", ""),
        ]
        connection.execute(
            insert(UserRole),
            [
                {"user_id": who, "role": role, "team": team, "region": region}
                for who, role, team, region in overseers
            ],
        )
    database.dispose()
    return url


@pytest.fixture(scope="session")
def library() -> Library:
    """What is compiled once serves every copy of the database: their definitions have the same ids."""
    return Library()


@pytest.fixture
def copied(deployed: str, server_url: str) -> Iterator[Database]:
    """A copy of the deployed database, of the test's own."""
    name = f"{make_url(deployed).database}_{secrets.token_hex(4)}"
    copying = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(str(make_url(deployed).database))
    )
    dropping = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
    plain = make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(copying)
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    database = Database(url, pool_size=4)
    yield database
    database.dispose()
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(dropping)


@pytest.fixture
def mail_folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def tools(copied: Database, library: Library, mail_folder: Path) -> Tools:
    """What the worker works with."""
    return Tools(
        database=copied,
        library=library,
        mail=FolderMail(mail_folder),
        sender="inspections@example.org",
        address="http://127.0.0.1",
        secret_key="only for tests, long enough to be taken",
    )


@pytest.fixture
def inspection(tools: Tools) -> Inspection:
    """An inspection that has not begun."""
    return Inspection(Driver(tools, BEFORE), tools)


@pytest.fixture
def mail(mail_folder: Path) -> Callable[[], list[str]]:
    """The subjects of all e-mails sent so far, in the order of their names."""
    return lambda: [
        line.removeprefix("Subject: ")
        for message in sorted(mail_folder.glob("*.eml"))
        for line in message.read_text().splitlines()
        if line.startswith("Subject: ")
    ]
