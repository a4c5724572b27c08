"""Between inspections: what comes in is read, asked after, passed on and acted on."""

from collections.abc import Callable

import pytest

from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.conftest import BEFORE
from tests.processes.planning import Between

pytestmark = pytest.mark.database


@pytest.fixture
def between(tools: Tools) -> Between:
    return Between.begin(Driver(tools, BEFORE), tools)


def test_what_is_not_enough_is_asked_for_until_it_is(between: Between, mail: Callable[[], list[str]]) -> None:
    between.recorded("monthly report").reviewed(enough=False).do("Task_CheckAndSendInformationRequest")
    assert any(subject.startswith("Information we need") for subject in mail())

    between.do("Task_RecordAnswer").reviewed()

    assert between.open == ["Task_DecideFollowUp"]


def test_a_notification_of_a_secure_home_goes_to_the_department(
    between: Between, mail: Callable[[], list[str]]
) -> None:
    between.recorded("notification").reviewed()
    between.do("Task_CheckAndSendNotification", dfe_email="dfe@example.org")

    assert any(subject.startswith("Notification") for subject in mail())


def test_a_child_who_may_be_at_risk_makes_contact_with_the_manager_a_must(between: Between) -> None:
    between.recorded("notification", at_risk=True)

    assert between.refused(
        "Task_ReviewReceived",
        information_reviewed_as="Serious.",
        over_notified="no",
        information_enough="yes",
    ) == ["manager_contacted"]


def test_the_outcome_of_an_enquiry_stays_open_until_it_is_known(between: Between) -> None:
    between.recorded("concern", at_risk=True, enquiry=True).reviewed().decided("nothing more")
    assert between.open == ["Task_RecordEnquiryOutcome"]

    between.do("Task_RecordEnquiryOutcome")

    assert between.state == "completed"


@pytest.mark.parametrize("decision", ["inspection sooner", "visit"])
def test_a_visit_that_is_needed_sooner_goes_to_the_planner(between: Between, decision: str) -> None:
    between.recorded("concern").reviewed().decided(decision)

    assert between.followed_by == ["schedule_inspection"]


def test_a_case_review_is_held_where_the_lead_inspector_asks_for_one(between: Between) -> None:
    between.recorded("concern").reviewed().decided("case review")

    assert between.open == ["Task_CallReview"]
