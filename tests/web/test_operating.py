"""What those in charge do to a case, on its pages: each command seen first, given with its reason, told."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import insert, select

from engine.db import Database
from engine.db.tables import Instance, UserRole, UserTask, Variable
from engine.runtime.cases import Case
from tests.web.browser import Browser, Page
from tests.web.test_tasks import GOOD, claimed

Open = Callable[[str], Browser]
WHY = "It went to the wrong place"


@pytest.fixture
def visited(browser: Open, case: Case) -> str:
    """The address of managing a case whose visit is complete."""
    ivy = browser("ivy")
    ivy.post(f"{claimed(ivy)}/complete", GOOD)
    return f"/cases/{case.reference}/manage"


def order(person: Browser, path: str, **fields: str) -> Page:
    """Sends the form of the page the person looks at, filled in."""
    return person.post(path, person.page.form(path) | fields)


def state(database: Database) -> str:
    with database.read() as connection:
        return str(connection.execute(select(Instance.state)).scalar_one())


def test_the_overview_says_where_the_case_stands_and_offers_what_the_role_may_do(
    browser: Open, visited: str
) -> None:
    offered = browser("rita").get(visited).links()
    assert "Task: Comment on the draft report" in browser("mona").get(visited).text
    assert {"Correct a variable", "Move it to another step", "Suspend it", "Cancel it"} <= offered.keys()
    assert "Resume it" not in offered
    managers = browser("mona").get(visited).links()
    assert "Name another lead" in managers
    assert not {"Correct a variable", "Suspend it"} & managers.keys()
    assert "Manage" not in browser("ivy").get(visited.removesuffix("/manage")).links()
    assert browser("max").get(visited).status == 404


def test_a_suspended_case_says_so_to_everyone_and_offers_no_completion(
    browser: Open, case: Case, database: Database
) -> None:
    ivy, rita = browser("ivy"), browser("rita")
    address = claimed(ivy)
    page = rita.get(f"/cases/{case.reference}/manage/suspend")
    assert "Task: Visit the home" in page.text
    refused = order(rita, f"/cases/{case.reference}/manage/suspend", reason=" ")
    assert (refused.status, refused.errors().keys()) == (422, {"reason"})
    done = order(rita, f"/cases/{case.reference}/manage/suspend", reason="The home has closed")
    assert "The case is suspended" in done.text
    assert "Suspended by Rita Rim on 30 November 2026 at 9:00am: The home has closed" in done.text
    assert "Suspended" in ivy.get("/tasks").text
    task = ivy.get(address)
    assert "The home has closed" in task.text
    assert "Complete task" not in task.text
    assert "Save for later" in task.text
    assert "is suspended" in ivy.post(f"{address}/complete", GOOD).text
    assert "Resume it" in rita.get(f"/cases/{case.reference}/manage").links()
    rita.get(f"/cases/{case.reference}/manage/resume")
    order(rita, f"/cases/{case.reference}/manage/resume", reason="It opens again")
    assert state(database) == "running"
    history = rita.get(f"/cases/{case.reference}/history").text
    assert "Case suspended by Rita Rim" in history
    assert "It opens again" in history


def test_a_cancelled_case_tells_what_it_takes_along_and_then_who_and_why(
    browser: Open, visited: str, database: Database
) -> None:
    rita = browser("rita")
    page = rita.get(f"{visited}/cancel")
    assert "The provider comments on the draft: applies no longer" in page.text
    assert "cannot be undone" in page.text
    done = order(rita, f"{visited}/cancel", reason="Started twice")
    assert (state(database), "Cancelled by Rita Rim" in done.text) == ("cancelled", True)
    assert "nothing is left to change" in done.text
    assert rita.get(f"{visited}/move").status == 409


def test_a_token_is_moved_to_a_step_that_is_offered_by_name(
    browser: Open, visited: str, database: Database
) -> None:
    rita = browser("rita")
    page = rita.get(f"{visited}/move")
    offered = {each.text: each.get("value", "") for each in page.all("option")}
    assert "Visit the home (task for a person)" in offered
    assert not [text for text in offered if text and "Start" in text]
    token = page.form(f"{visited}/move")["token"]
    seen = rita.get(f"{visited}/move?token={token}&to={offered['Visit the home (task for a person)']}")
    assert "Is taken away Task: Comment on the draft report" in seen.text
    assert "Begins Task: Visit the home" in seen.text
    fields = {"token": token, "to": "Task_Visit", "length": _length(seen), "reason": WHY}
    assert "where you moved it" in rita.post(f"{visited}/move", fields).text
    with database.read() as connection:
        tasks = select(UserTask.element).where(UserTask.state.in_(["open", "claimed"]))
        assert connection.execute(tasks).scalars().all() == ["Task_Visit"]
    told = rita.get(f"{visited.removesuffix('/manage')}/history").text
    assert "Moved by hand from Comment on the draft report to Visit the home by Rita Rim" in told
    assert WHY in told


def test_a_step_that_is_not_offered_is_refused(browser: Open, visited: str) -> None:
    rita = browser("rita")
    page = rita.get(f"{visited}/move?to=End_Nowhere")
    assert (page.status, page.errors().keys()) == (422, {"to"})
    assert rita.get(f"{visited}/restart?to=Task_Agree").errors().keys() == {"to"}


def test_a_command_is_not_given_when_the_case_went_on_since_it_was_seen(
    browser: Open, visited: str, database: Database
) -> None:
    rita, other = browser("rita"), browser("dora")
    rita.get(f"{visited}/suspend")
    other.get(f"{visited}/suspend")
    order(other, f"{visited}/suspend", reason="First")
    other.get(f"{visited}/resume")
    order(other, f"{visited}/resume", reason="Again")
    page = order(rita, f"{visited}/suspend", reason=WHY)
    assert (page.status, state(database)) == (422, "running")
    assert "went on since you looked" in page.errors()["reason"]
    assert "is suspended" in order(rita, f"{visited}/suspend", reason=WHY).text


def test_a_case_is_taken_back_to_a_step_that_it_has_been_at(browser: Open, visited: str) -> None:
    rita = browser("rita")
    offered = {each.get("value") for each in rita.get(f"{visited}/restart").all("option")}
    assert "Task_Visit" in offered
    assert "Task_Agree" not in offered
    seen = rita.get(f"{visited}/restart?to=Task_Visit")
    fields = {"to": "Task_Visit", "length": _length(seen), "reason": WHY}
    assert "Task: Visit the home" in rita.post(f"{visited}/restart", fields).text


def test_a_variable_is_corrected_with_its_old_and_new_value_and_what_moves(
    browser: Open, visited: str, database: Database
) -> None:
    rita = browser("rita")
    address = rita.get(f"{visited}/variables").links()["Correct Visited on (visited_on), the whole case"]
    page = rita.get(address)
    assert page.form(address)["value-day"] == "1"
    wrong = rita.post(address, page.form(address) | {"value-day": "31", "value-month": "2"})
    assert (wrong.status, wrong.errors().keys()) == (422, {"value-day"})
    seen = rita.post(address, wrong.form(address) | {"value-day": "26", "value-month": "11"})
    assert "NowTuesday 1 December 2026 New valueThursday 26 November 2026" in seen.text
    assert "Tuesday 8 December 2026 → Thursday 3 December 2026" in seen.text
    refused = rita.post(address, seen.form(address) | {"reason": ""})
    assert (refused.status, refused.errors().keys()) == (422, {"reason"})
    assert "Corrected: visited on" in rita.post(address, refused.form(address) | {"reason": WHY}).text
    with database.read() as connection:
        value = connection.execute(select(Variable.value).where(Variable.name == "visited_on")).scalar_one()
    assert value == {"@": "date", "v": "2026-11-26"}
    assert WHY in rita.get(f"{visited.removesuffix('/manage')}/history").text


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("number", "12.5", Decimal("12.5")),
        ("boolean", "true", True),
        ("text", "Two floors", "Two floors"),
        ("text", "", None),
        ("feel", '[{name: "A", on: @"2026-12-01"}]', [{"name": "A", "on": {"@": "date", "v": "2026-12-01"}}]),
    ],
)
def test_a_value_is_typed_in_as_what_it_is(
    kind: str, typed: str, stored: object, browser: Open, visited: str, database: Database
) -> None:
    rita = browser("rita")
    rita.get(f"{visited}/variables")
    page = rita.post(f"{visited}/variables", {"name": "floors"})
    assert page.heading == "Correct “Floors”"
    address = f"{visited}/variables/0/floors"
    rita.get(f"{address}?as={kind}")
    seen = rita.post(address, {"as": kind, "value": typed})
    done = rita.post(
        address, {"as": kind, "value": typed, "given": "1", "length": _length(seen), "reason": WHY}
    )
    assert "Corrected: floors" in done.text
    with database.read() as connection:
        value = connection.execute(select(Variable.value).where(Variable.name == "floors")).scalar_one()
    assert value == stored


def test_a_value_that_cannot_be_read_says_where(browser: Open, visited: str) -> None:
    rita = browser("rita")
    address = f"{visited}/variables/0/floors"
    rita.get(address)
    for kind, typed in (("number", "many"), ("feel", "[1,"), ("feel", "unknown + 1")):
        page = rita.post(address, {"as": kind, "value": typed})
        assert (page.status, page.errors().keys()) == (422, {"value"}), (kind, typed)
    assert rita.post(f"{visited}/variables", {"name": "a b"}).errors().keys() == {"name"}
    assert rita.get(f"{visited}/variables/7/floors").status == 404


def test_a_claim_is_released_by_a_manager(browser: Open, case: Case, database: Database) -> None:
    ian, mona = browser("ian"), browser("mona")
    ian.post(f"{ian.get('/tasks/team').links()['Visit the home']}/claim")
    manage = f"/cases/{case.reference}/manage"
    release = mona.get(manage).links()["Release Visit the home"]
    assert "Ian Inspector has claimed this task" in mona.get(release).text
    assert "Others can claim the task now" in order(mona, release, reason="On leave").text
    assert mona.get(f"{manage}/release/99").status == 404
    told = mona.get(f"/cases/{case.reference}/history").text
    assert "Was held byIan Inspector" in told


def test_another_lead_takes_over_the_case_and_what_the_one_before_held(
    browser: Open, case: Case, database: Database
) -> None:
    ivy, mona = browser("ivy"), browser("mona")
    claimed(ivy)
    lead = f"/cases/{case.reference}/manage/lead"
    assert "Nobody but Ivy Inspector holds the role" in mona.get(f"{lead}?role=lead_inspector").text
    with database.begin() as connection:
        connection.execute(insert(UserRole).values(user_id="hal", role="lead_inspector"))
    assert "Lead inspector: Ivy Inspector" in mona.get(lead).text
    page = mona.get(f"{lead}?role=lead_inspector")
    assert "Ivy Inspector is Lead inspector of this case" in page.text
    sent = {"role": "lead_inspector", "length": _length(page), "reason": "On leave"}
    assert mona.post(lead, sent | {"to": ""}).errors().keys() == {"to"}
    assert mona.post(lead, sent | {"to": "hal", "reason": ""}).errors().keys() == {"reason"}
    assert "another person in that role" in mona.post(lead, sent | {"to": "hal"}).text
    told = mona.get(f"/cases/{case.reference}/history").text
    assert "Lead inspector changed by Mona Manager" in told
    assert "WasIvy InspectorIs nowHal Health" in told
    assert mona.get(f"/cases/{case.reference}").text.count("Hal Health") > 0


def test_an_incident_tells_what_trying_again_would_do_and_goes_on_once_it_is_mended(
    browser: Open, case: Case
) -> None:
    ivy, rita = browser("ivy"), browser("rita")
    ivy.post(f"{claimed(ivy)}/complete", GOOD | {"children": "60"})
    address = rita.get("/incidents").links()[f"Large? of {case.reference}"]
    assert rita.get(f"/cases/{case.reference}").links()["Mend it: Large?"] == address
    assert "Mend it: Large?" not in ivy.get(f"/cases/{case.reference}").links()
    page = rita.get(address)
    assert "It would stop at Large?" in page.text
    stopped = rita.post(f"{address}/retry")
    assert "it stopped again" in stopped.text
    one = f"/cases/{case.reference}/manage/variables/0/children"
    rita.get(one)
    seen = rita.post(one, {"as": "number", "value": "12"})
    rita.post(one, seen.form(one) | {"reason": WHY})
    address = rita.get("/incidents").links()[f"Large? of {case.reference}"]
    assert "Begins Task:" in rita.get(address).text
    assert "the case goes on" in rita.post(f"{address}/retry").text
    assert "Nothing has stopped" in rita.page.text


def _length(page: Page) -> str:
    """What the form of a command says of how much its reader has seen."""
    return next(each.get("value", "") for each in page.all("input") if each.get("name") == "length")
