"""Requirements whose date has passed: met, not met and left, not met and enforced."""

from datetime import date

from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.following import NextSteps, started_by
from tests.processes.inspection import Inspection, a_finding, day

DUE, AFTER = date(2024, 7, 31), date(2024, 8, 1)


def requirements_of_which_one_was_met(driver: Driver, tools: Tools) -> None:
    inspection = Inspection(driver, tools)
    inspection.to_judgements().judge().require(*[a_finding()] * 4)
    for number in range(4):
        inspection.do(
            "Task_DecideFinding",
            finding_outcome="requirement",
            finding_reference="Regulation 25",
            finding_action=f"Repair lock {number}.",
            finding_due_on=day(DUE),
        )
    inspection.on(driver.at.date())
    followed = Inspection(driver, tools, started_by(inspection, inspection.case)["follow_requirements"]).on(
        AFTER
    )
    for met in ("yes", "no", "no", "no"):
        followed.do("Task_CheckRequirement", requirement_met=met)
    for enforced in ("no", "yes", "yes"):
        followed.do("Task_ConsiderEnforcement", unmet_enforcement=enforced)
    steps = NextSteps(followed, followed.case)
    steps.review(enforcement=["compliance notice"], monitoring_decided="yes").do(
        "Task_CheckAndSendEnforcement"
    )
    steps.review(monitoring_decided="no")
    assert steps.state == "completed"


STORIES = (requirements_of_which_one_was_met,)
