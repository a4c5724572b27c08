"""What follows an inspection of a secure children's home: stories that take every flow of its diagrams."""

from datetime import date

from engine import feel
from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.following import NextSteps
from tests.processes.inspection import INADEQUATE, Inspection, day

OPENS = date(2024, 7, 18)


def a_registration_to_be_cancelled_and_an_inspection_after_all(driver: Driver, tools: Tools) -> None:
    steps = NextSteps.handed_over(Inspection(driver, tools))
    action: feel.Value = {"what": "Plan the visit.", "owner": "rim", "by": day(date(2024, 6, 20))}
    steps.respond().review(enforcement=["cancellation"], actions=[action])
    steps.do("Task_DecideRegistration", registration_decision="go ahead")
    steps.do("Task_CheckAndSendEnforcement").do("Task_DoAction").tell()
    steps.plan("monitoring visit", OPENS).visit(OPENS).judge(INADEQUATE).decide("more monitoring")
    steps.plan("full inspection", date(2024, 9, 10)).agree_reinspection(date(2024, 9, 10))
    steps.do("Task_RecordReturn", returned_on=day(OPENS))
    assert steps.state == "completed"


def serious_concerns_that_are_soon_put_right(driver: Driver, tools: Tools) -> None:
    steps = NextSteps.handed_over(Inspection(driver, tools), kind="assurance").tell().respond().review()
    steps.plan("monitoring visit", OPENS).visit(OPENS).judge("no serious or widespread concerns")
    assert steps.decide("improved judgement").state == "completed"


def a_home_that_closes(driver: Driver, tools: Tools) -> None:
    steps = NextSteps.handed_over(Inspection(driver, tools)).to_the_return().plan("monitoring visit", OPENS)
    steps.visit(OPENS, requirements_met="no").judge(INADEQUATE)
    assert steps.decide("registration ended").state == "completed"


STORIES = (
    a_registration_to_be_cancelled_and_an_inspection_after_all,
    serious_concerns_that_are_soon_put_right,
    a_home_that_closes,
)
