"""The office of the web tests with a process whose deadlines people can change."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from copying import copy_of
from flask import Flask
from sqlalchemy import insert

from engine import check, feel
from engine.db import Database
from engine.db.tables import Service
from engine.runtime import calendars, cases, deployments
from engine.runtime.cases import Case
from engine.runtime.library import Library
from engine.simulation import Driver
from engine.worker.handlers import Tools
from engine.worker.mail import FolderMail
from tests.web.conftest import Clock
from tests.web.office import MONDAY, PASSWORD, PEOPLE, SECRET, SERVICE
from web.auth import accounts
from web.edge import EXTENSION, Edge
from web.settings import Settings

CHANGES = Path(__file__).parents[3] / "bpmn" / "decisions" / "deadline_changes.dmn"
MODELS = Path(__file__).parents[2] / "engine" / "deadlines" / "models"


@pytest.fixture(scope="session")
def furnished(clone: Callable[[], str], _cheap_passwords: None) -> str:
    """The URL of a database with the process and everyone in the office; only ever copied."""
    url = clone()
    database = Database(url, pool_size=1)
    files = {**check.read_folder(MODELS), "decisions/deadline_changes.dmn": CHANGES.read_bytes()}
    with database.begin() as connection:
        calendars.ensure_first(connection, at=MONDAY)
        deployments.deploy(connection, files=files, by="ana", at=MONDAY)
        connection.execute(insert(Service), [SERVICE])
        for user_id, (name, held) in PEOPLE.items():
            email = f"{user_id}@inspect.example"
            accounts.add(
                connection,
                user_id=user_id,
                name=name,
                email=email,
                password=PASSWORD,
                roles=[held],
                at=MONDAY,
            )
    database.dispose()
    return url


@pytest.fixture(scope="session")
def library() -> Library:
    """What is compiled once serves every copy: their definitions have the same ids."""
    return Library()


@pytest.fixture
def database(furnished: str, server_url: str) -> Iterator[Database]:
    with copy_of(furnished, server_url) as copy:
        yield copy


@pytest.fixture
def app(_compiled_once: Flask, database: Database, library: Library, clock: Clock) -> Flask:
    settings = Settings(secret_key=SECRET, secure_cookies=False, clock=clock)
    _compiled_once.extensions[EXTENSION] = Edge(database, library, settings)
    return _compiled_once


@pytest.fixture
def driver(app: Flask, database: Database, library: Library, tmp_path: Path) -> Driver:
    tools = Tools(
        database=database,
        library=library,
        mail=FolderMail(tmp_path / "mail"),
        sender="inspections@example.org",
        address="http://127.0.0.1",
        secret_key=SECRET,
    )
    return Driver(tools, MONDAY)


@pytest.fixture
def visited(driver: Driver, database: Database, library: Library) -> Callable[[], Case]:
    """A case that Ivy leads, whose home was visited on Monday 30 November 2026."""

    def begin() -> Case:
        with database.begin() as connection:
            case = cases.start(
                connection,
                library,
                process_id="visit_and_finish",
                service_urn=SERVICE["urn"],
                variables={
                    "lead_inspector": "ivy",
                    "report_days": Decimal(18),
                    "rim_email": "rim@example.org",
                    "director_email": "director@example.org",
                },
                team="Team North",
                by="planner",
                at=driver.at,
            )
        driver.do(case.id, "Task_Visit", visited_on=feel.Date.of(date(2026, 11, 30)))
        return case

    return begin
