"""What becomes of a requirement when its date has passed."""

from datetime import date

import pytest

from engine import feel
from engine.runtime import requirements
from tests.processes.following import started_by
from tests.processes.inspection import URN, Inspection, a_finding, day

pytestmark = pytest.mark.database
DUE, AFTER = date(2024, 7, 31), date(2024, 8, 1)
LOCKS: dict[str, feel.Value] = {
    "finding_outcome": "requirement",
    "finding_reference": "Regulation 25",
    "finding_action": "Repair the locks.",
    "finding_due_on": day(DUE),
}


@pytest.fixture
def followed(inspection: Inspection) -> Inspection:
    """The case that follows an inspection with one requirement, on the day of the inspection."""
    inspection.to_judgements().judge().require(a_finding()).do("Task_DecideFinding", **LOCKS)
    inspection.on(inspection.driver.at.date())
    return Inspection(
        inspection.driver, inspection.tools, started_by(inspection, inspection.case)["follow_requirements"]
    )


def unsettled(inspection: Inspection) -> list[feel.Value]:
    with inspection.tools.database.read() as connection:
        return [
            each["state"]
            for each in requirements.unsettled(connection, URN)
            if isinstance(each, dict) and each["kind"] == "requirement"
        ]


def test_nobody_is_asked_before_the_date_has_passed(followed: Inspection) -> None:
    assert unsettled(followed) == ["open"]
    assert followed.on(DUE).open == []
    assert followed.on(AFTER).open == ["Task_CheckRequirement"]


def test_a_requirement_that_was_met_is_settled_and_the_follow_up_ends(followed: Inspection) -> None:
    followed.on(AFTER).do("Task_CheckRequirement", requirement_met="yes")

    assert (followed.state, unsettled(followed)) == ("completed", [])


def test_a_requirement_that_was_not_met_is_for_the_rim_who_may_decide_against_enforcement(
    followed: Inspection,
) -> None:
    followed.on(AFTER).do("Task_CheckRequirement", requirement_met="no")
    assert followed.open == ["Task_ConsiderEnforcement"]

    followed.do("Task_ConsiderEnforcement", unmet_enforcement="no")

    assert (followed.state, unsettled(followed)) == ("completed", ["not met"])


def test_enforcement_goes_to_a_case_review(followed: Inspection) -> None:
    followed.on(AFTER).do("Task_CheckRequirement", requirement_met="no")
    followed.do("Task_ConsiderEnforcement", unmet_enforcement="yes")

    assert followed.open == ["Task_CallReview"]


def test_the_next_inspection_sees_what_is_still_to_be_done(followed: Inspection) -> None:
    followed.on(AFTER).do("Task_CheckRequirement", requirement_met="no")

    again = Inspection(followed.driver, followed.tools).start()

    found = again.shown("Task_ReviewInformation")["service"]
    assert isinstance(found, dict)
    assert isinstance(found["requirements"], list)
    assert [each["action"] for each in found["requirements"] if isinstance(each, dict)] == [
        "Repair the locks."
    ]
