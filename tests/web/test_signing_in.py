"""Signing in and out, and what keeps strangers away."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from engine.db import Database
from engine.db.tables import User
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.office import PASSWORD
from web.settings import MissingSettingError, Settings

Open = Callable[[str], Browser]


def test_a_person_signs_in_and_finds_their_tasks(browser: Open) -> None:
    ivy = browser("ivy")
    assert ivy.page.heading == "Your tasks"
    assert "Ivy Inspector" in ivy.page.response.get_data(as_text=True)


def test_a_wrong_password_says_no_more_than_that(browser: Open) -> None:
    nobody = browser("")
    page = nobody.sign_in("ivy", "wrong")
    unknown = browser("").sign_in("nobody at all", "wrong")
    assert page.status == unknown.status == 422
    assert (
        page.errors() == unknown.errors() == {"user": "Enter the user name and password of an active account"}
    )


def test_after_five_wrong_passwords_the_account_waits(browser: Open, clock: Clock) -> None:
    stranger = browser("")
    for _ in range(5):
        stranger.sign_in("ivy", "wrong")
    page = stranger.sign_in("ivy", PASSWORD)
    assert page.status == 429
    assert page.heading == "Too many attempts to sign in"
    assert PASSWORD not in page.response.get_data(as_text=True)
    clock.pass_by(timedelta(minutes=16))
    assert stranger.sign_in("ivy", PASSWORD).heading == "Your tasks"


def test_a_page_that_needs_an_account_is_reached_after_signing_in(browser: Open) -> None:
    stranger = browser("")
    assert stranger.get("/tasks/done").heading == "Sign in"
    page = stranger.post("/sign-in", {"user": "ivy", "password": PASSWORD, "next": "/tasks/done"})
    assert page.heading == "Tasks you have done"


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example"]
)
def test_signing_in_leads_nowhere_else(browser: Open, elsewhere: str) -> None:
    stranger = browser("")
    stranger.get("/sign-in")
    answer = stranger.client.post(
        "/sign-in",
        data={"user": "ivy", "password": PASSWORD, "next": elsewhere, "csrf_token": stranger.token()},
    )
    assert answer.headers["Location"] == "/tasks"


def test_signing_out_ends_the_session(browser: Open) -> None:
    ivy = browser("ivy")
    assert ivy.post("/sign-out").heading == "Sign in"
    assert ivy.get("/tasks").heading == "Sign in"


def test_a_closed_account_or_a_new_password_ends_sessions(browser: Open, database: Database) -> None:
    ivy, ian = browser("ivy"), browser("ian")
    with database.begin() as connection:
        connection.execute(update(User).where(User.id == "ivy").values(active=False))
        connection.execute(
            update(User).where(User.id == "ian").values(password_hash="another hash altogether")
        )
    assert ivy.get("/tasks").heading == "Sign in"
    assert ian.get("/tasks").heading == "Sign in"


def test_a_form_sent_after_the_session_ended_gives_back_what_was_typed(browser: Open) -> None:
    ivy = browser("ivy")
    token = ivy.token()
    ivy.client.delete_cookie("sccif")
    page = ivy.post("/tasks/1/complete", {"csrf_token": token, "summary": "Two hours of notes"})
    assert page.status == 401
    assert page.heading == "You have been signed out"
    assert "Two hours of notes" in page.text


def test_a_form_without_a_token_is_refused_and_gives_back_what_was_typed(browser: Open) -> None:
    ivy = browser("ivy")
    page = ivy.post("/tasks/1/complete", {"csrf_token": "", "summary": "Two hours of notes"})
    assert page.status == 400
    assert page.heading == "The form is out of date"
    assert "Two hours of notes" in page.text


def test_cookies_are_closed_to_scripts_and_other_sites(browser: Open) -> None:
    ivy = browser("")
    ivy.get("/sign-in")
    answer = ivy.client.post(
        "/sign-in", data={"user": "ivy", "password": PASSWORD, "csrf_token": ivy.token()}
    )
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_cookies_are_secure_unless_told_otherwise(app: Flask) -> None:
    settings = Settings.from_environment({"SECRET_KEY": "k" * 32})
    assert settings.secure_cookies
    assert not Settings.from_environment(
        {"SECRET_KEY": "k" * 32, "SCCIF_INSECURE_COOKIES": "1"}
    ).secure_cookies


def test_a_deployment_without_a_secret_does_not_start() -> None:
    with pytest.raises(MissingSettingError, match="token_urlsafe"):
        Settings.from_environment({"SECRET_KEY": "short"})
