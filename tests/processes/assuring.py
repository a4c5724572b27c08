"""One assurance inspection, told in steps: every step does the tasks its people would do."""

from collections.abc import Mapping
from datetime import date
from typing import Self

from engine import feel
from tests.processes.inspection import TEAM, URN, Answers, Inspection, day

PREPARATION, VISIT = date(2024, 6, 5), date(2024, 6, 6)
CONCERNS = "serious or widespread concerns"
NO_CONCERNS = "no serious or widespread concerns"
CHILDREN: Answers = {"children_living": "yes"}
NEVER_ANY: Answers = {
    "children_living": "no",
    "first_inspection": "yes",
    "condition_in_force": "no",
    "children_since": "no",
    "admission": "later or not planned",
}
SOON_AGAIN: Answers = {
    "children_living": "no",
    "first_inspection": "no",
    "condition_in_force": "no",
    "children_since": "yes",
    "admission": "within 3 months",
}
WITH_CONDITION: Answers = {**SOON_AGAIN, "condition_in_force": "yes", "admission": "later or not planned"}


class Assurance(Inspection):
    """The case of one assurance inspection, visited on Thursday 6 June 2024."""

    def start(self) -> Self:
        self.driver.travel(PREPARATION)
        people: Mapping[str, feel.Value] = {
            "lead_inspector": "ivy",
            "inspection_team": TEAM,
            "education_inspector": None,
            "health_inspector": None,
            "planned_first_day": day(VISIT),
        }
        self.case = self.driver.start("assurance_inspection", URN, people, team="Secure homes", by="planner")
        return self

    def prepare_for(self, children: Answers = CHILDREN) -> Self:
        return self.do("Task_PrepareAssurance", **children)

    def visit(self) -> Self:
        """On site, up to the evidence on all three areas."""
        self.on(VISIT)
        self.do("Task_StartOnSite", first_site_day=day(VISIT), annex_a_agreed_on=day(VISIT))
        self.do("Task_CheckAnnexA", annex_a_conflict="no", authority_failed_duty="no")
        return self.do("Task_AssuranceEvidence")

    def find(self, finding: str) -> Self:
        self.do("Task_MakeFinding", assurance_finding=finding)
        return self.feed_back()

    def feed_back(self) -> Self:
        """Requirements, none unless asked for, and feedback on the day of the visit."""
        self.require()
        return self.do(
            "Task_GiveAssuranceFeedback", end_of_site_visit=day(VISIT), end_of_inspection=day(VISIT)
        )

    def report(self) -> Self:
        """Notes scanned, the report written, checked, sent and published."""
        self.scan(VISIT).do("Task_WriteAssuranceReport").check().send_draft(date(2024, 6, 20))
        self.do("Task_CommentOnDraft", provider_response="no comments")
        return self.send_final(date(2024, 7, 4)).on(date(2024, 7, 11))
