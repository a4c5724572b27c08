"""From the written report to publication: checks, changes of judgement, comments, complaints, withholding."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.processes.inspection import GOOD, IMPROVE, INADEQUATE, Inspection, day

pytestmark = pytest.mark.database
DRAFT, REPLY, FINAL, PUBLIC = date(2024, 7, 2), date(2024, 7, 9), date(2024, 7, 18), date(2024, 7, 25)


def test_the_manager_may_send_the_report_back_before_the_provider_sees_it(inspection: Inspection) -> None:
    inspection.to_feedback().write().do("Task_SubmitReport")
    inspection.do("Task_CheckReport", quality_outcome="send back", quality_comments="Too long.")
    assert inspection.open == ["Task_SubmitReport"]

    inspection.check()

    assert inspection.open == ["Task_CheckAndSendDraft"]


def test_a_changed_judgement_is_told_with_reasons_before_the_draft(
    inspection: Inspection, mail: Callable[[], list[str]]
) -> None:
    inspection.to_feedback().write().do("Task_SubmitReport")
    inspection.do("Task_CheckReport", quality_outcome="change a judgement", quality_comments="Leaders?")
    inspection.do(
        "Task_DiscussChange",
        change_agreed="yes",
        revised_help_and_protection=GOOD,
        revised_leadership=INADEQUATE,
        revised_education=GOOD,
        revised_health=GOOD,
        revised_reasons="More evidence.",
    )
    assert inspection.offered("Task_JudgeRevisedOverall", "overall_grade") == [IMPROVE, INADEQUATE]

    inspection.do("Task_JudgeRevisedOverall", overall_grade=IMPROVE, overall_reason="Children are safe.")
    assert inspection.open == ["Task_CheckAndSendRevised"]
    inspection.do("Task_CheckAndSendRevised")

    assert any(subject.startswith("Revised judgements") for subject in mail())
    assert not any(subject.startswith("Draft") for subject in mail())
    inspection.check()
    assert inspection.open == ["Task_CheckAndSendDraft"]


def test_a_change_to_inadequate_is_handed_over_too(inspection: Inspection) -> None:
    inspection.to_feedback().write().do("Task_SubmitReport")
    inspection.do("Task_CheckReport", quality_outcome="change a judgement", quality_comments="Safety?")
    inspection.do("Task_DiscussChange", change_agreed="yes", revised_help_and_protection=INADEQUATE)
    assert not inspection.history("message sent")

    inspection.do("Task_JudgeRevisedOverall", overall_grade=INADEQUATE)

    assert len(inspection.history("message sent")) == 1
    assert inspection.open == ["Task_CheckAndSendRevised"]


def test_a_change_that_is_not_agreed_leads_back_to_the_report(inspection: Inspection) -> None:
    inspection.to_feedback().write().do("Task_SubmitReport")
    inspection.do("Task_CheckReport", quality_outcome="change a judgement", quality_comments="Leaders?")
    inspection.do("Task_DiscussChange", change_agreed="no", change_refused_reason="Evidence holds.")

    assert inspection.open == ["Task_SubmitReport"]
    inspection.check()
    assert inspection.open == ["Task_CheckAndSendDraft"]


def test_a_complaint_is_answered_by_someone_independent_and_extends_the_final_with_a_reason(
    inspection: Inspection,
) -> None:
    inspection.to_feedback().write().check().send_draft(DRAFT).on(REPLY)
    inspection.do(
        "Task_CommentOnDraft", provider_response="formal complaint", complaint_text="It was not fair."
    )
    assert inspection.open == ["Task_ExtendFinal"]
    inspection.do(
        "Task_ExtendFinal",
        final_extended="yes",
        final_extended_to=day(date(2024, 8, 1)),
        final_extension_reason="The complaint needs interviews.",
    )
    assert inspection.deadline("final") == (date(2024, 8, 1), "extended")
    assert inspection.refused(
        "Task_AnswerComplaint", complaint_outcome="upheld", complaint_answer="Yes."
    ) == ["complaint_independent"]

    inspection.do("Task_AnswerComplaint").do("Task_AnswerComments").send_final(date(2024, 8, 1))

    assert inspection.deadline("final")[1] == "met"
    assert inspection.deadline("publication")[0] == date(2024, 8, 8)


def test_a_provider_without_comments_needs_no_answer(inspection: Inspection) -> None:
    inspection.to_feedback().write().check().send_draft(DRAFT)
    inspection.do("Task_CommentOnDraft", provider_response="no comments")

    assert inspection.open == ["Task_ApproveFinal"]


def test_a_report_is_withheld_only_by_a_director_and_the_provider_is_told(
    inspection: Inspection, mail: Callable[[], list[str]]
) -> None:
    inspection.to_feedback().write().check().send_draft(DRAFT)
    inspection.do("Task_CommentOnDraft", provider_response="no comments")
    inspection.send_final(FINAL, withholding_proposed="yes", withholding_reason="A child could be found.")
    inspection.do(
        "Task_DecideWithholding", withholding_decision="withhold", withholding_decision_reason="Agreed."
    )
    inspection.do("Task_CheckAndSendWithheld").summarise().on(date(2024, 8, 30))

    assert any(subject.startswith("Your report will not be published") for subject in mail())
    assert inspection.state == "completed"
    assert inspection.variables("published_on") == []


def test_a_director_may_refuse_to_withhold_and_the_report_is_published(inspection: Inspection) -> None:
    inspection.to_feedback().write().check().send_draft(DRAFT)
    inspection.do("Task_CommentOnDraft", provider_response="no comments")
    inspection.send_final(FINAL, withholding_proposed="yes", withholding_reason="A child could be found.")
    inspection.do("Task_DecideWithholding", withholding_decision="publish", withholding_decision_reason="No.")
    inspection.summarise().on(PUBLIC)

    assert inspection.state == "completed"
    assert inspection.variables("published_on")[-1] == day(PUBLIC)


def test_notes_are_kept_after_publication_when_there_is_a_reason(inspection: Inspection) -> None:
    inspection.to_feedback().write().check().send_draft(DRAFT)
    inspection.do("Task_CommentOnDraft", provider_response="no comments")
    inspection.send_final(FINAL, keep_notes="yes", keep_notes_reason="a complaint").summarise().on(PUBLIC)

    assert inspection.variables("handwritten_notes")[-1] == "kept longer: a complaint"


def test_an_inadequate_home_is_handed_over_at_feedback_and_not_after_the_report(
    inspection: Inspection,
) -> None:
    inspection.to_judgements().judge(help_and_protection=INADEQUATE, overall=INADEQUATE).require().leave()
    assert not inspection.history("message sent")

    inspection.give_feedback()

    assert [event.element for event in inspection.history("message sent")] == [
        "EndEvent_InadequateHandedOver"
    ]
    assert "Task_WriteSections" in inspection.open
