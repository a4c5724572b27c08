"""One full inspection of an adoption support agency, told in steps, with the dates of its chapter."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from engine import feel
from tests.processes.inspection import GOOD, Answers, Inspection, day

AGENCY = "AS000001"
PEOPLE: Answers = {"lead_inspector": "ivy", "inspection_team": ["ivy", "ian"]}
NOTICE = date(2024, 6, 25)  # a Tuesday, 10 working days before the first day on site
FORMS_AGREED = date(2024, 7, 3)
PREPARATION, FIRST_DAY, LAST_DAY = date(2024, 7, 8), date(2024, 7, 9), date(2024, 7, 11)
NOT_PLANNED = date(2024, 6, 10)
PLAIN: Answers = {
    "single_individual": "no",
    "people_served": Decimal(20),
    "wide_spread": "no",
    "special_issue": "no",
    "fourth_cycle": "no",
}
MANAGED: Answers = {"manager_in_post": "yes", "manager_registered": "yes", "weak_leadership": []}
USUAL = "half day, whole day, half day"


def a_case(way: str = "tracked") -> dict[str, feel.Value]:
    """A child's case."""
    return {"initials": "A B", "way": way, "person": "child", "why": "Counselling."}


@dataclass
class Agency(Inspection):
    """The case of one agency's inspection and the hand that carries it on."""

    def start(self) -> Self:
        self.driver.travel(NOT_PLANNED)
        people: Answers = {**PEOPLE, "planned_first_day": day(FIRST_DAY)}
        self.case = self.driver.start("agency_inspection", AGENCY, people, team="Agencies", by="planner")
        return self

    # --- the steps of the chapter ---------------------------------------------------------------------

    def plan(self, *, pattern: str = USUAL, **facts: feel.Value) -> Self:
        self.do("Task_PlanVisit", **{**PLAIN, "planned_first_day": day(FIRST_DAY), **facts})
        return self.do("Task_AgreeResources", visit_pattern=pattern)

    def notify(self, when: date = NOTICE) -> Self:
        return self.on(when).do("Task_CheckAndSendNotice")

    def call(self, *, deferral: str = "no", **agreed: feel.Value) -> Self:
        answers: Answers = {
            "agency_called_on": day(NOTICE),
            "forms_agreed_on": day(FORMS_AGREED),
            "interpreter_needed": "no",
            "deferral_asked": deferral,
        }
        return self.do("Task_CallAgency", **{**answers, **agreed})

    def arrange(self) -> Self:
        return self.do("Task_CheckAndSendArrangements")

    def return_forms(self, when: date = FORMS_AGREED) -> Self:
        case: feel.Value = {"number": "17", "support": "Counselling", "person": "child"}
        self.on(when)
        return self.do("Task_ReturnForms", forms_sent_as="here", people_served=Decimal(20), case_list=[case])

    def prepare_visit(self, **known: feel.Value) -> Self:
        self.on(PREPARATION)
        return self.do("Task_ReviewInformation", **{"people_served": Decimal(20), **known})

    def go_on_site(self) -> Self:
        self.on(FIRST_DAY)
        return self.do("Task_StartOnSite", first_site_day=day(FIRST_DAY), prompted_by_concern="no")

    def gather(self, *, tracked: int = 4) -> Self:
        cases: list[feel.Value] = [a_case() for _ in range(tracked)]
        self.do("Task_ChooseCases", cases=cases).do("Task_HearViews")
        self.do("Task_InterviewManager", staff_distressed="no")
        self.do("Task_ExamineRecords", financial_view="yes")
        self.share(manager_available="yes", inadequate_possible="no")
        return self.do("Task_CheckEvidence")

    def share(self, **found: feel.Value) -> Self:
        return self.do("Task_ShareEmergingFindings", **{"responsible_individual_concerns": [], **found})

    def judge(
        self,
        *,
        help_and_protection: str = GOOD,
        leadership: str = GOOD,
        overall: str = GOOD,
        facts: Answers = MANAGED,
    ) -> Self:
        self.judge_leaders(help_and_protection=help_and_protection, leadership=leadership, facts=facts)
        return self.do("Task_JudgeOverall", overall_grade=overall)

    def meet(self, *, help_and_protection: str = GOOD, facts: Answers = MANAGED) -> Self:
        self.on(LAST_DAY)
        self.do("Task_JudgeHelpAndProtection", help_and_protection_grade=help_and_protection)
        return self.do("Task_RecordManagement", **facts)

    def judge_leaders(
        self, *, help_and_protection: str = GOOD, leadership: str = GOOD, facts: Answers = MANAGED
    ) -> Self:
        self.meet(help_and_protection=help_and_protection, facts=facts)
        return self.do("Task_JudgeLeadership", leadership_grade=leadership)

    def leave(self, *, advice: bool = False) -> Self:
        answer = "yes" if advice else "no"
        return self.do("Task_EndSiteVisit", end_of_site_visit=day(LAST_DAY), advice_needed=answer)

    def give_feedback(self, when: date = LAST_DAY) -> Self:
        return self.on(when).do("Task_GiveFeedback", end_of_inspection=day(when))

    def scan(self, when: date = LAST_DAY) -> Self:
        return self.on(when).do("Task_ScanNotes", unsummarised_notes="yes", notes_scanned_on=day(when))

    def write(self) -> Self:
        return self.do("Task_WriteReport")

    # --- in one go ------------------------------------------------------------------------------------

    def to_call(self) -> Self:
        """A plain inspection, up to the notice that was given."""
        return self.start().plan().notify()

    def to_judgements(self) -> Self:
        """A plain inspection, up to its judgements."""
        self.to_call().call().arrange().return_forms().prepare_visit()
        return self.go_on_site().gather()

    def to_feedback(self) -> Self:
        """A plain good inspection, up to and including feedback."""
        return self.to_judgements().judge().require().leave().scan().give_feedback()
