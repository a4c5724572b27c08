"""What people record beside a case: in few clicks, linked to it, and seen by whom it concerns."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask, url_for
from sqlalchemy import Connection, func, select

from engine.db import Database
from engine.db.tables import Instance, UserTask, Variable
from engine.queries import people
from engine.runtime.cases import Case
from engine.runtime.library import Library
from engine.runtime.operator import rights
from engine.runtime.operator.rights import Command
from engine.runtime.step import Step
from engine.runtime.user_tasks import actor
from tests.web.browser import Browser, Page
from tests.web.office import MONDAY
from tests.web.test_sending_twice import AGAIN, again, count

Open = Callable[[str], Browser]


def recorded(browser: Browser, case: Case, process: str) -> Page:
    """The page on which one stands after choosing to record something of this kind."""
    address = f"/cases/{case.reference}/record"
    browser.get(address)
    return browser.post(address, {"process": process})


def completes(browser: Browser, page: Page, note: str) -> Page:
    """Answers the only question of a task and completes it."""
    form = next(each for each in page.all("form") if each.get("id") == "task-form")
    return browser.post(form.get("action", ""), {"note": note})


@pytest.fixture
def secret(browser: Open, case: Case) -> str:
    """The address of a confidential record that Ivy began, with a document; it waits for Sam."""
    ivy = browser("ivy")
    first = recorded(ivy, case, "secret")
    reference = "SCH-2026-00002"
    ivy.get(f"/cases/{reference}/evidence")
    evidence = {
        "source": "Other", "area": "Other", "text": "What she told me",
        "written-day": "30", "written-month": "11", "written-year": "2026",
        "file": (BytesIO(b"%PDF-1.4"), "letter.pdf"),
    }  # fmt: skip
    ivy.post(f"/cases/{reference}/evidence", evidence)
    assert "Weigh the secret" in completes(ivy, first, "She told me").text
    return f"/cases/{reference}"


# --- starting ---------------------------------------------------------------------------------------


def test_advice_is_recorded_from_a_case_in_three_clicks(
    browser: Open, case: Case, database: Database
) -> None:
    ivy = browser("ivy")
    ivy.get(f"/cases/{case.reference}/history")
    ivy.get(ivy.page.links()["Record something"])
    page = ivy.post(f"/cases/{case.reference}/record", {"process": "advice_note"})
    assert page.heading == "Note advice"
    assert "Note" in {(label.text or "").strip() for label in page.all("label")}
    completes(ivy, page, "Rita said: go on")
    with database.read() as connection:
        row = (
            connection.execute(select(Instance).where(Instance.reference == "SCH-2026-00002"))
            .mappings()
            .one()
        )
    assert (row["started_by_instance_id"], row["state"], row["restricted"]) == (case.id, "completed", False)


def test_a_record_that_is_begun_twice_is_one_record(browser: Open, case: Case, database: Database) -> None:
    ivy, path = browser("ivy"), f"/cases/{case.reference}/record"
    opened = ivy.get(path)
    assert ivy.post(path, {"process": "advice_note"}).heading == "Note advice"
    page = again(ivy, opened, path, {"process": "advice_note"})
    assert page.heading == "Note advice"
    assert AGAIN in page.text
    assert count(database, Instance) == 2
    ivy.get(path)
    assert AGAIN not in ivy.post(path, {"process": "advice_note"}).text
    assert count(database, Instance) == 3


def test_a_record_knows_its_case_and_that_cases_people(browser: Open, case: Case, database: Database) -> None:
    recorded(browser("ian"), case, "advice_note")
    with database.read() as connection:
        rows = connection.execute(
            select(Variable.name, Variable.value)
            .join(Instance, Instance.id == Variable.instance_id)
            .where(Instance.reference == "SCH-2026-00002")
        )
        known = {name: value for name, value in rows}
    assert known["about"] == case.reference
    assert (known["recorded_by"], known["lead_inspector"]) == ("ian", "ivy")
    assert known["inspection_team"] == ["ivy", "ian"]
    assert known["education_inspector"] is None


def test_only_what_fits_the_setting_is_offered(browser: Open, case: Case) -> None:
    page = browser("ivy").get(f"/cases/{case.reference}/record")
    assert "Advice note" in page.text
    assert "Something secret Restricted Only its own people see it." in page.text
    assert "Agency note" not in page.text


def test_what_is_not_offered_is_not_started(browser: Open, case: Case) -> None:
    ivy = browser("ivy")
    assert recorded(ivy, case, "agency_note").status == 404
    assert recorded(ivy, case, "full_inspection").status == 404
    assert recorded(browser("max"), case, "advice_note").status == 404


def test_cases_show_what_they_came_from_and_led_to(browser: Open, case: Case) -> None:
    ivy = browser("ivy")
    recorded(ivy, case, "advice_note")
    assert "SCH-2026-00002: Advice note" in ivy.get(f"/cases/{case.reference}").links()
    assert f"{case.reference}: Short inspection" in ivy.get("/cases/SCH-2026-00002").links()


def test_the_page_of_a_service_shows_the_chain(browser: Open, case: Case) -> None:
    recorded(browser("ivy"), case, "advice_note")
    page = browser("mona").get("/services/SC000001")
    inner = [each for each in page.all("li") if "Advice note" in "".join(each.itertext())]
    assert len(inner) == 2, "the record stands within the item of its case"
    assert browser("mona").get("/services/SC000009").status == 404


# --- confidential records ------------------------------------------------------------------------------

HAVE_NO_PART = ("planner", "ian", "mona", "max", "dora", "ada", "hal")


def addresses(app: Flask, method: str, **known: object) -> list[str]:
    """Every route that takes a case's reference, with its other parts filled with 1 or what is known."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "reference" in rule.arguments and method in (rule.methods or ()):
                parts = dict.fromkeys(rule.arguments, 1) | known
                found.append(url_for(rule.endpoint, **{name: parts[name] for name in rule.arguments}))
    return found


