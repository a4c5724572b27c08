"""Assurance inspections that together take every flow of their diagrams."""

from datetime import date, timedelta

from engine.runtime import messages
from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.assuring import (
    CONCERNS,
    NEVER_ANY,
    NO_CONCERNS,
    SOON_AGAIN,
    WITH_CONDITION,
    Assurance,
)
from tests.processes.inspection import TEAM, URN


def a_home_with_concerns(driver: Driver, tools: Tools) -> None:
    assurance = Assurance(driver, tools).start().prepare_for().visit().find(CONCERNS).report()
    assert assurance.state == "completed"


def a_home_without_concerns(driver: Driver, tools: Tools) -> None:
    assurance = Assurance(driver, tools).start().prepare_for().visit().find(NO_CONCERNS).report()
    assert assurance.state == "completed"


def a_home_that_never_had_children(driver: Driver, tools: Tools) -> None:
    assurance = Assurance(driver, tools).start().prepare_for(NEVER_ANY).visit().feed_back().report()
    assert assurance.state == "completed"


def a_home_that_has_another_inspection_or_none(driver: Driver, tools: Tools) -> None:
    for answers, chosen in ((SOON_AGAIN, "full"), (WITH_CONDITION, "none"), (WITH_CONDITION, "assurance")):
        Assurance(driver, tools).start().prepare_for(answers).do("Task_ChooseType", chosen_type=chosen)


def an_inspection_started_by_its_planner(driver: Driver, tools: Tools) -> None:
    driver.travel(date(2024, 6, 5))
    with tools.database.begin() as connection:
        messages.publish(
            connection,
            name="Assurance inspection due",
            correlation_key="a plan",
            payload={
                "service": {"urn": URN},
                "lead_inspector": "ivy",
                "inspection_team": TEAM,
                "education_inspector": None,
                "health_inspector": None,
                "planned_first_day": None,
            },
            expires_at=driver.at + timedelta(days=30),
            at=driver.at,
        )
    driver.travel(date(2024, 6, 6))


STORIES = (
    a_home_with_concerns,
    a_home_without_concerns,
    a_home_that_never_had_children,
    a_home_that_has_another_inspection_or_none,
    an_inspection_started_by_its_planner,
)
