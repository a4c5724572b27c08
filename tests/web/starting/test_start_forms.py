"""What a planner is asked: what the process wants, on the page or by the form of its start event."""

from collections.abc import Callable

from sqlalchemy import select

from engine.db import Database
from engine.db.tables import Variable
from engine.runtime.cases import Case
from tests.web.browser import Browser

Open = Callable[[str], Browser]


def test_what_no_page_asks_is_asked_by_the_form_of_the_start_event(
    browser: Open, case: Case, database: Database
) -> None:
    planner = browser("planner")
    page = planner.get("/inspections/start?service=SC000001&process=short_visit")
    assert "Education inspector (optional)" in page.text
    assert "Health inspector" not in page.text
    plan = {"service": "SC000001", "process": "short_visit", "lead": "ivy", "team_name": "Team North"}
    assert planner.post("/inspections/start", plan).errors().keys() == {"why"}
    page = planner.post("/inspections/start", plan | {"why": "A fire alarm"})
    assert "has started as" in page.text
    with database.read() as connection:
        why = connection.execute(select(Variable.value).where(Variable.name == "why")).scalar_one()
        health = connection.execute(select(Variable.name).where(Variable.name == "health_inspector")).first()
    assert (why, health) == ("A fire alarm", None)
