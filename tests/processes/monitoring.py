"""One case of compliance monitoring, told in steps: every step does the tasks its people would do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from sqlalchemy import select

from engine import feel
from engine.db.tables import Deadline, Instance, UserTask
from tests.processes.following import AGENCY, CHILDRENS_HOME, publish
from tests.processes.inspection import TEAM, URN, Inspection, day

__all__ = ["AGENCY", "CHILDRENS_HOME", "SECURE_HOME", "Monitoring", "a_notice"]
SECURE_HOME = URN
DIRECTORS: list[feel.Value] = [{"name": "Samplewick", "email": "director@samplewick.example.org"}]


def a_notice(when: date, reference: str = "CN-1") -> dict[str, feel.Value]:
    """A compliance notice to be met by `when`."""
    return {
        "reference": reference,
        "basis": "harm",
        "breach": "Regulation 12",
        "action": f"Do what {reference} asks for.",
        "date": day(when),
    }


@dataclass(frozen=True)
class Monitoring:
    """The case of a service that is monitored, and the hand that carries it on."""

    inspection: Inspection
    case: int

    # --- the start ------------------------------------------------------------------------------------

    @classmethod
    def begin(cls, inspection: Inspection, urn: str, when: date) -> Self:
        """A planner starts it."""
        inspection.on(when)
        people: dict[str, feel.Value] = {
            "lead_inspector": "ivy",
            "inspection_team": TEAM,
            "education_inspector": None,
            "health_inspector": None,
        }
        case = inspection.driver.start("compliance_monitoring", urn, people, team="Homes", by="planner")
        return cls(inspection, case)

    @classmethod
    def needed(cls, inspection: Inspection, urn: str, when: date, **known: feel.Value) -> Self:
        """A case review elsewhere asks for it."""
        inspection.on(when)
        payload: dict[str, feel.Value] = {
            "service": {"urn": urn},
            "inspection_reference": None,
            "end_of_inspection": None,
            "notices": [],
            "lead_inspector": "ivy",
            "inspection_team": TEAM,
            "education_inspector": None,
            "health_inspector": None,
        }
        publish(inspection, "Monitoring needed", "SAMPLE-2024-77777", {**payload, **known})
        with inspection.tools.database.read() as connection:
            newest = select(Instance.id).order_by(Instance.id.desc()).limit(1)
            return cls(inspection, connection.execute(newest).scalar_one())

    # --- the steps of the chapter ---------------------------------------------------------------------

    def agree(self, reason: str, *notices: feel.Value, **answers: feel.Value) -> Self:
        """The manager agrees the monitoring; the provider is told where that is asked for."""
        self.do(
            "Task_AgreeMonitoring",
            monitoring_reason=reason,
            **{"notices": list(notices), "announced": "no", **answers},
        )
        if "Task_CheckAndSendMonitored" in self.open:
            self.do("Task_CheckAndSendMonitored")
        return self

    def plan(self, *days: date, **answers: feel.Value) -> Self:
        """The lead inspector keeps the proposed plan, or chooses days."""
        chosen: dict[str, feel.Value] = {"visits": [{"day": day(each)} for each in days]} if days else {}
        for key in ("confirmation_proposed", "joint_wanted", "registration_ended"):
            chosen[key] = "no"
        return self.do("Task_PlanVisits", **{**chosen, **answers})

    def no_visit(self, **answers: feel.Value) -> Self:
        """No visit is left to make."""
        return self.plan(visits=[], **answers)

    def prepare(self, when: date, **answers: feel.Value) -> Self:
        return self.on(when).do("Task_PrepareVisit", **{"concern_involved": "no", **answers})

    def arrive(self, when: date, **answers: feel.Value) -> Self:
        told: dict[str, feel.Value] = {"visited_on": day(when), "made_as": "monitoring visit"}
        return self.on(when).do("Task_ArriveOnSite", **{**told, "told_whom": "registered manager", **answers})

    def look(self, *results: str, **found: feel.Value) -> Self:
        """The visit itself, with the result of each notice whose date has passed."""
        rows: list[feel.Value] = [
            {**row, "result": result, "evidence": "Records seen."}
            for row, result in zip(self._due(), results, strict=True)
        ]
        plain: dict[str, feel.Value] = {
            "children_safe": "yes",
            "further_concerns": "no",
            "other_failures": "no",
            "further_action": [],
            "complies": "yes",
            "suitable": "yes",
            "review_needed": "no",
            "enforcement_likely": "no",
            "advice_needed": "no",
        }
        if rows:
            plain["notice_results"] = rows
        return self.do("Task_CarryOutVisit", **{**plain, **found})

    def _due(self) -> list[dict[str, feel.Value]]:
        rows = self.seen.variables("notice_results")[-1]
        assert isinstance(rows, list)
        return [row for row in rows if isinstance(row, dict)]

    def give_feedback(self, when: date, **answers: feel.Value) -> Self:
        told: dict[str, feel.Value] = {"ended_on": day(when), "further_advice_needed": "no"}
        return self.on(when).do("Task_GiveVisitFeedback", **{**told, **answers})

    def visit(self, when: date, *results: str, **found: feel.Value) -> Self:
        """A plain visit, from preparation to feedback on the same day."""
        if "Task_PrepareVisit" not in self.open:
            self.on(when)
        return self.prepare(when).arrive(when).look(*results, **found).give_feedback(when)

    def tell(self) -> Self:
        """Directors and the Department for Education, where they hear of the visit."""
        if "Task_CheckAndSendDirectors" in self.open:
            self.do("Task_CheckAndSendDirectors", directors=DIRECTORS)
        if "Task_CheckAndSendDfe" in self.open:
            self.do("Task_CheckAndSendDfe", dfe_email="dfe@example.org")
        return self

    def review(self, *, enforcement: Sequence[str] = (), notices: Sequence[feel.Value] = ()) -> Self:
        """The case review, up to its second pair of eyes."""
        self.do("Task_CallReview").do("Task_HoldReview")
        self.do(
            "Task_DecideAction",
            enforcement=list(enforcement),
            review_actions=[],
            monitoring_decided="yes",
            **({"notices": list(notices)} if notices else {}),
        )
        return self.do("Task_ConfirmReview", review_confirmed="yes")

    def decide(self, follows: str, **answers: feel.Value) -> Self:
        """What follows for the next notice of the review."""
        return self.do("Task_DecideNotice", notice_follows=follows, **answers)

    def close(self) -> Self:
        return self.no_visit().do("Task_ConsiderClosing", closing_decision="close")

    def publish(self, draft: date, final: date) -> Self:
        """The report of the last visit, from writing to publication."""
        self.do("Task_WriteVisitReport", further_enforcement_likely="no")
        self.do("Task_SubmitReport").do("Task_CheckReport", quality_outcome="ready")
        self.on(draft).do("Task_CheckAndSendDraft")
        self.do("Task_CommentOnDraft", provider_response="no comments").on(final)
        self.do("Task_ApproveFinal", withholding_proposed="no", keep_notes="no")
        return self.do("Task_CheckAndSendFinal")

    def do(self, element: str, **answers: feel.Value) -> Self:
        self.inspection.driver.do(self.case, element, **answers)
        incidents = self.inspection.driver.incidents(self.case)
        assert not incidents, incidents
        return self

    def on(self, when: date) -> Self:
        self.inspection.driver.travel(when)
        return self

    def serve(self, *notices: feel.Value) -> Self:
        """Notices served by somebody else."""
        with self.inspection.tools.database.read() as connection:
            query = select(Instance.reference).where(Instance.id == self.case)
            reference = connection.execute(query).scalar_one()
        for notice in notices:
            publish(self.inspection, "Notice served", reference, {"notice": notice})
        return self

    # --- what can be seen -----------------------------------------------------------------------------

    @property
    def seen(self) -> Inspection:
        """The case, to be looked at."""
        return replace(self.inspection, case=self.case)

    @property
    def open(self) -> Sequence[str]:
        return self.inspection.driver.open(self.case)

    def may_do(self, element: str) -> list[str]:
        """The groups whose members may do an open task."""
        query = select(UserTask.candidate_groups).where(
            UserTask.instance_id == self.case, UserTask.element == element
        )
        with self.inspection.tools.database.read() as connection:
            return list(connection.execute(query).scalar_one())

    @property
    def state(self) -> str:
        return self.inspection.driver.state(self.case)

    def clocks(self, key: str) -> list[tuple[date | None, str]]:
        """Due day and state of every deadline of that name, in the order they began."""
        query = select(Deadline.due_on, Deadline.state).where(
            Deadline.instance_id == self.case, Deadline.key == key
        )
        with self.inspection.tools.database.read() as connection:
            return [(row.due_on, row.state) for row in connection.execute(query.order_by(Deadline.scope_id))]
