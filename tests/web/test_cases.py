"""The pages of a case: where it stands, what happened, what is due, what was found."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select, update

from engine.db import Database
from engine.db.tables import AccessLog, Instance
from engine.runtime.cases import Case
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.test_tasks import GOOD, claimed

Open = Callable[[str], Browser]


@pytest.fixture
def visited(browser: Open, case: Case) -> str:
    """The address of a case whose visit is complete."""
    ivy = browser("ivy")
    ivy.post(f"{claimed(ivy)}/complete", GOOD)
    return f"/cases/{case.reference}"


def test_the_summary_says_what_is_next_by_when_and_how_it_is_counted(browser: Open, visited: str) -> None:
    page = browser("mona").get(visited)
    assert "Comment on the draft report" in page.text
    assert "Tuesday 8 December 2026" in page.text
    assert "5 working days after" in page.text
    assert "A limit set by the guidance" in page.text
    assert "Ivy Inspector" in page.text


def test_the_twin_names_every_element_with_state_lane_rules_and_what_follows(
    browser: Open, visited: str
) -> None:
    page = browser("mona").get(f"{visited}/diagram")
    for part in (
        "Visit the home Done", "Comment on the draft report Now", "Done Coming", "Inspection team",
        "SCH-FI-002", "Count places (if: Yes)", "How large is the home? Done",
    ):  # fmt: skip
        assert part in page.text, part


def test_the_diagram_gets_its_file_and_its_states(browser: Open, visited: str) -> None:
    mona = browser("mona")
    island = next(
        each for each in mona.get(f"{visited}/diagram").all("div") if each.get("data-bpmn-viewer") is not None
    )
    file = mona.file(island.get("data-xml-url", ""))
    assert file.mimetype == "application/xml"
    assert b"Task_Visit" in file.data
    states = mona.file(island.get("data-state-url", "")).get_json()["elements"]
    assert states["Task_Visit"] == {"states": ["done"], "badge": "Done"}
    assert states["Task_Comment"]["states"] == ["current"]
    assert states["End"] == {"states": ["coming"], "badge": ""}


def test_the_history_tells_decisions_with_row_and_reason(browser: Open, visited: str) -> None:
    page = browser("mona").get(f"{visited}/history")
    assert "Decided: Size of the home" in page.text
    assert "Row 1 applied: Fewer than ten children (D-1)" in page.text
    assert "Task completed: Visit the home by Ivy Inspector" in page.text
    assert "Passed: How large is the home?" not in page.text
    assert "Passed: How large is the home?" in browser("mona").get(f"{visited}/history?full=1").text


def test_a_missed_deadline_stays_open_and_is_late(browser: Open, visited: str, clock: Clock) -> None:
    clock.pass_by(timedelta(days=10))
    mona = browser("mona")
    assert "Late" in mona.get(f"{visited}/deadlines").text
    assert "2 days ago" in mona.page.text
    assert visited.rpartition("/")[2] in mona.get("/cases?late=1").text


def test_evidence_is_recorded_with_source_area_and_file(browser: Open, visited: str) -> None:
    ivy = browser("ivy")
    ivy.get(f"{visited}/evidence")
    page = ivy.post(
        f"{visited}/evidence",
        {
            "source": "Observation", "area": "Leaders and managers", "text": "A calm handover",
            "written-day": "30", "written-month": "11", "written-year": "2026",
            "file": (BytesIO(b"%PDF-1.4"), "../notes of the day.pdf"),
        },
    )  # fmt: skip
    assert "A calm handover" in page.text
    address = page.links()["notes_of_the_day.pdf"]
    file = ivy.file(address)
    assert file.data == b"%PDF-1.4"
    assert "attachment" in file.headers["Content-Disposition"]
    assert "notes_of_the_day.pdf" in ivy.get(f"{visited}/documents").text


def test_evidence_of_the_future_or_without_words_is_refused(browser: Open, visited: str) -> None:
    ivy = browser("ivy")
    ivy.get(f"{visited}/evidence")
    page = ivy.post(
        f"{visited}/evidence",
        {"source": "Rumour", "written-day": "30", "written-month": "11", "written-year": "2027"},
    )
    assert page.status == 422
    assert page.errors().keys() == {"source", "area", "text", "written-day"}


def test_every_view_of_a_case_is_logged_with_who_and_what(
    browser: Open, visited: str, database: Database
) -> None:
    browser("rita").get(f"{visited}/history")
    with database.read() as connection:
        entry = connection.execute(select(AccessLog).order_by(AccessLog.id.desc()).limit(1)).one()
    assert (entry.user_id, entry.what) == ("rita", "history")


def test_a_restricted_case_is_closed_but_to_the_roles_it_names_and_who_did_a_task_of_it(
    browser: Open, visited: str, database: Database
) -> None:
    with database.begin() as connection:
        connection.execute(update(Instance).values(restricted=True, restricted_to=["manager"]))
    assert browser("planner").get(visited).status == 404
    assert browser("ivy").get(visited).status == 200
    assert "Restricted" in browser("mona").get(visited).text


def test_the_list_of_cases_narrows(browser: Open, visited: str) -> None:
    mona = browser("mona")
    reference = visited.rpartition("/")[2]
    assert reference in mona.get("/cases?region=North&state=running&text=example").text
    assert reference not in mona.get("/cases?region=South").text
    assert reference not in mona.get("/cases?text=%25").text


def test_an_incident_tells_cause_and_remedy_and_can_be_tried_again(browser: Open, case: Case) -> None:
    ivy, mona = browser("ivy"), browser("mona")
    ivy.post(f"{claimed(ivy)}/complete", GOOD | {"children": "60"})
    assert "Stopped at: Large?" in mona.get(f"/cases/{case.reference}").text
    page = mona.get("/incidents")
    assert "Large?" in page.text
    assert "To mend it" in page.text
    page = mona.get(page.links()[f"Large? of {case.reference}"])
    again = next(form.get("action", "") for form in page.all("form") if "retry" in form.get("action", ""))
    assert "Tried again" in mona.post(again).text
    assert browser("max").get("/incidents").text.count("Large?") == 0
    assert browser("max").post(again).status == 404


def test_what_is_not_there_has_a_page(browser: Open, visited: str) -> None:
    ivy = browser("ivy")
    assert ivy.get("/cases/NO-SUCH-CASE").status == 404
    assert ivy.get("/nowhere").heading == "Page not found"
    assert ivy.get(f"{visited}/documents/99").status == 404
    assert ivy.get(f"{visited}/diagram/99").status == 404
    assert ivy.get("/tasks/999").status == 404
