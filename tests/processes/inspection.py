"""One full inspection, told in steps: every step does the tasks its people would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from sqlalchemy import select

from engine import feel, forms
from engine.db.tables import UserTask, UserTaskState
from engine.history import HistoryEvent
from engine.runtime import user_tasks
from engine.simulation import Driver
from engine.worker.handlers import Tools

URN = "SC000001"
TEAM: list[feel.Value] = ["ivy", "ian", "edda", "hale"]
PREPARATION, FIRST_DAY, LAST_DAY = date(2024, 6, 3), date(2024, 6, 4), date(2024, 6, 6)
GOOD = "good"
INADEQUATE = "inadequate"
IMPROVE = "requires improvement to be good"

Answers = Mapping[str, feel.Value]
MANAGED: Answers = {
    "manager_in_post": "yes",
    "manager_registered": "yes",
    "qualification_requirement": "no",
    "few_staff_qualified": "no",
}


def day(value: date) -> feel.Date:
    return feel.Date.of(value)


def a_finding(**parts: feel.Value) -> dict[str, feel.Value]:
    """A breach with impact, seen in two sources, unless `parts` say otherwise."""
    return {
        "description": "Medicine records were incomplete.",
        "kind": "breach of a regulation",
        "significant": "no",
        "impact": "yes",
        "sources": Decimal(2),
        "put_right": "no",
        "earlier": "none",
        **parts,
    }


@dataclass
class Inspection:
    """The case of one inspection and the hand that carries it on."""

    driver: Driver
    tools: Tools
    case: int = 0

    def start(self) -> Self:
        self.driver.travel(PREPARATION)
        people: Answers = {
            "lead_inspector": "ivy",
            "inspection_team": TEAM,
            "education_inspector": "edda",
            "health_inspector": "hale",
            "planned_first_day": day(FIRST_DAY),
        }
        self.case = self.driver.start("full_inspection", URN, people, team="Secure homes", by="planner")
        return self

    def do(self, element: str, **answers: feel.Value) -> Self:
        self.driver.do(self.case, element, **answers)
        incidents = self.driver.incidents(self.case)
        assert not incidents, incidents
        return self

    def on(self, when: date) -> Self:
        self.driver.travel(when)
        return self

    # --- the steps of the chapter ---------------------------------------------------------------------

    def prepare(self, *, youth_custody: bool = False) -> Self:
        self.do(
            "Task_ReviewInformation",
            questionnaires_received="yes",
            ycs_contract="yes" if youth_custody else "no",
            interpreter_needed="no",
            fourth_in_a_row="no",
        )
        if youth_custody:
            self.do("Task_CheckAndSendYcsRequest")
        return self.do("Task_WriteBriefing")

    def go_on_site(self) -> Self:
        return self.on(FIRST_DAY).do(
            "Task_StartOnSite", first_site_day=day(FIRST_DAY), annex_a_agreed_on=day(date(2024, 6, 5))
        )

    def gather(self) -> Self:
        self.do("Task_ChooseCases", serious_incident="no")
        self.do("Task_CheckAnnexA", annex_a_conflict="no", authority_failed_duty="no")
        self.do("Task_ShareEmergingFindings", inadequate_possible="no", manager_available="yes")
        return self.do("Task_CheckEvidence")

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

    def judge_leaders(
        self, *, help_and_protection: str = GOOD, leadership: str = GOOD, facts: Answers = MANAGED
    ) -> Self:
        """Every judgement but the overall one."""
        self.meet(help_and_protection=help_and_protection, facts=facts)
        self.do("Task_JudgeLeadership", leadership_grade=leadership)
        self.do("Task_JudgeEducation", education_grade=GOOD)
        return self.do("Task_JudgeHealth", health_grade=GOOD)

    def meet(self, *, help_and_protection: str = GOOD, facts: Answers = MANAGED) -> Self:
        """The team meeting, up to the facts that limit leaders and managers."""
        self.on(LAST_DAY)
        self.do("Task_JudgeHelpAndProtection", help_and_protection_grade=help_and_protection)
        return self.do("Task_RecordManagement", **facts)

    def require(self, *findings: Answers) -> Self:
        rows: list[feel.Value] = [dict(finding) for finding in findings]
        return self.do("Task_ListFindings", findings=rows)

    def leave(self, *, advice: bool = False) -> Self:
        return self.do(
            "Task_EndSiteVisit", end_of_site_visit=day(LAST_DAY), advice_needed="yes" if advice else "no"
        )

    def give_feedback(self, when: date = LAST_DAY) -> Self:
        return self.on(when).do("Task_GiveFeedback", end_of_inspection=day(when))

    def scan(self, when: date = LAST_DAY) -> Self:
        return self.on(when).do("Task_ScanNotes", unsummarised_notes="yes", notes_scanned_on=day(when))

    def write(self) -> Self:
        self.do("Task_WriteSections")
        for section in ("Task_WriteEducation", "Task_WriteHealth"):
            if section in self.open:
                self.do(section)
        return self.do("Task_CollateReport")

    def check(self) -> Self:
        return self.do("Task_SubmitReport").do("Task_CheckReport", quality_outcome="ready")

    def send_draft(self, when: date) -> Self:
        return self.on(when).do("Task_CheckAndSendDraft")

    def send_final(self, when: date, **approval: feel.Value) -> Self:
        answers: dict[str, feel.Value] = {"withholding_proposed": "no", "keep_notes": "no", **approval}
        self.on(when).do("Task_ApproveFinal", **answers)
        return self.do("Task_CheckAndSendFinal")

    def summarise(self) -> Self:
        return self.do("Task_WriteSummary", summary_adapted="no").do("Task_CheckAndSendSummary")

    def to_judgements(self) -> Self:
        """A plain inspection, up to the meeting of the team."""
        return self.start().prepare().go_on_site().gather()

    def to_feedback(self) -> Self:
        """A plain good inspection, up to and including feedback."""
        return self.to_judgements().judge().require().leave().scan().give_feedback()

    # --- what can be seen -----------------------------------------------------------------------------

    @property
    def open(self) -> Sequence[str]:
        return self.driver.open(self.case)

    @property
    def state(self) -> str:
        return self.driver.state(self.case)

    def offered(self, element: str, key: str) -> list[str]:
        """The choices the open task of `element` offers for a question."""
        found = self._context(element)
        assert found.form is not None
        settled = forms.settle(found.form, {}, found.variables, found.environment)
        return [option.value for option in settled.options[key]]

    def shown(self, element: str) -> Answers:
        """What the open task of `element` can show."""
        return self._context(element).variables

    def refused(self, element: str, **raw: str) -> list[str]:
        """The questions whose answers the open task of `element` refuses."""
        found = self._context(element)
        assert found.form is not None
        sent = {key: [value] for key, value in raw.items()}
        return list(forms.submit(found.form, sent, found.variables, found.environment).errors)

    def _context(self, element: str) -> user_tasks.TaskContext:
        query = select(UserTask.id).where(
            UserTask.instance_id == self.case,
            UserTask.element == element,
            UserTask.state.in_([UserTaskState.OPEN, UserTaskState.CLAIMED]),
        )
        with self.tools.database.read() as connection:
            task_id = connection.execute(query).scalar_one()
            return user_tasks.context(connection, self.tools.library, task_id=task_id, at=self.driver.at)

    def variables(self, name: str) -> list[feel.Value]:
        """Every value the case has given `name`, in order."""
        found = []
        for event in self.history("variables set"):
            values = (event.personal or {}).get("values", event.personal or {})
            if name in values:
                found.append(feel.from_json(values[name]))
        return found

    def deadline(self, key: str) -> tuple[date | None, str]:
        return self.driver.deadlines(self.case)[key]

    def history(self, kind: str) -> list[HistoryEvent]:
        return [event for event in self.driver.history(self.case) if event.kind == kind]
