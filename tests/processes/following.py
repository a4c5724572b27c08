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
COMMISSIONERS: list[feel.Value] = [
    {"name": "Exampleshire", "kind": "host authority", "email": "director@exampleshire.example.org"},
    {"name": "Adopt Sample", "kind": "regional adoption agency", "email": "head@adopt.example.org"},
]
PLACERS: list[feel.Value] = [
    {"name": "Exampleshire", "kind": "host authority", "email": "director@exampleshire.example.org"},
    {"name": "Samplewick", "kind": "placing authority", "email": "director@samplewick.example.org"},
]
PARENTS: list[feel.Value] = [{"receiver_name": "Pat Parent", "receiver_email": "parent@example.org"}]
CHILDRENS_HOME, AGENCY = "CH000001", "AS000001"
HELD = ("authorities_agreed", "review_held_on", "review_serves")
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


REFERENCE = "SAMPLE-2024-99999"


def _payload(kind: str, urn: str, **known: feel.Value) -> dict[str, feel.Value]:
    return {
        "service": {"urn": urn},
        "inspection_reference": REFERENCE,
        "inspection_kind": kind,
        "end_of_inspection": day(LAST_DAY),
        "overall_grade": INADEQUATE if kind == "full" else None,
        "outcomes": [],
        "lead_inspector": "ivy",
        "inspection_team": TEAM,
        "education_inspector": "edda",
        "health_inspector": "hale",
        "effectiveness_grade": "declined in effectiveness" if kind == "interim" else None,
        "cause_for_concern": "no" if kind == "interim" else None,
        **known,
    }


def publish(inspection: Inspection, name: str, key: str, payload: dict[str, feel.Value]) -> None:
    """A message from a case that is not played."""
    with inspection.tools.database.begin() as connection:
        messages.publish(
            connection,
            name=name,
            correlation_key=key,
            payload=payload,
            expires_at=inspection.driver.at + timedelta(days=365),
            at=inspection.driver.at,
        )
    inspection.on(inspection.driver.at.date())


def started_by_message(inspection: Inspection, name: str, payload: dict[str, feel.Value]) -> int:
    """The case that a message from nowhere starts."""
    publish(inspection, name, REFERENCE, payload)
    with inspection.tools.database.read() as connection:
        newest = select(Instance.id).order_by(Instance.id.desc()).limit(1)
        return connection.execute(newest).scalar_one()


def a_notice(when: date) -> feel.Value:
    """A compliance notice to be met by `when`."""
    return {"reference": "CN-1", "breach": "Regulation 12", "action": "Train the staff.", "date": day(when)}


def record_outcome(inspection: Inspection, grade: str, end: date) -> int:
    """The case in which a planner enters the outcome of a full inspection of a children's home."""
    people: dict[str, feel.Value] = {
        "lead_inspector": "ivy",
        "inspection_team": TEAM,
        "education_inspector": None,
        "health_inspector": None,
    }
    driver = inspection.driver
    case = driver.start("record_outcome", CHILDRENS_HOME, people, team="Homes", by="planner")
    driver.do(
        case,
        "Task_RecordOutcome",
        outcome_end_of_inspection=day(end),
        outcome_overall_grade=grade,
        outcome_requirements=[],
    )
    inspection.on(driver.at.date())
    return case


def visit_made(inspection: Inspection, when: date, *, judgement: str | None) -> None:
    """What the monitoring of compliance tells after its visit."""
    found: dict[str, feel.Value] = {
        "returned_on": day(when),
        **MADE_SAFE,
        "visit_findings": "Staff are trained.",
        "visit_judgement": judgement,
        "visit_judgement_reason": "Progress alone changes no judgement.",
    }
    inspection.on(when)
    publish(inspection, "Monitoring visit made", REFERENCE, found)


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
    def handed_over(
        cls, inspection: Inspection, *, kind: str = "full", urn: str = URN, when: date = LAST_DAY
    ) -> Self:
        """A case that starts as an inspection hands over on its last day, without playing the inspection."""
        inspection.on(when)
        payload = _payload(kind, urn, end_of_inspection=day(when))
        return cls(inspection, started_by_message(inspection, "Inadequate outcome", payload))

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
        if "Task_CheckAndSendDfe" in self.open:
            self.do("Task_CheckAndSendDfe", dfe_email="dfe@example.org")
        return self

    def review(self, *, actions: Sequence[feel.Value] = (), **decided: feel.Value) -> Self:
        """The debrief, where there is one, and the case review up to its confirmation."""
        if "Task_HoldDebrief" in self.open:
            self.do("Task_HoldDebrief")
        self.do("Task_CallReview").hold(actions=actions, **decided)
        return self.do("Task_ConfirmReview", review_confirmed="yes")

    def hold(self, *, actions: Sequence[feel.Value] = (), **decided: feel.Value) -> Self:
        held = {key: decided.pop(key) for key in HELD if key in decided}
        self.do("Task_HoldReview", **({"review_serves": []} | held))
        plain: dict[str, feel.Value] = {"enforcement": [], "review_actions": list(actions)}
        return self.do("Task_DecideAction", **(plain | decided))

    def tell(self, bodies: Sequence[feel.Value] = BODIES, *, by_report: Sequence[feel.Value] = ()) -> Self:
        self.list_bodies(bodies, by_report=by_report).do("Task_CheckAndSendAlert")
        for _ in bodies:
            self.do("Task_CallBody", message_received="yes")
        if "Task_CheckAndSendCommissioner" in self.open:
            self.do("Task_CheckAndSendCommissioner", commissioner_email="commissioner@example.org")
        return self

    def list_bodies(
        self, bodies: Sequence[feel.Value] = BODIES, *, by_report: Sequence[feel.Value] = ()
    ) -> Self:
        return self.do(
            "Task_ListBodies",
            bodies=list(bodies),
            report_receivers=list(by_report),
            many_authorities="no",
            concerns_summary="Restraint.",
        )

    def plan(self, kind: str, when: date) -> Self:
        return self.do("Task_PlanReturn", return_kind=kind, return_planned_on=day(when))

    def visit(self, when: date, *, agreed: dict[str, str] = DISCRETE, **found: feel.Value) -> Self:
        """A monitoring visit, up to the judgement after it."""
        self.on(when).do("Task_RecordReturn", returned_on=day(when), **(MADE_SAFE | found))
        if "Task_AgreeNewJudgement" in self.open:
            self.do("Task_AgreeNewJudgement", **agreed)
        return self

    def judge(self, judgement: str) -> Self:
        self.do("Task_JudgeAfterVisit", visit_judgement=judgement)
        if "Task_CheckAndSendOutcome" in self.open:
            self.do("Task_CheckAndSendOutcome", dfe_email="dfe@example.org")
        return self

    def decide(self, follows: str) -> Self:
        return self.do("Task_DecideAfterVisit", after_visit=follows)

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

    @property
    def reference(self) -> str:
        with self.inspection.tools.database.read() as connection:
            return connection.execute(select(Instance.reference).where(Instance.id == self.case)).scalar_one()

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
