"""The provider's page: one link, one draft, one set of comments."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, func, insert, select, update
from waiting import meanwhile

from engine.db import Database
from engine.db.tables import Document, ProviderLink, UserTask
from engine.queries import inbox
from engine.runtime import documents, provider_links, user_tasks
from engine.runtime.cases import Case
from engine.runtime.library import Library
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.office import MONDAY, SECRET
from tests.web.test_tasks import GOOD, claimed

Open = Callable[[str], Browser]


@pytest.fixture
def link(browser: Open, case: Case, database: Database) -> str:
    """The address in the provider's e-mail, with the draft report ready behind it."""
    ivy = browser("ivy")
    ivy.post(f"{claimed(ivy)}/complete", GOOD)
    with database.begin() as connection:
        for name, content in (("Draft report", b"The draft"), ("notes", b"Not for the provider")):
            documents.store(
                connection, instance_id=case.id, name=name, media_type="text/plain", content=content,
                by="system", at=MONDAY,
            )  # fmt: skip
        token = provider_links.issue(
            connection,
            secret_key=SECRET,
            instance_id=case.id,
            expires_at=MONDAY + timedelta(days=9),
            at=MONDAY,
        )
    return f"/provider/{token}"


def test_a_provider_reads_the_draft_and_sends_comments(browser: Open, link: str, case: Case) -> None:
    provider = browser("")
    page = provider.get(link)
    assert page.heading == "Comment on the draft report"
    assert "Tuesday 8 December 2026" in page.text
    assert provider.file(f"{link}/draft-report").data == b"The draft"
    page = provider.post(link, {"provider_comments": "Page 3 names the wrong year"})
    assert page.heading == "Your comments have been sent"
    assert case.reference in browser("mona").get("/cases?state=completed").text


def test_before_there_is_a_draft_the_page_asks_for_answers_and_not_for_comments(
    browser: Open, link: str, database: Database
) -> None:
    with database.begin() as connection:
        connection.execute(delete(Document).where(Document.name == "Draft report"))
    provider = browser("")
    page = provider.get(link)
    assert "Send your answers by" in page.text
    assert "draft report (" not in page.text
    assert provider.post(link, {"provider_comments": "17 cases"}).heading == "Your answers have been sent"
    assert "Your answers were sent on 30 November 2026" in provider.get(link).text


def test_comments_can_be_saved_and_found_again(browser: Open, link: str) -> None:
    provider = browser("")
    provider.get(link)
    assert "Saved" in provider.post(f"{link}/save", {"provider_comments": "So far so good"}).text
    assert "So far so good" in browser("").get(link).text


def test_empty_comments_are_asked_for_again(browser: Open, link: str) -> None:
    provider = browser("")
    provider.get(link)
    page = provider.post(link, {})
    assert page.status == 422
    assert page.errors() == {"provider_comments": "Enter your comments"}


def test_a_used_link_says_when_comments_were_sent(browser: Open, link: str) -> None:
    provider = browser("")
    provider.get(link)
    provider.post(link, {"provider_comments": "Page 3 names the wrong year"})
    page = provider.get(link)
    assert page.status == 410
    assert "Comments on this draft were sent on 30 November 2026 at 9:00am" in page.text


def test_a_second_sending_gives_back_what_was_typed(browser: Open, link: str) -> None:
    first, second = browser(""), browser("")
    first.get(link), second.get(link)
    first.post(link, {"provider_comments": "The first"})
    page = second.post(link, {"provider_comments": "The second, longer"})
    assert page.status == 410
    assert "The second, longer" in page.text
    assert "Your comments on the draft" in page.text


def test_who_sends_while_another_sends_is_told_so_and_gets_back_what_was_typed(
    browser: Open, link: str, case: Case, database: Database, library: Library
) -> None:
    provider = browser("")
    provider.get(link)
    with database.read() as connection:
        (task,) = inbox.page(connection, inbox.for_provider(case.id), 1).rows

    def another_sends(connection: Connection) -> None:
        user_tasks.complete(
            connection,
            library,
            task_id=task.id,
            values={"provider_comments": "The first"},
            by=user_tasks.provider(),
            at=MONDAY,
        )

    second = {"provider_comments": "The second, longer"}
    page = meanwhile(database, another_sends, lambda: provider.post(link, second))
    assert page.status == 410
    assert "Comments on this draft were sent on 30 November 2026 at 9:00am" in page.text
    assert "The second, longer" in page.text


def test_answers_to_what_was_asked_before_are_not_taken_for_answers_to_what_is_asked_now(
    browser: Open, link: str, case: Case, database: Database
) -> None:
    provider = browser("")
    provider.get(link)
    before = asked_before(database)
    page = provider.post(link, {"_task": str(before), "provider_comments": "About something else"})
    assert page.status == 410
    assert "Your answers were sent on 30 November 2026 at 9:00am" in page.text
    assert "About something else" in page.text
    assert case.reference not in browser("mona").get("/cases?state=completed").text


def test_a_form_that_names_no_question_of_its_case_answers_none(browser: Open, link: str, case: Case) -> None:
    provider = browser("")
    provider.get(link)
    page = provider.post(link, {"_task": "1", "provider_comments": "Long thoughts"})
    assert page.status == 410
    assert "does not say which of our questions it answers" in page.text
    assert "Long thoughts" in page.text
    assert case.reference not in browser("mona").get("/cases?state=completed").text


def asked_before(database: Database) -> int:
    """The number of a task that the provider of the case has completed before the one that is open."""
    columns = [column for column in UserTask.__table__.columns if column.name != "id"]
    ended = {"state": "completed", "completed_at": MONDAY, "completed_by": "provider", "token_id": -1}
    query = select(*columns).where(UserTask.candidate_groups == ["provider"])
    with database.begin() as connection:
        row = dict(connection.execute(query).mappings().one()) | ended
        number = connection.execute(select(func.min(UserTask.id))).scalar_one() - 10
        connection.execute(insert(UserTask).values(id=number, **row))
    return number


def test_an_expired_link_says_so_and_keeps_what_was_typed(browser: Open, link: str, clock: Clock) -> None:
    provider = browser("")
    provider.get(link)
    clock.pass_by(timedelta(days=10))
    page = provider.post(link, {"provider_comments": "Too late, but long"})
    assert page.status == 410
    assert "expired" in page.text
    assert "Too late, but long" in page.text


def test_a_withdrawn_or_forged_link_opens_nothing(browser: Open, link: str, database: Database) -> None:
    with database.begin() as connection:
        connection.execute(update(ProviderLink).values(revoked_at=MONDAY))
    assert "withdrawn" in browser("").get(link).text
    assert "not one of ours" in browser("").get(f"{link}x").text
    assert browser("").file(f"{link}x/draft-report").status_code == 410


def test_a_link_shows_no_way_into_the_service(browser: Open, link: str) -> None:
    page = browser("ivy").get(link)
    assert "Tasks" not in page.links()
