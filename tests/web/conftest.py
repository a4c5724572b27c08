"""A small office: a service, people of every role, a short inspection, and a browser that checks pages."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import insert

from engine import check
from engine.db import Database
from engine.db.tables import Service
from engine.queries.people import HeldRole
from engine.runtime import calendars, cases, deployments
from engine.runtime.library import Library
from tests.web.browser import Browser
from web import roles
from web.app import create_app
from web.auth import accounts
from web.edge import EXTENSION, Edge
from web.settings import Settings

MODELS = Path(__file__).parent / "models"
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
SECRET = "a key for tests only, of more than 32 characters"

PEOPLE = {
    "planner": ("Pia Planner", HeldRole(roles.PLANNER, "", "")),
    "ivy": ("Ivy Inspector", HeldRole(roles.LEAD_INSPECTOR, "", "")),
    "ian": ("Ian Inspector", HeldRole(roles.TEAM_INSPECTOR, "", "")),
    "edda": ("Edda Education", HeldRole(roles.EDUCATION_INSPECTOR, "", "")),
    "hal": ("Hal Health", HeldRole(roles.HEALTH_INSPECTOR, "", "")),
    "mona": ("Mona Manager", HeldRole(roles.MANAGER, "Team North", "")),
    "max": ("Max Manager", HeldRole(roles.MANAGER, "Team South", "")),
    "rita": ("Rita Rim", HeldRole(roles.RIM, "", "North")),
    "sam": ("Sam Second", HeldRole(roles.SECOND_RIM, "", "North")),
    "dora": ("Dora Director", HeldRole(roles.DIRECTOR, "", "")),
    "ana": ("Ana Analyst", HeldRole(roles.ANALYST, "", "")),
    "ada": ("Ada Administrator", HeldRole(roles.ADMINISTRATOR, "", "")),
}


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, time: timedelta) -> None:
        self.at += time


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """The least work argon2 takes: what is tested is not its cost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY)


@pytest.fixture
def library() -> Library:
    return Library()


@pytest.fixture
def app(_compiled_once: Flask, database: Database, library: Library, clock: Clock) -> Flask:
    with database.begin() as connection:
        calendars.ensure_first(connection, at=MONDAY)
        deployments.deploy(connection, files=check.read_folder(MODELS), by="ana", at=MONDAY)
        connection.execute(insert(Service), [SERVICE])
        for user_id, (name, held) in PEOPLE.items():
            accounts.add(
                connection,
                user_id=user_id,
                name=name,
                email=f"{user_id}@inspect.example",
                password=PASSWORD,
                roles=[held],
                at=MONDAY,
            )
    settings = Settings(secret_key=SECRET, secure_cookies=False, clock=clock)
    _compiled_once.extensions[EXTENSION] = Edge(database, library, settings)
    return _compiled_once


@pytest.fixture(scope="session")
def _compiled_once() -> Flask:
    """One application for all tests, so that its templates are compiled once."""
    nowhere = Database("postgresql+psycopg://nowhere.invalid/none")
    app = create_app(nowhere, Library(), Settings(secret_key=SECRET, secure_cookies=False))
    app.testing = True
    return app


SERVICE = {
    "urn": "SC000001",
    "name": "Example House",
    "setting": "secure children's home",
    "region": "North",
    "local_authority": "Exampleshire",
    "provider_name": "Example Care Limited",
    "provider_email": "office@provider.example",
    "registered_manager": "Robin Registered",
    "responsible_individual": None,
    "manager_vacant_since": None,
    "last_inspection": None,
    "last_overall": None,
}


@pytest.fixture
def browser(app: Flask, database: Database) -> Callable[[str], Browser]:
    """Opens a browser in which the person is signed in; nobody for an empty name."""

    def open_for(user_id: str) -> Browser:
        browser = Browser(app, database)
        if user_id:
            browser.sign_in(user_id, PASSWORD)
        return browser

    return open_for


@pytest.fixture
def case(app: Flask, database: Database, library: Library) -> cases.Case:
    """A case of which Ivy is the lead and Ian a team member."""
    with database.begin() as connection:
        return cases.start(
            connection,
            library,
            process_id="full_inspection",
            service_urn="SC000001",
            variables={"lead_inspector": "ivy", "inspection_team": ["ivy", "ian"]},
            team="Team North",
            by="planner",
            at=MONDAY,
        )
