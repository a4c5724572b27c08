"""What people are told while the database cannot be had: that the service is away, on a page of its own."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from engine.db import Database
from tests.web.browser import Browser
from web.edge import EXTENSION

pytestmark = pytest.mark.database


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_database_that_is_away_is_said_on_a_page_of_its_own(
    app: Flask, browser: Callable[[str], Browser], signed_in: bool
) -> None:
    someone = browser("ivy" if signed_in else "")
    away = Database("postgresql+psycopg://nowhere.invalid/none")
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], database=away)
    answer = someone.client.get("/tasks" if signed_in else "/sign-in")
    assert answer.status_code == (503 if signed_in else 200)


def test_a_page_for_which_no_connection_is_free_says_so(
    app: Flask, browser: Callable[[str], Browser], database_url: str
) -> None:
    someone = browser("ivy")
    small = Database(database_url, pool_size=1, pool_timeout=0.1)
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], database=small)
    with small.read(), small.read():  # as many again may be opened when the pool is spent
        assert someone.client.get("/tasks").status_code == 503
    assert someone.client.get("/tasks").status_code == 200
    small.dispose()
