"""Stories that together take every sequence flow of every diagram."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import dialect, feel
from engine.db.tables import Instance
from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.conftest import BEFORE
from tests.processes.following import NextSteps
from tests.processes.inspection import GOOD, INADEQUATE, Inspection, a_finding, day

pytestmark = pytest.mark.database
OPENS = date(2024, 7, 18)
DIAGRAMS = sorted((Path(__file__).parents[2] / "bpmn").glob("*/*.bpmn"))


def a_complaint_after_everything_that_can_be_asked(inspection: Inspection) -> None:
    inspection.start().prepare(youth_custody=True).go_on_site()
    inspection.do("Task_CheckAnnexA", annex_a_conflict="yes", authority_failed_duty="no")
    inspection.do("Task_CheckAndSendAnnexAQuery")
    inspection.do("Task_CheckAnnexA", annex_a_conflict="no", authority_failed_duty="yes")
    inspection.do("Task_TellSeniorHmi").do("Task_ChooseCases", serious_incident="no")
    inspection.do("Task_ShareEmergingFindings", inadequate_possible="yes", manager_available="no")
    inspection.do("Task_AskResponsibleIndividual").do("Task_CheckEvidence").judge()
    inspection.require(a_finding(earlier="requirement not met")).do("Task_DecideFinding")
    inspection.do("Task_ConsiderEnforcement").leave(advice=True).do("Task_GiveAdvice").give_feedback().scan()
    inspection.write().do("Task_SubmitReport")
    inspection.do("Task_CheckReport", quality_outcome="send back", quality_comments="Shorter.")
    inspection.check().send_draft(date(2024, 7, 2))
    inspection.do("Task_CommentOnDraft", provider_response="formal complaint")
    inspection.do("Task_ExtendFinal", final_extended="no").do("Task_AnswerComplaint")
    inspection.do("Task_AnswerComments").send_final(date(2024, 7, 18)).summarise().on(date(2024, 7, 25))


def a_silent_provider_and_a_report_that_is_withheld(inspection: Inspection) -> None:
    inspection.to_feedback().write().check().send_draft(date(2024, 7, 2)).on(date(2024, 7, 10))
    inspection.send_final(date(2024, 7, 18), withholding_proposed="yes")
    inspection.do(
        "Task_DecideWithholding", withholding_decision="withhold", withholding_decision_reason="So."
    )
    inspection.do("Task_CheckAndSendWithheld").summarise()


def an_inadequate_home_whose_report_is_not_withheld_after_all(inspection: Inspection) -> None:
    inspection.to_judgements().judge(help_and_protection=INADEQUATE, overall=INADEQUATE).require().leave()
    inspection.give_feedback().scan().write().check().send_draft(date(2024, 7, 2))
    inspection.do("Task_CommentOnDraft", provider_response="comments").do("Task_AnswerComments")
    inspection.send_final(date(2024, 7, 18), withholding_proposed="yes")
    inspection.do("Task_DecideWithholding", withholding_decision="publish", withholding_decision_reason="So.")
    inspection.summarise().on(date(2024, 7, 25))


def a_judgement_that_changes_in_the_second_discussion(inspection: Inspection) -> None:
    inspection.to_feedback().write().do("Task_SubmitReport")
    for agreed in ("no", "yes"):
        inspection.do("Task_CheckReport", quality_outcome="change a judgement", quality_comments="Safety?")
        inspection.do(
            "Task_DiscussChange",
            change_agreed=agreed,
            help_and_protection_grade=INADEQUATE if agreed == "yes" else GOOD,
        )
        if agreed == "no":
            inspection.do("Task_SubmitReport")
    inspection.do("Task_JudgeRevisedOverall", overall_grade=INADEQUATE).do("Task_CheckAndSendRevised")
    inspection.check().send_draft(date(2024, 7, 2)).do("Task_CommentOnDraft", provider_response="no comments")
    inspection.send_final(date(2024, 7, 18)).summarise().on(date(2024, 7, 25))


def a_home_whose_registration_is_to_be_cancelled_and_that_is_inspected_again(inspection: Inspection) -> None:
    steps = NextSteps.handed_over(inspection)
    action: feel.Value = {"what": "Plan the visit.", "owner": "rim", "by": day(date(2024, 6, 20))}
    steps.respond().review(enforcement=["cancellation"], actions=[action])
    steps.do("Task_DecideRegistration", registration_decision="go ahead")
    steps.do("Task_CheckAndSendEnforcement").do("Task_DoAction").tell()
    steps.plan("monitoring visit", OPENS).visit(OPENS).judge(INADEQUATE).decide("more monitoring")
    steps.plan("full inspection", date(2024, 9, 10)).agree_reinspection(date(2024, 9, 10))
    steps.do("Task_RecordReturn", returned_on=day(OPENS))
    assert steps.state == "completed"


def serious_concerns_that_are_soon_put_right(inspection: Inspection) -> None:
    steps = NextSteps.handed_over(inspection, kind="assurance").tell().respond().review()
    steps.plan("monitoring visit", OPENS).visit(OPENS).judge("no serious or widespread concerns")
    assert steps.decide("improved judgement").state == "completed"


def a_home_that_closes(inspection: Inspection) -> None:
    steps = NextSteps.handed_over(inspection).to_the_return().plan("monitoring visit", OPENS)
    steps.visit(OPENS, requirements_met="no").judge(INADEQUATE)
    assert steps.decide("registration ended").state == "completed"


INSPECTIONS = (
    a_complaint_after_everything_that_can_be_asked,
    a_silent_provider_and_a_report_that_is_withheld,
    an_inadequate_home_whose_report_is_not_withheld_after_all,
    a_judgement_that_changes_in_the_second_discussion,
)
AFTERWARDS = (
    a_home_whose_registration_is_to_be_cancelled_and_that_is_inspected_again,
    serious_concerns_that_are_soon_put_right,
    a_home_that_closes,
)


def test_every_sequence_flow_is_taken_by_one_of_the_stories(tools: Tools) -> None:
    for story in INSPECTIONS:
        inspection = Inspection(Driver(tools, BEFORE), tools)
        story(inspection)
        assert inspection.state == "completed"
    for story in AFTERWARDS:
        story(Inspection(Driver(tools, BEFORE), tools))

    with tools.database.read() as connection:
        cases = connection.execute(select(Instance.id)).scalars().all()
    driver = Driver(tools, BEFORE)
    taken = {
        f"{event.fields['process']}/{flow}"
        for case in cases
        for event in driver.history(case)
        for flow in event.fields.get("flows", ())
    }
    drawn = {
        f"{process.id}/{flow}"
        for path in DIAGRAMS
        for process in dialect.read(path.read_bytes()).processes.values()
        for flow in process.flows
    }
    assert drawn - taken == set()
