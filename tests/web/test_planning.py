"""Planners start inspections; whoever leads finds the first task."""

from collections.abc import Callable

from tests.web.browser import Browser

Open = Callable[[str], Browser]

PLAN = {
    "service": "SC000001", "lead": "ivy", "team": ["ian"], "education": "edda", "health": "hal",
    "team_name": "Team North", "day-day": "7", "day-month": "12", "day-year": "2026",
}  # fmt: skip


def test_a_planned_inspection_starts_and_reaches_its_team(browser: Open) -> None:
    planner = browser("planner")
    planner.get("/inspections/start")
    page = planner.post("/inspections/start", PLAN)
    assert page.heading == "SCH-2026-00001: summary"
    assert "Inspection SCH-2026-00001 has started" in page.text
    assert "Visit the home" in browser("ian").get("/tasks/team").links()


def test_a_plan_with_gaps_says_what_to_choose_and_keeps_the_rest(browser: Open) -> None:
    planner = browser("planner")
    planner.get("/inspections/start")
    wrong = {"lead": "mona", "day-day": "31", "day-month": "2", "day-year": "2026", "team": ["dora"]}
    page = planner.post("/inspections/start", PLAN | wrong | {"service": ""})
    assert page.status == 422
    assert page.errors().keys() == {"service", "lead", "team", "day-day"}
    assert 'value="31"' in page.response.get_data(as_text=True)


def test_the_first_day_may_be_left_open(browser: Open) -> None:
    planner = browser("planner")
    planner.get("/inspections/start")
    later = {"day-day": "", "day-month": "", "day-year": ""}
    assert planner.post("/inspections/start", PLAN | later).status == 200
