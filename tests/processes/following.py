"""One case of next steps, told in steps: every step does the tasks its people would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from sqlalchemy import select

from engine import feel
from engine.db.tables import Instance, ProcessDefinition
from engine.history import HistoryEvent
from engine.runtime import messages
from tests.processes.inspection import INADEQUATE, LAST_DAY, TEAM, URN, Inspection, day

BODIES: list[feel.Value] = [
    {"name": "Exampleshire", "kind": "host authority", "email": "director@exampleshire.example.org"},
    {"name": "Samplewick", "kind": "placing authority", "email": "director@samplewick.example.org"},
    {"name": "Youth Custody Service", "kind": "youth custody service", "email": "ycs@example.org"},
]
DISCRETE = {"discrete": "yes", "good_record": "yes", "other_concerns": "no", "quick_to_fix": "yes"}
MADE_SAFE = {"requirements_met": "yes", "children_safe": "yes", "leaders_assured": "yes", "one_area": "yes"}


def an_inadequate_inspection(inspection: Inspection) -> Inspection:
    """A full inspection whose overall judgement is inadequate, at its feedback on Thursday 6 June 2024."""
    inspection.to_judgements().judge(help_and_protection=INADEQUATE, overall=INADEQUATE).require().leave()
    return inspection.scan().give_feedback()


def started_by(inspection: Inspection, case: int) -> dict[str, int]:
    """The cases that a case started, by their process."""
    query = (
        select(ProcessDefinition.process_id, Instance.id)
        .join(ProcessDefinition, ProcessDefinition.id == Instance.definition_id)
        .where(Instance.started_by_instance_id == case)
    )
    with inspection.tools.database.read() as connection:
        return {row.process_id: row.id for row in connection.execute(query)}


def _payload(kind: str) -> dict[str, feel.Value]:
    return {
        "service": {"urn": URN},
        "inspection_reference": "SCH-2024-99999",
        "inspection_kind": kind,
        "end_of_inspection": day(LAST_DAY),
        "overall_grade": INADEQUATE if kind == "full" else None,
        "outcomes": [],
        "lead_inspector": "ivy",
        "inspection_team": TEAM,
        "education_inspector": "edda",
        "health_inspector": "hale",
    }


@dataclass
class NextSteps:
    """The case that an inspection handed over to, and the hand that carries it on."""

    inspection: Inspection
    case: int

    @classmethod
    def after(cls, inspection: Inspection) -> Self:
        """The case that an inspection started."""
        return cls(inspection, started_by(inspection, inspection.case)["next_steps"])

    @classmethod
    def handed_over(cls, inspection: Inspection, *, kind: str = "full") -> Self:
        """A case that starts as an inspection hands over on its last day, without playing the inspection."""
        inspection.on(LAST_DAY)
        with inspection.tools.database.begin() as connection:
            messages.publish(
                connection,
                name="Inadequate outcome",
                correlation_key="SCH-2024-99999",
                payload=_payload(kind),
                expires_at=inspection.driver.at + timedelta(days=365),
                at=inspection.driver.at,
            )
        inspection.on(LAST_DAY)
        with inspection.tools.database.read() as connection:
            newest = select(Instance.id).order_by(Instance.id.desc()).limit(1)
            return cls(inspection, connection.execute(newest).scalar_one())

    def do(self, element: str, **answers: feel.Value) -> Self:
        self.inspection.driver.do(self.case, element, **answers)
        incidents = self.inspection.driver.incidents(self.case)
        assert not incidents, incidents
        return self

    def on(self, when: date) -> Self:
        self.inspection.driver.travel(when)
        return self

    # --- the steps of the chapter ---------------------------------------------------------------------

    def respond(self) -> Self:
        self.do("Task_ActOnRisk", immediate_risk="no")
        return self.do("Task_CheckAndSendDfe", dfe_email="dfe@example.org")

    def review(self, *, enforcement: Sequence[str] = (), actions: Sequence[feel.Value] = ()) -> Self:
        self.do("Task_HoldDebrief").do("Task_CallReview").do("Task_HoldReview")
        return self.do("Task_DecideAction", enforcement=list(enforcement), review_actions=list(actions))

    def tell(self) -> Self:
        self.do("Task_ListBodies", bodies=BODIES, many_authorities="no").do("Task_CheckAndSendAlert")
        for _ in BODIES:
            self.do("Task_CallBody", message_received="yes")
        return self.do("Task_CheckAndSendCommissioner", commissioner_email="commissioner@example.org")

    def plan(self, kind: str, when: date) -> Self:
        return self.do("Task_PlanReturn", return_kind=kind, return_planned_on=day(when))

    def visit(self, when: date, *, agreed: dict[str, str] = DISCRETE, **found: feel.Value) -> Self:
        """A monitoring visit, up to the judgement after it."""
        self.on(when).do("Task_RecordReturn", returned_on=day(when), **(MADE_SAFE | found))
        return self.do("Task_AgreeNewJudgement", **agreed)

    def judge(self, judgement: str) -> Self:
        self.do("Task_JudgeAfterVisit", visit_judgement=judgement)
        return self.do("Task_CheckAndSendOutcome", dfe_email="dfe@example.org")

    def decide(self, follows: str) -> Self:
        return self.do("Task_DecideAfterVisit", after_visit=follows, discuss_with_dfe="yes")

    def agree_reinspection(self, first_day: date, *, education: str = "yes", health: str = "yes") -> Self:
        self.do("Task_HearViews")
        self.do("Task_DecideScope", education_reinspected=education, health_reinspected=health)
        return self.do("Task_ArrangeReinspection", reinspection_first_day=day(first_day))

    def to_the_return(self) -> Self:
        """Everything before we return to the home."""
        return self.respond().review().tell()

    # --- what can be seen -----------------------------------------------------------------------------

    @property
    def open(self) -> Sequence[str]:
        return self.inspection.driver.open(self.case)

    @property
    def state(self) -> str:
        return self.inspection.driver.state(self.case)

    def deadline(self, key: str) -> tuple[date | None, str]:
        return self.inspection.driver.deadlines(self.case)[key]

    def history(self, kind: str) -> list[HistoryEvent]:
        return [event for event in self.inspection.driver.history(self.case) if event.kind == kind]

    def offered(self, element: str, key: str) -> list[str]:
        return self._seen().offered(element, key)

    def refused(self, element: str, **raw: str) -> list[str]:
        return self._seen().refused(element, **raw)

    def _seen(self) -> Inspection:
        return Inspection(self.inspection.driver, self.inspection.tools, self.case)
