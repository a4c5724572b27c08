"""Cases moved to another version on its pages: what each maps to, what is in the way, done, undone."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from engine import check
from engine.db import Database
from engine.db.tables import Instance, ProcessDefinition, UserTask
from engine.runtime import deployments
from engine.runtime.cases import Case
from engine.runtime.library import Library
from tests.web.browser import Browser
from tests.web.office import MODELS, MONDAY, start_case
from tests.web.test_health import steps
from tests.web.test_tasks import GOOD

Open = Callable[[str], Browser]


@pytest.fixture
def second(database: Database, case: Case) -> str:
    """The address of moving cases to a version in which the visit has another id and name."""
    files = {
        name: content.replace(b"Task_Visit", b"Task_Call").replace(b"Visit the home", b"Call at the home")
        for name, content in check.read_folder(MODELS).items()
    }
    with database.begin() as connection:
        deployments.deploy(connection, files=files, by="ana", at=MONDAY)
        newest = select(ProcessDefinition.id).where(ProcessDefinition.version == 2)
        return f"/models/processes/{connection.execute(newest).scalar_one()}/cases"


@pytest.fixture
def another(database: Database, case: Case, library: Library) -> Case:
    """A second case on the first version."""
    return start_case(database, library)


def elements(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(UserTask.element).order_by(UserTask.id)).scalars())


def test_the_page_of_a_version_leads_to_what_a_move_would_do(browser: Open, second: str) -> None:
    ana = browser("ana")
    page = ana.get(second.removesuffix("/cases"))
    assert page.links()["See what moving running cases to version 2 would do"] == second
    assert browser("mona").get(second).status == 403


def test_a_case_that_cannot_be_moved_says_why_until_its_step_is_named(
    browser: Open, second: str, case: Case
) -> None:
    ana = browser("ana")
    page = ana.get(second)
    assert "Cannot be moved. Visit the home is not in the new version." in page.text
    assert "What is “Visit the home” called in version 2?" in page.text
    offered = [each.get("value") for each in page.all("option")]
    assert offered == ["", "Task_Agree", "Task_Call", "Task_Comment"]
    assert "Move the chosen cases" not in page.text
    page = ana.get(f"{second}?as.Task_Visit=Task_Call")
    assert "Visit the home → Call at the home" in page.text
    assert "Goes on as it is" in page.text
    wrong = ana.get(f"{second}?as.Task_Visit=Task_Nowhere")
    assert (wrong.status, wrong.errors().keys()) == (422, {"renaming"})
    assert "Task_Nowhere is not in version 2" in wrong.errors()["renaming"]


def test_a_case_is_moved_with_its_reason_and_the_move_is_taken_back(
    browser: Open, second: str, case: Case, database: Database
) -> None:
    ana = browser("ana")
    page = ana.get(f"{second}?as.Task_Visit=Task_Call")
    sent = {"as.Task_Visit": "Task_Call", "case": "1", "reason": "The visit became a call"}
    assert ana.post(second, sent | {"reason": ""}).errors().keys() == {"reason"}
    assert ana.post(second, {"reason": "Why"}).errors().keys() == {"cases"}
    before = steps(ana.client.application)
    page = ana.post(second, sent)
    assert page.heading == "Cases moved: 1"
    assert steps(ana.client.application) == before + 1
    assert elements(database) == ["Task_Call"]
    page = ana.get(second)
    assert "No running case is on another version" in page.text
    assert "To version 2 by Ana Analyst on 30 November 2026 at 9:00am: The visit became a call" in page.text
    told = browser("mona").get(f"/cases/{case.reference}/history").text
    assert "Case moved to another version of its process: version 2 by Ana Analyst" in told
    assert "The visit became a call" in told
    ana.get(second)
    assert ana.post(f"{second}/undo", {"undo": "1"}).errors().keys() == {"undo_reason"}
    assert ana.post(f"{second}/undo", {"undo_reason": "Why"}).errors().keys() == {"undos"}
    page = ana.post(f"{second}/undo", {"undo": "1", "undo_reason": "Too early"})
    assert page.heading == "Moves taken back: 1"
    assert elements(database) == ["Task_Visit"]
    assert "Too early" in browser("mona").get(f"/cases/{case.reference}/history").text


def test_all_that_can_be_moved_are_moved_and_what_went_on_is_not_taken_back(
    browser: Open, another: Case, second: str, database: Database
) -> None:
    ana, ivy = browser("ana"), browser("ivy")
    page = ana.get(f"{second}?as.Task_Visit=Task_Call")
    assert "Move all 2 that can be moved" in page.text
    sent = {"as.Task_Visit": "Task_Call", "all": ["1", "2"], "every": "1", "reason": "All of them"}
    assert ana.post(second, sent).heading == "Cases moved: 2"
    assert elements(database) == ["Task_Call", "Task_Call"]
    address = ivy.get("/tasks/team").links()["Call at the home"]
    ivy.post(f"{address}/claim")
    ivy.post(f"{address}/complete", GOOD)
    page = ana.post(f"{second}/undo", {"undo": ["1", "2"], "undo_reason": "Too late for one"})
    assert page.heading == "Moves taken back: 1, left as they were: 1"
    assert "has moved on since it was moved" in page.text


def test_restricted_cases_are_neither_shown_nor_moved(
    browser: Open, second: str, case: Case, database: Database
) -> None:
    with database.begin() as connection:
        connection.execute(update(Instance).values(restricted=True))
    ana = browser("ana")
    page = ana.get(second)
    assert "1 restricted case is not shown, and keeps its version" in page.text
    assert case.reference not in page.text
    page = ana.post(second, {"as.Task_Visit": "Task_Call", "case": "1", "reason": "Why"})
    assert page.heading == "Cases moved: 0"
    assert case.reference not in page.text
    assert elements(database) == ["Task_Visit"]
