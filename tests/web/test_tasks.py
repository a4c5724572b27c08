"""The inbox and the page of a task, as inspectors use them."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Connection, event, func, select
from waiting import meanwhile

from engine import feel
from engine.db import Database
from engine.db.tables import AccessLog
from engine.runtime import operator, store, user_tasks
from engine.runtime.cases import Case
from engine.runtime.library import Library
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.office import MONDAY

Open = Callable[[str], Browser]

GOOD = {
    "visited_on-day": "1", "visited_on-month": "12", "visited_on-year": "2026",
    "children": "8", "summary": "Calm and purposeful",
}  # fmt: skip


def task_of(browser: Browser, name: str, path: str = "/tasks/team") -> str:
    """The address of the task of that name in a list."""
    return browser.get(path).links()[name]


def claimed(browser: Browser) -> str:
    address = task_of(browser, "Visit the home")
    browser.get(address)
    browser.post(f"{address}/claim")
    return address


def test_a_task_is_offered_to_those_the_case_names(browser: Open, case: Case) -> None:
    assert "Visit the home" in browser("ivy").get("/tasks/team").links()
    assert "Visit the home" not in browser("mona").get("/tasks/team").links()


def test_a_claimed_task_moves_to_mine_and_shows_its_questions(browser: Open, case: Case) -> None:
    ivy = browser("ivy")
    address = claimed(ivy)
    assert "What did you see?" in ivy.page.text
    assert ivy.get("/tasks").links()["Visit the home"] == address


def test_a_task_page_says_by_when_and_why(browser: Open, case: Case) -> None:
    ivy = browser("ivy")
    claimed(ivy)
    assert "Monday 7 December 2026" in ivy.page.text
    assert "SCH-FI-001" in ivy.page.links()


def test_wrong_answers_are_told_beside_what_was_typed(browser: Open, case: Case) -> None:
    ivy = browser("ivy")
    address = claimed(ivy)
    page = ivy.post(f"{address}/complete", {"children": "many", "summary": "Calm and purposeful"})
    assert page.status == 422
    assert page.errors().keys() == {"visited_on-day", "children"}
    assert "Calm and purposeful" in page.text
    assert 'value="many"' in page.response.get_data(as_text=True)


def test_completing_leads_to_the_case_with_what_comes_next(browser: Open, case: Case) -> None:
    ivy = browser("ivy")
    address = claimed(ivy)
    page = ivy.post(f"{address}/complete", GOOD)
    assert page.status == 200
    assert page.heading.startswith(case.reference)
    assert "You completed “Visit the home”" in page.text
    assert "Comment on the draft report" in page.text
    assert "Tuesday 8 December 2026" in page.text
    assert "Visit the home" in ivy.get("/tasks/done").links()


def test_a_saved_draft_comes_back(browser: Open, case: Case) -> None:
    ivy = browser("ivy")
    address = claimed(ivy)
    page = ivy.post(f"{address}/draft", {"summary": "Half a thought"})
    assert "Saved" in page.text
    assert "Half a thought" in ivy.get(address).text
    assert "Draft saved" in ivy.get("/tasks").text


def test_the_second_to_complete_sees_who_was_first_and_what_they_typed(browser: Open, case: Case) -> None:
    first, second = browser("ivy"), browser("ivy")
    address = claimed(first)
    second.get(address)
    first.post(f"{address}/complete", GOOD)
    page = second.post(f"{address}/complete", GOOD | {"summary": "My own long notes"})
    assert page.status == 409
    assert page.heading == "This task is already complete"
    assert "Ivy Inspector completed this task" in page.text
    assert "What did you see?" in page.text
    assert "My own long notes" in page.text


def test_answers_are_checked_against_the_case_as_it_is_when_they_are_recorded(
    browser: Open, case: Case, database: Database, library: Library
) -> None:
    ivy = browser("ivy")
    address = claimed(ivy)

    def a_date_is_corrected(connection: Connection) -> None:
        operator.set_variable(
            connection,
            library,
            instance_id=case.id,
            name="planned_first_day",
            value=feel.Date(2026, 12, 2),
            reason="The inspection begins a day later",
            by=user_tasks.Actor("ada", (user_tasks.Role("administrator"),)),
            at=MONDAY,
        )

    page = meanwhile(database, a_date_is_corrected, lambda: ivy.post(f"{address}/complete", GOOD))
    assert page.status == 422
    assert page.errors() == {"visited_on-day": "Enter a day of the inspection"}
    assert "Calm and purposeful" in page.text


def test_who_sends_while_the_case_is_suspended_is_told_of_it_beside_what_is_missing(
    browser: Open, case: Case, database: Database, library: Library
) -> None:
    ivy, rim = browser("ivy"), user_tasks.Actor("rita", (user_tasks.Role("rim", region="North"),))
    address = claimed(ivy)

    def it_is_suspended(connection: Connection) -> None:
        because = "A court looks at it"
        operator.suspend(connection, library, instance_id=case.id, reason=because, by=rim, at=MONDAY)

    page = meanwhile(database, it_is_suspended, lambda: ivy.post(f"{address}/complete", {"children": "8"}))
    assert page.status == 422
    assert "A court looks at it" in page.text


def test_who_sends_answers_while_the_case_is_held_too_long_gets_them_back(
    browser: Open, case: Case, database: Database
) -> None:
    ivy = browser("ivy")
    address = claimed(ivy)
    with database.begin() as connection:
        store.lock(connection, case.id)
        event.listen(database.engine, "begin", _impatient)
        try:
            page = ivy.post(f"{address}/complete", GOOD)
        finally:
            event.remove(database.engine, "begin", _impatient)
    assert page.status == 503
    assert page.heading == "Someone else is working on this case"
    assert "What did you see?" in page.text
    assert "Calm and purposeful" in page.text


def _impatient(connection: Connection) -> None:
    connection.exec_driver_sql("SET LOCAL lock_timeout = 100")


def test_a_task_claimed_by_another_says_by_whom(browser: Open, case: Case) -> None:
    dora, ivy = browser("dora"), browser("ivy")
    address = claimed(ivy)
    assert "Ivy Inspector has claimed this task" in dora.get(address).text


def test_a_task_out_of_reach_is_not_there(browser: Open, case: Case) -> None:
    address = claimed(browser("ivy"))
    assert browser("max").get(address).status == 404
    assert browser("ana").get(address).status == 404


def test_releasing_gives_the_task_back(browser: Open, case: Case) -> None:
    ivy = browser("ivy")
    address = claimed(ivy)
    page = ivy.post(f"{address}/release")
    assert "You released “Visit the home”" in page.text
    assert "Nobody yet" in page.text


def test_a_task_claimed_long_ago_is_called_out(browser: Open, case: Case, clock: Clock) -> None:
    ivy = browser("ivy")
    claimed(ivy)
    clock.pass_by(timedelta(days=8))
    browser_again = browser("ivy")
    assert "Claimed 8 days ago" in browser_again.get("/tasks").text
    assert "1 day" not in browser_again.page.text
    assert "Late" in browser_again.page.text


def test_the_list_narrows_to_due_dates(browser: Open, case: Case) -> None:
    ivy = browser("ivy")
    assert "Visit the home" in ivy.get("/tasks/team?due=soon").links()
    assert "No tasks with these due dates" in ivy.get("/tasks/team?due=late").text
    assert "Visit the home" in ivy.get("/tasks/team?due=nonsense").links()


def test_a_redraw_keeps_the_errors_that_were_shown_until_they_are_mended(browser: Open, case: Case) -> None:
    ivy = browser("ivy")
    address = claimed(ivy)
    refused = {"_refused": "children visited_on", "csrf_token": ivy.token()}
    wrong = ivy.client.post(f"{address}/redraw", data=refused | {"children": "many"}).get_data(as_text=True)
    assert 'id="children-error"' in wrong
    assert 'id="summary-error"' not in wrong
    mended = ivy.client.post(f"{address}/redraw", data=refused | GOOD).get_data(as_text=True)
    assert "-error" not in mended


def test_redrawing_a_form_records_nothing_and_counts_as_no_new_look(
    browser: Open, case: Case, database: Database
) -> None:
    ivy = browser("ivy")
    address = claimed(ivy)
    rows, looks = ivy.rows(), _looks(database)
    answer = ivy.client.post(f"{address}/redraw", data=GOOD | {"csrf_token": ivy.token()})
    assert answer.status_code == 200
    assert "data-form-region" in answer.get_data(as_text=True)
    assert (ivy.rows(), _looks(database)) == (rows, looks)


def _looks(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(AccessLog)).scalar_one()
