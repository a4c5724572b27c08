"""Full inspections of secure children's homes that together take every flow of their diagrams."""

from collections.abc import Callable
from datetime import date

from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.inspection import GOOD, INADEQUATE, Inspection, a_finding
from tests.processes.stories import Story


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
            revised_help_and_protection=INADEQUATE if agreed == "yes" else GOOD,
        )
        if agreed == "no":
            inspection.do("Task_SubmitReport")
    inspection.do("Task_JudgeRevisedOverall", overall_grade=INADEQUATE).do("Task_CheckAndSendRevised")
    inspection.check().send_draft(date(2024, 7, 2)).do("Task_CommentOnDraft", provider_response="no comments")
    inspection.send_final(date(2024, 7, 18)).summarise().on(date(2024, 7, 25))


def _told(story: Callable[[Inspection], None]) -> Story:
    def tell(driver: Driver, tools: Tools) -> None:
        inspection = Inspection(driver, tools)
        story(inspection)
        assert inspection.state == "completed"

    return tell


STORIES = tuple(
    _told(story)
    for story in (
        a_complaint_after_everything_that_can_be_asked,
        a_silent_provider_and_a_report_that_is_withheld,
        an_inadequate_home_whose_report_is_not_withheld_after_all,
        a_judgement_that_changes_in_the_second_discussion,
    )
)
