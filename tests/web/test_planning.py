"""Planners start inspections; whoever leads finds the first task."""

from collections.abc import Callable

from sqlalchemy import insert

from engine.db import Database
from engine.db.tables import Service
from tests.web.browser import Browser
from tests.web.office import SERVICE

Open = Callable[[str], Browser]

ADDRESS = "/inspections/start?service=SC000001&process=full_inspection"
PLAN = {
    "service": "SC000001", "process": "full_inspection", "lead": "ivy", "team": ["ian"], "education": "edda",
    "health": "hal", "team_name": "Team North", "day-day": "7", "day-month": "12", "day-year": "2026",
}  # fmt: skip


def test_a_planned_inspection_starts_and_reaches_its_team(browser: Open) -> None:
    planner = browser("planner")
    planner.get(ADDRESS)
    page = planner.post("/inspections/start", PLAN)
    assert page.heading == "SCH-2026-00001: summary"
    assert "“Short inspection” has started as SCH-2026-00001" in page.text
    assert "Visit the home" in browser("ian").get("/tasks/team").links()


def test_a_plan_with_gaps_says_what_to_choose_and_keeps_the_rest(browser: Open) -> None:
    planner = browser("planner")
    planner.get(ADDRESS)
    wrong = {"lead": "mona", "day-day": "31", "day-month": "2", "day-year": "2026", "team": ["dora"]}
    page = planner.post("/inspections/start", PLAN | wrong)
    assert page.status == 422
    assert page.errors().keys() == {"lead", "team", "day-day"}
    assert 'value="31"' in page.response.get_data(as_text=True)


def test_the_first_day_may_be_left_open(browser: Open) -> None:
    planner = browser("planner")
    planner.get(ADDRESS)
    later = {"day-day": "", "day-month": "", "day-year": ""}
    assert planner.post("/inspections/start", PLAN | later).status == 200


def test_the_first_page_asks_for_service_and_process_and_says_what_is_missing(browser: Open) -> None:
    planner = browser("planner")
    assert "Short inspection" in planner.get("/inspections/start").text
    assert planner.get("/inspections/start?service=&process=").errors().keys() == {"service", "process"}


def test_a_process_is_not_started_for_a_setting_it_is_not_for(browser: Open, database: Database) -> None:
    agency = SERVICE | {"urn": "AS000001", "setting": "adoption support agency", "name": "Example Agency"}
    with database.begin() as connection:
        connection.execute(insert(Service), [agency])
    planner = browser("planner")
    page = planner.get("/inspections/start?service=AS000001&process=full_inspection")
    assert page.errors() == {
        "process": "“Short inspection” is not for this service, an adoption support agency. Choose another"
    }
    planner.get(ADDRESS)
    assert planner.post("/inspections/start", PLAN | {"service": "AS000001"}).status == 422
