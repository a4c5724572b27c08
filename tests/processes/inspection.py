"""One full inspection, told in steps: every step does the tasks its people would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Self

from engine import feel
from engine.history import HistoryEvent
from engine.simulation import Driver

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
    case: int = 0
    told: list[str] = field(default_factory=list)

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
        **reasons: feel.Value,
    ) -> Self:
        self.on(LAST_DAY)
        self.do("Task_JudgeHelpAndProtection", help_and_protection_grade=help_and_protection)
        self.do("Task_RecordManagement", **facts)
        led = {key: reason for key, reason in reasons.items() if key == "leadership_reason"}
        self.do("Task_JudgeLeadership", leadership_grade=leadership, **led)
        self.do("Task_JudgeEducation", education_grade=GOOD)
        self.do("Task_JudgeHealth", health_grade=GOOD)
        said = {key: reason for key, reason in reasons.items() if key == "overall_reason"}
        return self.do("Task_JudgeOverall", overall_grade=overall, **said)

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

    def to_feedback(self) -> Self:
        """A plain good inspection, up to and including feedback."""
        return self.start().prepare().go_on_site().gather().judge().require().leave().scan().give_feedback()

    # --- what can be seen -----------------------------------------------------------------------------

    @property
    def open(self) -> Sequence[str]:
        return self.driver.open(self.case)

    @property
    def state(self) -> str:
        return self.driver.state(self.case)

    def deadline(self, key: str) -> tuple[date | None, str]:
        return self.driver.deadlines(self.case)[key]

    def history(self, kind: str) -> list[HistoryEvent]:
        return [event for event in self.driver.history(self.case) if event.kind == kind]