@pytest.mark.parametrize("user_id", HAVE_NO_PART)
def test_a_confidential_record_opens_by_no_route_to_those_without_a_part(
    user_id: str, app: Flask, browser: Open, secret: str, database: Database
) -> None:
    person, reference = browser(user_id), secret.rpartition("/")[2]
    with database.read() as connection:
        tasks = connection.execute(select(UserTask.id).where(UserTask.name.contains("secret"))).scalars()
        parts = {"reference": reference, "definition_id": _definition(connection), "order": "resume"}
        actions = [
            f"/tasks/{each}/{act}" for each in tasks for act in ("claim", "release", "draft", "complete")
        ]
    for path in (*addresses(app, "GET", **parts), *(each.rpartition("/")[0] for each in actions)):
        assert person.file(path).status_code in (403, 404), path
    person.get("/tasks")
    for path in (*addresses(app, "POST", **parts), *actions):
        assert person.post(path, {"process": "advice_note"}).status in (403, 404), path


@pytest.mark.parametrize("user_id", HAVE_NO_PART)
def test_a_confidential_record_is_named_nowhere_to_those_without_a_part(
    user_id: str, browser: Open, secret: str, case: Case
) -> None:
    person, reference = browser(user_id), secret.rpartition("/")[2]
    for path in (
        "/tasks", "/tasks/team", "/cases", f"/cases?text={reference}", f"/cases/{case.reference}",
        f"/cases/{case.reference}/history?full=1", f"/cases/{case.reference}/documents", "/services/SC000001",
        "/deadlines", "/deadlines?show=all", "/deadlines/mine", "/incidents",
    ):  # fmt: skip
        text = person.get(path).text.replace(f"case {reference} among", "")
        assert reference not in text.replace(f"{reference}”", ""), path
        assert "secret" not in text.lower(), path
    exported = person.file("/deadlines/deadlines.csv")
    assert reference not in exported.get_data(as_text=True)


def test_a_confidential_record_is_seen_by_who_began_it_who_has_a_task_and_the_roles_it_names(
    browser: Open, secret: str, case: Case
) -> None:
    for user_id in ("ivy", "sam", "rita"):
        person = browser(user_id)
        assert person.get(secret).status == 200, user_id
        assert "What she told me" in person.get(f"{secret}/evidence").text
        assert "Something secret" in person.get("/services/SC000001").text
    assert "Weigh the secret" in browser("sam").get("/tasks/team").links()


def test_a_confidential_record_obeys_the_operators_it_names_only(
    browser: Open, secret: str, database: Database, library: Library
) -> None:
    with database.read() as connection:
        case_id = connection.execute(select(func.max(Instance.id))).scalar_one()
        step = Step.look(connection, library, case_id, at=MONDAY)
        allowed = {
            user_id: rights.allowed(step, actor(person))
            for user_id in ("rita", "mona", "ada")
            if (person := people.person(connection, user_id))
        }
    assert Command.CANCEL in allowed["rita"]
    assert allowed["mona"] == allowed["ada"] == frozenset()


def _definition(connection: Connection) -> int:
    newest = select(Instance.definition_id).order_by(Instance.id.desc()).limit(1)
    return connection.execute(newest).scalar_one()
