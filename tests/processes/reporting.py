"""One report of any kind and setting, told in steps from the written report to publication."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from sqlalchemy import select

from engine import dmn, feel
from engine.db.tables import Document
from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.inspection import TEAM, URN, Inspection, day

CHILDRENS_HOME, AGENCY = "CH000001", "AS000001"
SETTINGS = {
    URN: "secure children's home",
    CHILDRENS_HOME: "children's home",
    AGENCY: "adoption support agency",
}
TIMETABLE = Path(__file__).parents[2] / "bpmn" / "decisions" / "timetable.dmn"
ENDED, DRAFTED, FINISHED = date(2024, 6, 6), date(2024, 6, 12), date(2024, 6, 24)

A_REQUIREMENT: feel.Value = {
    "outcome": "requirement",
    "action": "Keep medicine records complete.",
    "reference": "regulation 23",
    "due_on": day(date(2024, 7, 1)),
}
GRADES: Mapping[str, feel.Value] = {
    "overall_grade": "good",
    "help_and_protection_grade": "good",
    "leadership_grade": "good",
    "provisional_judgements": {"overall": "good", "help_and_protection": "good", "leadership": "good"},
}
FINDING: Mapping[str, feel.Value] = {
    "assurance_finding": "no serious or widespread concerns",
    "provisional_judgements": {"finding": "no serious or widespread concerns"},
}
EFFECTIVENESS: Mapping[str, feel.Value] = {
    "effectiveness_grade": "sustained effectiveness",
    "provisional_judgements": {"effectiveness": "sustained effectiveness"},
}
FOUND = {"full": GRADES, "assurance": FINDING, "interim": EFFECTIVENESS, "monitoring": {}}


@dataclass
class Report:
    """The report of one inspection or visit, without the inspection."""

    inspection: Inspection

    @classmethod
    def of(cls, driver: Driver, tools: Tools, urn: str, kind: str) -> Self:
        """A written report whose inspection ended on Thursday 6 June 2024."""
        inputs: dict[str, feel.Value] = {"setting": SETTINGS[urn], "kind": kind}
        variables: dict[str, feel.Value] = {
            "kind": kind,
            "timetable": dmn.load(TIMETABLE).explain("inspection_timetable", inputs).value,
            "lead_inspector": "ivy",
            "inspection_team": TEAM,
            "education_inspector": None,
            "health_inspector": None,
            "first_site_day": day(ENDED),
            "end_of_inspection": day(ENDED),
            "outcomes": [A_REQUIREMENT],
            **FOUND[kind],
        }
        driver.travel(ENDED)
        case = driver.start("report_to_publication", urn, variables, team="Secure homes", by="planner")
        report = cls(Inspection(driver, tools, case))
        report.inspection.do("Task_SubmitReport")
        return report

    def check(self) -> Self:
        self.inspection.do("Task_CheckReport", quality_outcome="ready")
        return self

    def send_draft(self) -> Self:
        self.inspection.on(DRAFTED).do("Task_CheckAndSendDraft")
        return self

    def finish(self) -> Self:
        """No comments, and the final report sent."""
        self.inspection.do("Task_CommentOnDraft", provider_response="no comments").send_final(FINISHED)
        return self

    def to_the_end(self) -> Self:
        return self.check().send_draft().finish()

    @property
    def open(self) -> Sequence[str]:
        return self.inspection.open

    def document(self, name: str) -> str:
        """The newest document of this name, as HTML."""
        query = (
            select(Document.content)
            .where(Document.instance_id == self.inspection.case, Document.name == name)
            .order_by(Document.id.desc())
            .limit(1)
        )
        with self.inspection.tools.database.read() as connection:
            content: bytes = connection.execute(query).scalar_one()
        return content.decode()
