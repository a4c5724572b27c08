"""Planning an inspection and what comes in between inspections, told in steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from engine import feel
from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.following import started_by
from tests.processes.inspection import URN, Inspection, day

TODAY, FIRST_DAY = date(2024, 6, 3), date(2024, 9, 3)
PEOPLE: Mapping[str, feel.Value] = {"lead_inspector": "ivy", "inspection_team": ["ivy", "ian"]}


@dataclass
class Planning(Inspection):
    """The planning of one service's next inspection, from Monday 3 June 2024."""

    @classmethod
    def begin(cls, driver: Driver, tools: Tools, urn: str = URN) -> Self:
        driver.travel(TODAY)
        case = driver.start("schedule_inspection", urn, {}, team="Secure homes", by="planner")
        return cls(driver, tools, case)

    def situated(self, situation: str, since: date = TODAY) -> Self:
        return self.do("Task_RecordSituation", situation=situation, window_from=day(since))

    def planned(self, kind: str, *, first_day: date = FIRST_DAY, **answers: feel.Value) -> Self:
        return self.do(
            "Task_PlanInspection",
            **{
                "planned_kind": kind,
                "planned_first_day": day(first_day),
                "lead_inspector": "ivy",
                "team_names": "ivy, ian",
                "education_inspector": "edda",
                "health_inspector": "hale",
                "single_person": "no",
                "more_than_three": "no",
                **answers,
            },
        )

    def agreed(self) -> Self:
        return self.do("Task_AgreeResources", resources_agreed="yes")

    def started(self) -> Self:
        return self.do("Task_StartInspection", start_decision="start")

    @property
    def followed_by(self) -> list[str]:
        """The processes that this case started."""
        return sorted(started_by(self, self.case))


class Between(Planning):
    """Something that came in between inspections, on Monday 3 June 2024."""

    @classmethod
    def begin(cls, driver: Driver, tools: Tools, urn: str = URN) -> Self:
        driver.travel(TODAY)
        case = driver.start("between_inspections", urn, PEOPLE, team="Secure homes", by="planner")
        return cls(driver, tools, case)

    def recorded(self, kind: str, *, at_risk: bool = False, enquiry: bool = False) -> Self:
        return self.do(
            "Task_RecordInformation",
            information_kind=kind,
            received_on=day(TODAY),
            child_at_risk="yes" if at_risk else "no",
            child_protection_enquiry="yes" if enquiry else "no",
        )

    def reviewed(self, *, enough: bool = True) -> Self:
        return self.do("Task_ReviewReceived", information_enough="yes" if enough else "no")

    def decided(self, decision: str) -> Self:
        return self.do(
            "Task_DecideFollowUp", follow_up_decision=decision, follow_up_reason="The risk is rising."
        )
