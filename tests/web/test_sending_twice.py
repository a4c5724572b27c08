"""What is sent twice is done once: a button pressed again, a form sent again because no answer came."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import Connection
from waiting import until_somebody_waits

from engine.db import Database
from engine.db.tables import Base, Evidence, Instance, SentForm
from engine.runtime.cases import Case
from engine.runtime.library import Library
from tests.web.browser import Browser, Page
from tests.web.office import start_case
from tests.web.test_planning import ADDRESS, PLAN
from web.sending import PAGE

Open = Callable[[str], Browser]

AGAIN = "You had sent this already, and it was done once"
NEW = {
    "source": "Observation", "area": "Education", "text": "Two children read aloud",
    "written-day": "27", "written-month": "11", "written-year": "2026",
}  # fmt: skip


def count(database: Database, table: type[Base]) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def again(browser: Browser, opened: Page, path: str, fields: dict[str, Any]) -> Page:
    """The form of a page that was opened before is sent once more."""
    browser.page = opened
    return browser.post(path, fields)


def number_of(page: Page) -> dict[str, str]:
    """The field that says from which page a form is sent."""
    fields = {each.get("name", ""): each.get("value", "") for each in page.all("input")}
    return {PAGE: fields[PAGE]}


def entry(text: str, file: bytes) -> dict[str, Any]:
    return NEW | {"text": text, "file": (BytesIO(file), "notes.txt")}


def test_an_inspection_that_is_started_twice_is_one_inspection(browser: Open, database: Database) -> None:
    planner = browser("planner")
    opened = planner.get(ADDRESS)
    planner.post("/inspections/start", PLAN)
    page = again(planner, opened, "/inspections/start", PLAN)
    assert page.heading == "SCH-2026-00001: summary"
    assert AGAIN in page.text
    assert count(database, Instance) == 1


def test_who_sends_again_before_the_answer_came_waits_for_it(browser: Open, database: Database) -> None:
    planner, retry = browser("planner"), browser("planner")
    retry.get(ADDRESS)
    the_same = PLAN | number_of(planner.get(ADDRESS))
    with ThreadPoolExecutor(2) as pool:
        with database.begin() as connection:
            connection.exec_driver_sql("LOCK TABLE instance IN SHARE MODE")  # the first cannot end yet
            first = pool.submit(planner.post, "/inspections/start", the_same)
            until_somebody_waits(database)
            second = pool.submit(retry.post, "/inspections/start", the_same)
            until_somebody_waits(database, 2)
        pages = [first.result(), second.result()]
    assert {page.heading for page in pages} == {"SCH-2026-00001: summary"}
    assert count(database, Instance) == 1


def test_what_failed_may_be_sent_again(browser: Open, database: Database) -> None:
    planner = browser("planner")
    opened = planner.get(ADDRESS)
    event.listen(database.engine, "commit", _refuse)
    try:
        with pytest.raises(RuntimeError, match="no commit"):
            planner.post("/inspections/start", PLAN)
    finally:
        event.remove(database.engine, "commit", _refuse)
    assert count(database, SentForm) == 0
    assert AGAIN not in again(planner, opened, "/inspections/start", PLAN).text
    assert count(database, Instance) == 1


def _refuse(_: Connection) -> None:
    raise RuntimeError("no commit")


def test_a_plan_corrected_after_an_error_is_another_sending(browser: Open, database: Database) -> None:
    planner = browser("planner")
    opened = planner.get(ADDRESS)
    assert planner.post("/inspections/start", PLAN | {"lead": ""}).status == 422
    assert again(planner, opened, "/inspections/start", PLAN).status == 200
    assert count(database, Instance) == 1


def test_the_same_evidence_is_an_entry_once_and_other_words_or_another_file_are_another(
    browser: Open, case: Case, database: Database
) -> None:
    ivy, path = browser("ivy"), f"/cases/{case.reference}/evidence"
    opened = ivy.get(path)
    assert ivy.post(path, entry("Calm", b"one")).status == 200
    assert AGAIN in again(ivy, opened, path, entry("Calm", b"one")).text
    assert count(database, Evidence) == 1
    assert AGAIN not in again(ivy, opened, path, entry("Calm and safe", b"one")).text
    assert AGAIN not in again(ivy, opened, path, entry("Calm", b"two")).text
    assert count(database, Evidence) == 3


def test_nobody_meets_what_another_person_or_another_page_sent(
    browser: Open, case: Case, library: Library, database: Database
) -> None:
    other = start_case(database, library)
    ivy, path = browser("ivy"), f"/cases/{case.reference}/evidence"
    number = number_of(ivy.get(path))
    ivy.post(path, NEW)
    for user_id, reference in (("ian", case.reference), ("ivy", other.reference)):
        person, path = browser(user_id), f"/cases/{reference}/evidence"
        person.get(path)
        assert AGAIN not in person.post(path, NEW | number).text
    assert count(database, Evidence) == 3


def test_a_form_that_does_not_say_from_which_page_it_is_makes_nothing(
    browser: Open, database: Database
) -> None:
    planner = browser("planner")
    planner.get(ADDRESS)
    assert planner.post("/inspections/start", PLAN | {PAGE: ""}).status == 400
    assert count(database, Instance) == 0
