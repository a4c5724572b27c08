"""A browser in the small office of `office.py`."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask

from engine.db import Database
from engine.runtime import cases
from engine.runtime.library import Library
from tests.web.browser import Browser
from tests.web.office import MONDAY, PASSWORD, SECRET, furnish, start_case
from web.app import create_app
from web.auth import accounts
from web.edge import EXTENSION, Edge
from web.settings import Settings


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
    furnish(database)
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
    return start_case(database, library)
