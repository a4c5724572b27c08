"""The one report process: every kind of inspection has its letter, its checker and its day of publication."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import dmn, letters
from engine.db.tables import UserTask
from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.conftest import BEFORE
from tests.processes.examples.reports import EXAMPLES
from tests.processes.inspection import URN
from tests.processes.reporting import AGENCY, CHILDRENS_HOME, FINISHED, Report

pytestmark = pytest.mark.database
MODELS = Path(__file__).parents[2] / "bpmn"
EVERY_KIND = [
    (URN, "full"),
    (URN, "assurance"),
    (URN, "monitoring"),
    (CHILDRENS_HOME, "interim"),
    (CHILDRENS_HOME, "monitoring"),
    (AGENCY, "full"),
    (AGENCY, "monitoring"),
]


def a_report(tools: Tools, urn: str, kind: str) -> Report:
    return Report.of(Driver(tools, BEFORE), tools, urn, kind)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_letter_the_table_names_can_be_read(example: tuple[str, str, dict[str, str], object]) -> None:
    file, decision, inputs, _ = example
    decided = dmn.load(MODELS / "decisions" / f"{file}.dmn").explain(decision, inputs).value
    assert isinstance(decided, dict)

    if (name := decided["letter"]) is not None:
        letters.read((MODELS / "letters" / f"{name}.md").read_bytes())


@pytest.mark.parametrize(("urn", "kind"), EVERY_KIND)
def test_a_report_of_every_kind_is_made_checked_by_the_provider_and_published(
    tools: Tools, urn: str, kind: str
) -> None:
    report = a_report(tools, urn, kind).to_the_end()
    if (urn, kind) == (URN, "full"):
        report.inspection.summarise()

    report.inspection.on(date(2024, 7, 1))

    assert report.inspection.state == "completed"
    assert "Keep medicine records complete." in report.document("Final report")


def test_an_interim_report_names_the_effectiveness_and_is_published_when_it_is_final(tools: Tools) -> None:
    report = a_report(tools, CHILDRENS_HOME, "interim").to_the_end()

    assert "sustained its effectiveness" in report.document("Final report")
    assert str(report.inspection.variables("published_on")[-1]) == FINISHED.isoformat()


def test_other_reports_are_published_five_working_days_after_the_final_one(tools: Tools) -> None:
    report = a_report(tools, AGENCY, "full").to_the_end()
    assert report.inspection.deadline("publication")[0] == date(2024, 7, 1)

    report.inspection.on(date(2024, 7, 1))

    assert report.inspection.state == "completed"


def test_a_monitoring_report_of_a_childrens_home_is_reviewed_by_a_regulatory_inspection_manager(
    tools: Tools,
) -> None:
    report = a_report(tools, CHILDRENS_HOME, "monitoring")

    checked_by = select(UserTask.candidate_groups).where(
        UserTask.instance_id == report.inspection.case, UserTask.element == "Task_CheckReport"
    )
    with tools.database.read() as connection:
        assert connection.execute(checked_by).scalar_one() == ["rim"]
    assert report.inspection.offered("Task_CheckReport", "quality_outcome") == ["ready", "send back"]


def test_the_survey_follows_inspections_of_secure_homes_and_agencies_only(
    tools: Tools, mail: Callable[[], list[str]]
) -> None:
    a_report(tools, CHILDRENS_HOME, "interim").to_the_end()
    a_report(tools, URN, "monitoring").to_the_end()
    assert not any(subject.startswith("Tell us") for subject in mail())

    a_report(tools, AGENCY, "full").to_the_end()

    assert any(subject.startswith("Tell us") for subject in mail())


@pytest.mark.parametrize(
    ("urn", "kind", "change"),
    [
        (URN, "assurance", {"revised_finding": "serious or widespread concerns"}),
        (CHILDRENS_HOME, "interim", {"revised_effectiveness": "declined in effectiveness"}),
    ],
)
def test_a_finding_that_gets_worse_in_the_check_is_told_and_handed_over(
    tools: Tools, urn: str, kind: str, change: dict[str, str], mail: Callable[[], list[str]]
) -> None:
    report = a_report(tools, urn, kind)
    report.inspection.do("Task_CheckReport", quality_outcome="change a judgement", quality_comments="Why?")
    report.inspection.do("Task_DiscussChange", change_agreed="yes", revised_reasons="New evidence.", **change)
    assert report.open == ["Task_CheckAndSendRevised"]
    assert len(report.inspection.history("message sent")) == 1

    report.inspection.do("Task_CheckAndSendRevised")

    assert any(subject.startswith("Revised judgements") for subject in mail())
    assert report.open == ["Task_SubmitReport"]
