"""Headers, limits and the pages for what goes wrong."""

import re
import time
from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.browser import Browser, Page
from web import access, edge, security

Open = Callable[[str], Browser]


def test_pages_run_no_script_but_ours(browser: Open) -> None:
    page = browser("").get("/sign-in")
    policy = page.response.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([\w-]+)'", policy)
    assert nonce
    assert "unsafe" not in policy
    for script in page.all("script"):
        assert script.get("src", "").startswith("/static/") or script.get("nonce") == nonce[1]
    assert not [each for each in page.root.iter() if each.get("style")]


def test_two_pages_share_no_nonce(browser: Open) -> None:
    stranger = browser("")
    policies = {stranger.get("/sign-in").response.headers["Content-Security-Policy"] for _ in range(2)}
    assert len(policies) == 2


def test_pages_are_framed_by_nobody_and_kept_by_no_cache(browser: Open) -> None:
    headers = browser("").get("/sign-in").response.headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_request_that_is_too_large_has_a_page(browser: Open) -> None:
    ivy = browser("ivy")
    page = ivy.post("/tasks/1/complete", {"summary": "x" * (security.UPLOAD_LIMIT + 1)})
    assert page.status == 413
    assert "25 MiB" in page.text


def test_a_fault_of_ours_has_a_page_and_keeps_what_was_typed(app: Flask, browser: Open) -> None:
    ivy = browser("ivy")
    app.testing = False
    kept, app.view_functions["inbox.release"] = (
        app.view_functions["inbox.release"],
        access.for_anyone(_broken),
    )
    try:
        page = ivy.post("/tasks/1/release", {"summary": "Long notes"})
    finally:
        app.testing, app.view_functions["inbox.release"] = True, kept
    assert page.status == 500
    assert page.heading == "Sorry, something went wrong"
    assert "Long notes" in page.text
    assert "secret detail" not in page.text


def _silent() -> str:
    with edge.writing() as connection:
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 50")
        time.sleep(0.3)
        connection.exec_driver_sql("SELECT 1")
    return ""


def _wrong() -> str:
    with edge.writing() as connection:
        connection.exec_driver_sql("SELECT 1 / 0")
    return ""


@pytest.mark.parametrize(("fault", "status"), [(_silent, 503), (_wrong, 500)])
def test_what_the_database_says_is_to_be_sent_again_or_is_our_mistake(
    fault: Callable[[], str],
    status: int,
    app: Flask,
    browser: Open,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ivy = browser("ivy")
    monkeypatch.setattr(app, "testing", False)
    monkeypatch.setitem(app.view_functions, "inbox.release", access.for_anyone(lambda task_id: fault()))
    page = ivy.post("/tasks/1/release", {"summary": "Long notes"})
    assert page.status == status
    assert "Long notes" in page.text
    assert "idle-in-transaction" in caplog.text or "division by zero" in caplog.text, (
        "whoever runs it sees why"
    )


def test_no_page_speaks_of_a_crown(browser: Open) -> None:
    page: Page = browser("").get("/sign-in")
    html = page.response.get_data(as_text=True).lower()
    assert "crown" not in html
    assert "crest" not in html


def _broken(task_id: int) -> str:
    raise ZeroDivisionError("secret detail")
