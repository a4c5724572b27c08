"""Children are not protected: the overall judgement is capped, and the case is handed over."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.office import DEMO_HOME, FEEDBACK_DAY, Case, Office
from tests.journeys.people import EVERYTHING, Colleague, Provider

FORBIDDEN = "good"
TYPED = "Children were not protected from harm."


class CappedInspection:
    """The story of an inspection that ends inadequate."""

    def __init__(self, office: Office, colleague: Callable[..., Colleague], provider: Provider) -> None:
        self.office, self.colleague, self.provider = office, colleague, provider

    def given_an_inspection_whose_team_meets_to_judge(self) -> None:
        self.case: Case = self.office.case_at("Task_JudgeHelpAndProtection", scenario="capped")

    def when_help_and_protection_is_judged_inadequate(self) -> None:
        self.colleague("teammate").does(
            "Judge help and protection",
            {
                "Evidence considered": EVERYTHING,
                "Judgement": "inadequate",
                "Key evaluative statements for feedback": "Risks were not acted on.",
            },
        )
        self.case.carry_on(until="Task_JudgeOverall", by_hand=("Task_JudgeHelpAndProtection",))

    def then_the_overall_page_offers_only_inadequate_and_says_why(self) -> None:
        lead = self.colleague("inspector").takes("Judge overall experiences")
        assert lead.choices("Judgement") == ["inadequate"]
        lead.sees("Help and protection is inadequate, so the overall judgement is always inadequate.")

    def then_a_forged_better_grade_is_refused_and_nothing_typed_is_lost(self) -> None:
        lead = self.colleague("inspector")
        lead.answers({"Judgement": "inadequate", "Key evaluative statements for feedback": TYPED})
        lead.page.locator("[name=overall_grade]").evaluate("radio => radio.value = 'good'")
        lead.presses("Complete task")
        lead.sees("There is a problem").sees_heading("Judge overall experiences")
        expect(lead.page.get_by_role("alert").get_by_role("link").first).to_have_attribute(
            "href", "#overall_grade"
        )
        assert lead.choices("Judgement") == ["inadequate"]
        lead.sees_answer("Key evaluative statements for feedback", TYPED)

    def when_the_lead_judges_overall_inadequate(self) -> None:
        lead = self.colleague("inspector")
        lead.answers({"Judgement": "inadequate"}).presses("Complete task")
        lead.sees("You completed “Judge overall experiences”")

    def when_the_lead_gives_feedback(self) -> None:
        self.case.carry_on(until="Task_GiveFeedback", by_hand=("Task_JudgeOverall",))
        self.colleague("inspector").does(
            "Give feedback",
            {
                "Day of feedback": FEEDBACK_DAY,
                "Who attended?": "The manager and the responsible individual",
                "Told in the meeting": EVERYTHING,
                "Nothing was given in writing": True,
                "Feedback to children": "Given",
            },
        )

    def then_the_hand_over_to_the_next_steps_is_seen_on_the_diagram(self) -> None:
        lead = self.colleague("inspector").opens_case(self.case.reference, "diagram")
        lead.sees_on_the_diagram("EndEvent_InadequateHandedOver", "done")
        lead.sees_in_words("Inadequate outcome handed over to next steps", "Done")
        lead.sees_on_the_diagram("Call_WriteReport", "current")

    def when_the_report_is_written_and_checked_and_the_draft_sent(self) -> None:
        self.case.carry_on(until="Task_CheckReport", by_hand=("Task_GiveFeedback",))
        self.colleague("rim").does(
            "Check report and evidence", {"What is the result?": "Ready for the provider"}
        )
        self.case.carry_on(until="Task_CommentOnDraft", by_hand=("Task_CheckReport",))

    def when_the_provider_has_no_comments(self) -> None:
        self.provider.follows_the_link_of("Draft inspection report")
        self.provider.answers(
            {
                "What would you like to do?": "I have no comments",
                "Your name and role": "Pat Provider, director",
            }
        ).presses("Send comments")
        self.provider.sees_heading("Your comments have been sent").sees(DEMO_HOME)

    def then_the_inadequate_report_is_published(self) -> None:
        self.case.carry_on(by_hand=("Task_CommentOnDraft",))
        self.case.weeks_pass()
        lead = self.colleague("inspector").opens_case(self.case.reference)
        lead.sees("The case has ended.").sees("Complete")
        lead.opens_case(self.case.reference, "documents").sees("Final report")


def test_an_inspection_with_a_capped_judgement(
    office: Office, colleague: Callable[..., Colleague], provider: Provider
) -> None:
    story = CappedInspection(office, colleague, provider)
    story.given_an_inspection_whose_team_meets_to_judge()
    story.when_help_and_protection_is_judged_inadequate()
    story.then_the_overall_page_offers_only_inadequate_and_says_why()
    story.then_a_forged_better_grade_is_refused_and_nothing_typed_is_lost()
    story.when_the_lead_judges_overall_inadequate()
    story.when_the_lead_gives_feedback()
    story.then_the_hand_over_to_the_next_steps_is_seen_on_the_diagram()
    story.when_the_report_is_written_and_checked_and_the_draft_sent()
    story.when_the_provider_has_no_comments()
    story.then_the_inadequate_report_is_published()
