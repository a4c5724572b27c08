"""The provider complains about the draft: a second RIM answers before the report is final."""

from collections.abc import Callable
from datetime import date

from tests.journeys.office import Case, Office
from tests.journeys.people import Colleague, Provider

COMPLAINT = "The report leaves out what the home has done since March."
ANSWER = "We added what you did since March; the judgements stay as they are."


class DisputedInspection:
    """The story of a good inspection whose report is disputed."""

    def __init__(self, office: Office, colleague: Callable[..., Colleague], provider: Provider) -> None:
        self.office, self.colleague, self.provider = office, colleague, provider

    def given_a_draft_report_that_was_sent(self) -> None:
        self.case: Case = self.office.case_at("Task_CommentOnDraft", scenario="complaint")

    def when_the_provider_reads_it_and_complains(self) -> None:
        self.provider.follows_the_link_of("Draft inspection report")
        assert "Overall experiences and progress" in self.provider.downloads("Read the draft report")
        self.provider.answers({"What would you like to do?": "Make a formal complaint"})
        self.provider.answers(
            {
                "Your comments": [{"Part of the report": "Page 3", "Comment": "The year is wrong."}],
                "Your complaint": COMPLAINT,
                "Your name and role": "Pat Provider, director",
            }
        ).presses("Send comments")
        self.provider.sees_heading("Your comments have been sent")

    def when_the_manager_needs_more_time(self) -> None:
        self.colleague("manager").does(
            "Extend final report",
            {
                "Is more time needed to answer the complaint?": "Yes",
                "New last day for the final report": date(2027, 2, 12),
                "Reason": "The complaint needs records of the spring.",
            },
        )

    def then_the_new_day_and_its_reason_stand_among_the_deadlines(self) -> None:
        manager = self.colleague("manager").opens_case(self.case.reference, "deadlines")
        manager.sees("Friday 12 February 2027", "The complaint needs records of the spring.", "Extended")

    def when_a_second_rim_answers_the_complaint(self) -> None:
        second = self.colleague("second").takes("Answer complaint").sees(COMPLAINT)
        second.answers(
            {
                "I had no part in this inspection": True,
                "Outcome": "Partly upheld",
                "Answer to the provider": ANSWER,
            }
        ).presses("Complete task")
        second.sees("You completed “Answer complaint”")

    def when_the_lead_answers_the_comments_too(self) -> None:
        lead = self.colleague("inspector").takes("Answer comments").sees("The year is wrong.")
        lead.answers({"Answers": "The year is put right on page 3."}).presses("Complete task")

    def when_the_rim_approves_and_the_lead_sends_the_final_report(self) -> None:
        self.colleague("rim").does(
            "Approve final report",
            {
                "The report is ready to be final, identifies no child or member of staff, "
                "and every comment is answered": True,
                "Do you propose not to publish it?": "No",
                "Must duplicate notes be kept after publication?": "No",
            },
        )
        self.colleague("inspector").does(
            "Check and send final", {"I have checked the final report and it can be sent": True}
        )

    def then_the_provider_gets_the_final_report_with_both_answers(self) -> None:
        letter = self.office.mailbox.letter("Final inspection report")
        body = letter.get_body(("plain",))
        assert body is not None
        text = " ".join(body.get_content().split())
        assert ANSWER in text
        assert "The year is put right on page 3." in text
        assert [each.get_filename() for each in letter.iter_attachments()] == ["Final report.html"]


def test_a_complaint_about_the_draft(
    office: Office, colleague: Callable[..., Colleague], provider: Provider
) -> None:
    story = DisputedInspection(office, colleague, provider)
    story.given_a_draft_report_that_was_sent()
    story.when_the_provider_reads_it_and_complains()
    story.when_the_manager_needs_more_time()
    story.then_the_new_day_and_its_reason_stand_among_the_deadlines()
    story.when_a_second_rim_answers_the_complaint()
    story.when_the_lead_answers_the_comments_too()
    story.when_the_rim_approves_and_the_lead_sends_the_final_report()
    story.then_the_provider_gets_the_final_report_with_both_answers()
