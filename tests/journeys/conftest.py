"""A real browser for the journeys, and a picture of the page when one fails."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from engine import check
from engine.db import Database
from engine.runtime import calendars, deployments
from engine.runtime.library import Library
from tests.journeys import browser as chromium
from tests.journeys.office import BEFORE, MODELS, Office, opened
from tests.journeys.people import Colleague, Provider
from tests.journeys.watching import Watch
from web import demo

ARTEFACTS = Path(__file__).parents[2] / "test-artefacts"

# No sandbox, because CI is root; the rest keeps Chromium from talking to anything but the tested server.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a journey."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.timeout(900))  # a person's whole way, on a machine that may be busy


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember for `page` whether the test failed."""
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium. Without one: skipped at home, an error in CI."""
    path = chromium.find()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(chromium.MISSING)
        pytest.skip(chromium.MISSING)
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens a page as a person of its own (no shared cookies); options as for Playwright's new_context."""
    contexts: list[BrowserContext] = []

    def open_page(**options: object) -> Page:
        context = browser.new_context(locale="en-GB", timezone_id="Europe/London", **options)  # type: ignore[arg-type]
        context.set_default_timeout(60_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for number, context in enumerate(contexts):
        if request.node.stash.get(_FAILED, False):
            ARTEFACTS.mkdir(exist_ok=True)
            name = re.sub(r"\W+", "-", request.node.name)
            for page in context.pages:
                page.screenshot(path=ARTEFACTS / f"{name}-{number}.png", full_page=True)
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One person's page."""
    return new_page()


@contextmanager
def _serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serves an application and gives its address, until the test ends."""
    with ExitStack() as servers:
        yield lambda app: servers.enter_context(_serving(app))


@pytest.fixture(scope="session")
def prepared(clone: Callable[..., str]) -> str:
    """The URL of a database with the models deployed, invented homes and people; only ever copied."""
    url = clone()
    database = Database(url, pool_size=1)
    with database.begin() as connection:
        calendars.ensure_first(connection, at=BEFORE)
        deployments.deploy(connection, files=check.read_folder(MODELS), by="analyst", at=BEFORE)
        demo.add_people(connection)
        demo.add_services(connection)
    database.dispose()
    return url


@pytest.fixture
def office(prepared: str, clone: Callable[..., str]) -> Iterator[Office]:
    """The running service, on a database of the test's own."""
    database = Database(clone(prepared), pool_size=12)
    with opened(database, Library()) as office:
        yield office
    database.dispose()


@pytest.fixture
def watch(request: pytest.FixtureRequest) -> Iterator[Watch]:
    """Looks at every page of the journey; what it found fails the journey at its end."""
    watch = Watch(ARTEFACTS / re.sub(r"\W+", "-", request.node.name.removeprefix("test_")))
    yield watch
    assert watch.complaints == []


@pytest.fixture
def colleague(new_page: Callable[..., Page], office: Office, watch: Watch) -> Callable[..., Colleague]:
    """Somebody of the demonstration, by user name, signed in at a browser of their own."""
    known: dict[str, Colleague] = {}

    def come(user_id: str, *, of: str = "", scripted: bool = True) -> Colleague:
        """`of` tells a second browser of the same person from the first."""
        name = of or user_id
        if name not in known:
            page = new_page(java_script_enabled=scripted)
            known[name] = Colleague(page, office, watch, user_id, scripted=scripted).signs_in()
        return known[name]

    return come


@pytest.fixture
def provider(new_page: Callable[..., Page], office: Office, watch: Watch) -> Provider:
    """The provider at a browser that nobody signed in with."""
    return Provider(new_page(), office, watch, "provider")
