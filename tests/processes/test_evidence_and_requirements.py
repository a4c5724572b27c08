"""Preparation, Annex A, the responsible individual, and what findings become."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from tests.processes.inspection import Inspection, a_finding

pytestmark = pytest.mark.database


def test_the_youth_custody_service_is_asked_where_it_places_children(
    inspection: Inspection, mail: Callable[[], list[str]]
) -> None:
    inspection.start().prepare(youth_custody=True)

    assert any(subject.startswith("Request for information") for subject in mail())
    assert inspection.open == ["Task_StartOnSite"]


def test_an_annex_a_that_conflicts_with_the_evidence_is_asked_for_again(inspection: Inspection) -> None:
    inspection.start().prepare().go_on_site()
    inspection.do("Task_CheckAnnexA", annex_a_conflict="yes", authority_failed_duty="no")
    inspection.do("Task_CheckAndSendAnnexAQuery")
    assert "Task_CheckAnnexA" in inspection.open

    inspection.do("Task_CheckAnnexA", annex_a_conflict="no", authority_failed_duty="yes")
    inspection.do("Task_TellSeniorHmi")

    assert inspection.open == ["Task_ChooseCases", "Task_ShareEmergingFindings"]


@pytest.mark.parametrize(
    ("available", "concerns"),
    [("no", []), ("yes", ["children not protected"]), ("no", ["no registered manager"])],
)
def test_the_responsible_individual_must_be_asked_when_the_manager_is_away_or_there_are_concerns(
    inspection: Inspection, available: str, concerns: list[str]
) -> None:
    inspection.start().prepare().go_on_site()
    inspection.do(
        "Task_ShareEmergingFindings",
        inadequate_possible="no",
        manager_available=available,
        responsible_individual_concerns=list(concerns),
    )

    assert "Task_AskResponsibleIndividual" in inspection.open


def test_a_manager_is_told_at_once_when_the_home_may_be_inadequate(inspection: Inspection) -> None:
    inspection.start().prepare().go_on_site()

    errors = inspection.refused("Task_ShareEmergingFindings", inadequate_possible="yes")

    assert "inadequate_told" in errors


def test_each_finding_is_decided_on_its_own_and_nothing_leaks_to_the_next(inspection: Inspection) -> None:
    inspection.to_judgements().judge().require(
        a_finding(description="First.", significant="yes"),
        a_finding(description="Second.", kind="weakness in practice"),
    )
    assert inspection.offered("Task_DecideFinding", "finding_outcome") == ["requirement"]
    inspection.do("Task_DecideFinding", finding_outcome="requirement", finding_reference="Regulation 12")

    assert inspection.offered("Task_DecideFinding", "finding_outcome") == ["recommendation"]
    assert "finding_reference" not in inspection._context("Task_DecideFinding").variables
    inspection.do("Task_DecideFinding")

    outcomes = inspection.variables("outcomes")[-1]
    assert isinstance(outcomes, list)
    assert [one["outcome"] for one in outcomes if isinstance(one, dict)] == ["requirement", "recommendation"]
    assert inspection.open == ["Task_EndSiteVisit"]


def test_leaving_what_is_expected_of_a_finding_needs_a_reason(inspection: Inspection) -> None:
    inspection.to_judgements().judge().require(a_finding())

    assert "finding_reason" in inspection.refused("Task_DecideFinding", finding_outcome="recommendation")
    assert "finding_reason" not in inspection.refused("Task_DecideFinding", finding_outcome="requirement")


def test_a_breach_seen_in_one_source_is_no_requirement_yet(inspection: Inspection) -> None:
    inspection.to_judgements().judge().require(a_finding(sources=Decimal(1)))

    assert inspection.offered("Task_DecideFinding", "finding_outcome") == ["recommendation"]


def test_a_requirement_not_met_before_makes_enforcement_a_question_for_the_rim(
    inspection: Inspection,
) -> None:
    inspection.to_judgements().judge().require(a_finding(earlier="requirement not met"))
    inspection.do("Task_DecideFinding")
    assert inspection.open == ["Task_ConsiderEnforcement"]

    inspection.do("Task_ConsiderEnforcement", enforcement_decision="none")

    assert inspection.open == ["Task_EndSiteVisit"]


def test_an_annex_a_that_is_late_is_told_and_not_passed_over(inspection: Inspection) -> None:
    inspection.start().prepare().go_on_site()
    assert inspection.deadline("annex_a") == (date(2024, 6, 5), "running")

    inspection.on(date(2024, 6, 6))

    assert inspection.deadline("annex_a") == (date(2024, 6, 5), "missed")
