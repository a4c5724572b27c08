"""One interim inspection of a children's home, told in steps that end on Thursday 6 June 2024."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from engine import feel
from tests.processes.following import CHILDRENS_HOME, started_by_message
from tests.processes.inspection import LAST_DAY, Inspection, day

IMPROVED, SUSTAINED, DECLINED = (
    "improved effectiveness",
    "sustained effectiveness",
    "declined in effectiveness",
)
AREAS: list[feel.Value] = ["children", "monitoring", "events", "partners", "earlier"]
MANAGED: Mapping[str, feel.Value] = {"manager_in_post": "yes", "manager_registered": "yes"}
DAY_1 = date(2024, 6, 5)


@dataclass
class Interim:
    """The case of one interim inspection and the hand that carries it on."""

    inspection: Inspection

    @classmethod
    def started(cls, inspection: Inspection) -> Self:
        inspection.on(DAY_1)
        people: dict[str, feel.Value] = {
            "lead_inspector": "ivy",
            "inspection_team": ["ivy"],
            "planned_first_day": day(DAY_1),
        }
        inspection.case = inspection.driver.start(
            "interim_inspection", CHILDRENS_HOME, people, team="Homes", by="planner"
        )
        return cls(inspection)

    @classmethod
    def due(cls, inspection: Inspection) -> Self:
        """The case that a due window starts, by message."""
        payload: dict[str, feel.Value] = {
            "service": {"urn": CHILDRENS_HOME},
            "lead_inspector": "ivy",
            "inspection_team": ["ivy"],
            "planned_first_day": day(DAY_1),
        }
        inspection.on(DAY_1)
        inspection.case = started_by_message(inspection, "Interim inspection due", payload)
        return cls(inspection)

    def do(self, element: str, **answers: feel.Value) -> Self:
        self.inspection.do(element, **answers)
        return self

    def to_the_focus_areas(self) -> Self:
        self.do("Task_PrepareInterim", last_full_judgement="good", last_full_on=day(date(2023, 11, 2)))
        return self.do("Task_StartInterimVisit", first_site_day=day(DAY_1))

    def to_the_grade(self, managed: Mapping[str, feel.Value] = MANAGED) -> Self:
        self.to_the_focus_areas()
        self.do("Task_RecordFocusAreas", focus_areas=AREAS, children_left="no", children_new="no")
        return self.do("Task_RecordInterimManager", **managed)

    def to_feedback(self, grade: str = SUSTAINED, *, concern: str = "no") -> Self:
        self.to_the_grade().do(
            "Task_GradeEffectiveness", effectiveness_grade=grade, cause_for_concern=concern
        )
        self.do("Task_ListFindings", findings=[]).inspection.on(LAST_DAY)
        return self.do("Task_GiveInterimFeedback", end_of_inspection=day(LAST_DAY))

    def weigh(self, *, lead: str | None = None, rim: str | None = None) -> Self:
        """Whether a case review is held, as each of the two sees it; None where they are not asked."""
        self.do("Task_WeighReview", **({} if lead is None else {"lead_review": lead}))
        return self.do("Task_AgreeReview", **({} if rim is None else {"rim_review": rim}))

    def publish(self) -> Self:
        self.do("Task_WriteInterimReport").do("Task_SubmitReport")
        self.do("Task_CheckReport", quality_outcome="ready").do("Task_CheckAndSendDraft")
        self.do("Task_CommentOnDraft", provider_response="no comments")
        self.do("Task_ApproveFinal", withholding_proposed="no", keep_notes="no").do("Task_CheckAndSendFinal")
        self.inspection.on(self.inspection.driver.at.date())
        return self
