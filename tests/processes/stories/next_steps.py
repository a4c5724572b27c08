"""What follows an inadequate outcome in the three settings: stories that take every flow of its diagrams."""

from collections.abc import Callable
from datetime import date

from engine import feel
from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.following import (
    AGENCY,
    CHILDRENS_HOME,
    COMMISSIONERS,
    PARENTS,
    PLACERS,
    NextSteps,
    a_notice,
    record_outcome,
    started_by,
    visit_made,
)
from tests.processes.inspection import INADEQUATE, Inspection, day
from tests.processes.stories import Story

OPENS = date(2024, 7, 18)
LATER = date(2025, 2, 4)
VISIT, FULL = "monitoring visit", "full inspection"


def a_registration_to_be_cancelled_and_an_inspection_after_all(inspection: Inspection) -> NextSteps:
    steps = NextSteps.handed_over(inspection)
    action: feel.Value = {"what": "Plan the visit.", "owner": "rim", "by": day(date(2024, 6, 20))}
    steps.respond().do("Task_HoldDebrief").do("Task_CallReview").hold(enforcement=["cancellation"])
    steps.do("Task_ConfirmReview", review_confirmed="no")
    steps.do("Task_DecideAction", enforcement=["cancellation"], review_actions=[action])
    steps.do("Task_ConfirmReview", review_confirmed="yes")
    steps.do("Task_DecideRegistration", registration_decision="go ahead")
    steps.do("Task_CheckAndSendEnforcement").do("Task_DoAction").tell()
    steps.plan(VISIT, OPENS).visit(OPENS).judge(INADEQUATE).decide("more monitoring")
    steps.plan(FULL, date(2024, 9, 10)).agree_reinspection(date(2024, 9, 10))
    return steps.do("Task_RecordReturn", returned_on=day(OPENS))


def serious_concerns_that_are_soon_put_right(inspection: Inspection) -> NextSteps:
    steps = NextSteps.handed_over(inspection, kind="assurance").tell().respond().review()
    steps.plan(VISIT, OPENS).visit(OPENS).judge("no serious or widespread concerns")
    return steps.decide("improved judgement")


def a_secure_home_that_closes(inspection: Inspection) -> NextSteps:
    steps = NextSteps.handed_over(inspection).to_the_return().plan(VISIT, OPENS)
    steps.visit(OPENS, requirements_met="no").judge(INADEQUATE)
    return steps.decide("registration ended")


def a_childrens_home_with_a_notice_whose_next_inspection_is_inadequate_again(
    inspection: Inspection,
) -> NextSteps:
    inspection.on(OPENS)
    record_outcome(inspection, "good", OPENS)
    first = record_outcome(inspection, INADEQUATE, OPENS)
    steps = NextSteps(inspection, started_by(inspection, first)["next_steps"])
    steps.tell(PLACERS, by_report=PARENTS).respond()
    copies = started_by(inspection, steps.case)["send_report_copies"]
    NextSteps(inspection, copies).do("Task_CheckAndSendCopies")
    steps.review(enforcement=["compliance notice"], notices=[a_notice(date(2024, 8, 9))])
    steps.plan(FULL, date(2024, 9, 3)).do("Task_ArrangeReinspection", reinspection_first_day=day(OPENS))
    steps.do("Task_RecordReturn", returned_on=day(OPENS))
    return steps.do(
        "Task_RecordOutcome",
        outcome_end_of_inspection=day(OPENS),
        outcome_overall_grade=INADEQUATE,
        outcome_requirements=[],
    )


def a_decline_that_authorities_are_told_of(inspection: Inspection) -> NextSteps:
    steps = NextSteps.handed_over(inspection, kind="interim", urn=CHILDRENS_HOME).respond()
    steps.review(authorities_agreed="yes").tell(PLACERS).plan(VISIT, OPENS)
    visit_made(inspection, OPENS, judgement="declined in effectiveness")
    steps.do("Task_RecordReturn", returned_on=day(OPENS))
    return steps.decide("no further visit")


def a_decline_that_needs_nothing_more(inspection: Inspection) -> NextSteps:
    other = NextSteps.handed_over(inspection, kind="interim", urn=CHILDRENS_HOME).respond()
    steps = NextSteps.handed_over(inspection, kind="interim", urn=CHILDRENS_HOME).respond()
    other.do("Task_CallReview")
    shared: feel.Value = {"reference": other.reference}
    steps.review(authorities_agreed="no", review_serves=[shared])
    inspection.on(inspection.driver.at.date())
    return steps.do("Task_PlanReturn", return_kind="no further visit")


def an_agency_inspected_again_within_the_year(inspection: Inspection) -> NextSteps:
    steps = NextSteps.handed_over(inspection, urn=AGENCY).respond().review().tell(COMMISSIONERS)
    steps.plan(VISIT, OPENS).visit(OPENS).judge(INADEQUATE).decide(FULL).on(date(2025, 1, 6))
    steps.plan(FULL, LATER).do("Task_ArrangeReinspection", reinspection_first_day=day(LATER))
    return steps.on(LATER).do("Task_RecordReturn", returned_on=day(LATER))


def _told(story: Callable[[Inspection], NextSteps]) -> Story:
    def tell(driver: Driver, tools: Tools) -> None:
        assert story(Inspection(driver, tools)).state == "completed"

    return tell


STORIES = tuple(
    _told(story)
    for story in (
        a_registration_to_be_cancelled_and_an_inspection_after_all,
        serious_concerns_that_are_soon_put_right,
        a_secure_home_that_closes,
        a_childrens_home_with_a_notice_whose_next_inspection_is_inadequate_again,
        a_decline_that_authorities_are_told_of,
        a_decline_that_needs_nothing_more,
        an_agency_inspected_again_within_the_year,
    )
)
