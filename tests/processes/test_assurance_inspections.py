"""Assurance inspections of secure homes: their own timetable, one finding, and homes without children."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from engine import feel
from engine.db.tables import Service
from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.assuring import (
    CONCERNS,
    NEVER_ANY,
    NO_CONCERNS,
    SOON_AGAIN,
    VISIT,
    WITH_CONDITION,
    Assurance,
)
from tests.processes.conftest import BEFORE
from tests.processes.following import started_by
from tests.processes.inspection import URN

pytestmark = pytest.mark.database


@pytest.fixture
def assurance(tools: Tools) -> Assurance:
    return Assurance(Driver(tools, BEFORE), tools).start()


def test_a_home_without_concerns_has_its_finding_published(assurance: Assurance) -> None:
    assurance.prepare_for().visit().find(NO_CONCERNS).report()

    assert assurance.state == "completed"
    assert "next_steps" not in started_by(assurance, assurance.case)


def test_the_report_has_the_timetable_of_an_assurance_inspection(assurance: Assurance) -> None:
    assurance.prepare_for().visit().find(NO_CONCERNS)

    assert assurance.deadline("write_report")[0] == date(2024, 6, 7)
    assert assurance.deadline("quality_check")[0] == date(2024, 6, 13)
    assert assurance.deadline("draft")[0] == date(2024, 7, 2)
    assert assurance.deadline("final")[0] == date(2024, 7, 18)
    assert assurance.deadline("scan_notes")[0] == date(2024, 6, 13)


def test_the_finding_is_one_of_two_and_no_grade(assurance: Assurance) -> None:
    assurance.prepare_for().visit()

    assert assurance.offered("Task_MakeFinding", "assurance_finding") == [CONCERNS, NO_CONCERNS]


def test_serious_concerns_are_handed_to_next_steps_at_once_and_authorities_told_by_the_next_working_day(
    assurance: Assurance,
) -> None:
    assurance.prepare_for().visit().find(CONCERNS)

    following = Assurance(
        assurance.driver, assurance.tools, started_by(assurance, assurance.case)["next_steps"]
    )
    assert following.deadline("authorities_told")[0] == date(2024, 6, 7)
    assert following.deadline("case_review")[0] == date(2024, 6, 13)
    assert assurance.state == "running"


def test_serious_concerns_say_what_the_practice_does_to_children(assurance: Assurance) -> None:
    assurance.prepare_for().visit()

    assert assurance.refused(
        "Task_MakeFinding", assurance_finding=CONCERNS, finding_reason="Children ran away unseen."
    ) == ["concerns_because"]


def test_a_home_that_never_had_children_has_no_finding_and_a_report_with_the_statement(
    assurance: Assurance,
) -> None:
    assurance.prepare_for(NEVER_ANY).visit().feed_back()
    assert assurance.variables("provisional_judgements")[-1] == {"finding": "no judgement"}

    assurance.report()

    assert assurance.state == "completed"
    assert assurance.variables("no_children_statement")[-1] is not None


def test_with_children_soon_again_the_manager_of_the_region_is_asked_and_it_is_usually_a_full_inspection(
    assurance: Assurance,
) -> None:
    assurance.prepare_for(SOON_AGAIN)
    assurance.do("Task_ChooseType", chosen_type="full")

    assert assurance.state == "completed"
    assert "full_inspection" in started_by(assurance, assurance.case)


def test_a_home_whose_condition_is_in_force_need_not_be_inspected_now(assurance: Assurance) -> None:
    assurance.prepare_for(WITH_CONDITION)
    assurance.do("Task_ChooseType", chosen_type="none")

    assert assurance.state == "completed"
    assert started_by(assurance, assurance.case) == {}


def test_a_home_whose_condition_is_in_force_can_still_be_inspected(assurance: Assurance) -> None:
    assurance.prepare_for(WITH_CONDITION).do("Task_ChooseType", chosen_type="assurance")

    assert assurance.open == ["Task_StartOnSite"]


def test_the_last_overall_judgement_stays_that_of_the_full_inspection(assurance: Assurance) -> None:
    assurance.prepare_for().visit().find(NO_CONCERNS).report()

    with assurance.tools.database.read() as connection:
        row = connection.execute(
            select(Service.last_inspection, Service.last_overall).where(Service.urn == URN)
        ).one()
    assert (row.last_inspection, row.last_overall) == (VISIT, None)


def test_a_provider_is_told_of_a_finding_that_changed_before_it_has_the_draft(
    assurance: Assurance, mail: Callable[[], list[str]]
) -> None:
    assurance.prepare_for().visit().find(NO_CONCERNS).scan(VISIT)
    assurance.do("Task_WriteAssuranceReport").do("Task_SubmitReport")
    assurance.do("Task_CheckReport", quality_outcome="change a judgement", quality_comments="Safety?")
    changed: feel.Value = CONCERNS
    assurance.do("Task_DiscussChange", change_agreed="yes", revised_finding=changed)
    assurance.do("Task_CheckAndSendRevised")

    assert any(subject.startswith("Revised judgements") for subject in mail())
    assert "next_steps" in started_by(assurance, assurance.case)
