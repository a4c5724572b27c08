"""What people record beside an inspection, by hand: advice in three presses, and a source nobody sees."""

from collections.abc import Callable

from tests.journeys.office import DEMO_HOME, FIRST_DAY, Office
from tests.journeys.people import Colleague

ADVICE = "Advice asked and given"
SOURCE = "Information from someone who stays unnamed"


class Beside:
    """The story of an inspection during which advice is asked and somebody speaks in confidence."""

    def __init__(self, office: Office, colleague: Callable[..., Colleague]) -> None:
        self.office, self.colleague = office, colleague
        self.clicks = 0

    def given_an_inspection_on_site(self) -> None:
        self.case = self.office.case_at("Task_ChooseCases")

    def when_the_lead_records_advice_from_the_history_of_the_case(self) -> None:
        lead = self.colleague("inspector").opens_case(self.case.reference, "history")
        self._clicked(lead.follows("Record something"))
        self._clicked(lead.presses(ADVICE))
        lead.sees_heading("Record advice")
        lead.answers(
            {
                "What is it about?": "The inspection or visit",
                "What do you ask?": "May the deputy be interviewed alone?",
                "Who is asked?": "Regulatory inspection manager",
                "Do you have the answer?": "Yes",
                "Who answered?": "Rita Rim",
                "When?": FIRST_DAY,
                "What was the answer?": "Yes.",
            }
        )
        self._clicked(lead.presses("Complete task"))
        lead.sees("You completed “Record advice”", "Came from", self.case.reference)

    def then_it_took_three_presses(self) -> None:
        assert self.clicks == 3

    def and_the_case_and_its_service_show_the_record(self) -> None:
        manager = self.colleague("manager").opens_case(self.case.reference)
        manager.sees("Led to", ADVICE)
        manager.follows(DEMO_HOME).sees("what each led to", ADVICE)

    def when_the_lead_records_what_somebody_said_in_confidence(self) -> None:
        lead = self.colleague("inspector").opens_case(self.case.reference).follows("Record something")
        lead.presses(SOURCE)
        lead.answers(
            {
                "Who told you?": "Sasha Source",
                "When?": FIRST_DAY,
                "What did they say?": "Records were changed at night.",
            }
        ).presses("Complete task")
        self.hidden = lead.page.url.rpartition("/")[2]
        lead.opens_case(self.hidden, "history").sees("Record source")

    def then_no_colleague_sees_it(self) -> None:
        for name in ("teammate", "manager", "planner"):
            person = self.colleague(name).opens_case(self.case.reference).does_not_see(self.hidden, SOURCE)
            for page in ("", "/history", "/documents", "/evidence"):
                person.opens(f"/cases/{self.hidden}{page}").sees("There is no case")
            person.opens(f"/cases?text={self.hidden}").does_not_see(SOURCE)

    def and_the_manager_of_the_region_agrees_what_is_shared(self) -> None:
        self.colleague("rim").does(
            "Agree what is shared",
            {
                "Can anything be shared without revealing who it was?": "Yes",
                "What may be shared": "Records may have been changed.",
                "It holds no names, dates, periods of time or places that point to the person": True,
                "Whoever uses it knows: guesses are neither confirmed nor denied, and they say that they "
                "cannot comment": True,
            },
        )

    def _clicked(self, _: Colleague) -> None:
        self.clicks += 1


def test_advice_is_recorded_from_any_page_of_a_case_in_three_presses(
    office: Office, colleague: Callable[..., Colleague]
) -> None:
    story = Beside(office, colleague)
    story.given_an_inspection_on_site()
    story.when_the_lead_records_advice_from_the_history_of_the_case()
    story.then_it_took_three_presses()
    story.and_the_case_and_its_service_show_the_record()


def test_a_source_that_stays_unnamed_is_seen_by_nobody_without_a_part_in_it(
    office: Office, colleague: Callable[..., Colleague]
) -> None:
    story = Beside(office, colleague)
    story.given_an_inspection_on_site()
    story.when_the_lead_records_what_somebody_said_in_confidence()
    story.then_no_colleague_sees_it()
    story.and_the_manager_of_the_region_agrees_what_is_shared()
