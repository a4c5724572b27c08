"""What follows an inadequate full inspection of an adoption support agency that ended on 6 June 2024."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.db.tables import UserTask
from tests.processes.following import AGENCY, COMMISSIONERS, NextSteps, started_by
from tests.processes.inspection import INADEQUATE, Inspection, day

pytestmark = pytest.mark.database
REVIEW, OPENS, TWELVE_MONTHS = date(2024, 6, 13), date(2024, 12, 6), date(2025, 6, 6)
VISITED = date(2024, 8, 6)
VISIT, FULL = "monitoring visit", "full inspection"


@pytest.fixture
def steps(inspection: Inspection) -> NextSteps:
    return NextSteps.handed_over(inspection, urn=AGENCY)


def to_the_return(steps: NextSteps) -> NextSteps:
    return steps.respond().review().tell(COMMISSIONERS)


def test_the_debrief_comes_first_and_the_review_within_5_working_days(steps: NextSteps) -> None:
    assert steps.open == ["Task_ActOnRisk", "Task_HoldDebrief"]
    assert steps.deadline("case_review") == (REVIEW, "running")

    steps.on(REVIEW).review()

    assert steps.deadline("case_review") == (REVIEW, "met")


def test_the_regional_office_tells_the_authorities_after_the_review(steps: NextSteps) -> None:
    assert steps.respond().open == ["Task_HoldDebrief"]

    steps.review()

    assert steps.open == ["Task_ListBodies"]
    query = select(UserTask.candidate_groups).where(
        UserTask.instance_id == steps.case, UserTask.element == "Task_ListBodies"
    )
    with steps.inspection.tools.database.read() as connection:
        assert connection.execute(query).scalar_one() == ["regional_office"]
    assert steps.deadline("authorities_told") == (None, "waiting")


def test_they_are_told_that_the_agency_could_not_challenge_the_findings_yet(
    steps: NextSteps, mail_folder: Path
) -> None:
    steps.respond().review().tell(COMMISSIONERS)

    sent = [" ".join(file.read_text().split()) for file in mail_folder.glob("*.eml")]
    assert len(sent) == len(COMMISSIONERS) + 1, "each body, and a copy to the agency"
    assert all("opportunity to challenge" in text for text in sent)


def test_those_who_commission_the_agency_are_told_and_nobody_places_children(steps: NextSteps) -> None:
    steps.respond().review()

    asked = steps.refused("Task_ListBodies")

    assert "every_commissioner" in asked
    assert "every_placement" not in asked


def test_there_is_no_accommodation_to_restrict(steps: NextSteps) -> None:
    steps.do("Task_HoldDebrief").do("Task_CallReview").do("Task_HoldReview", review_serves=[])

    assert "restriction of accommodation" not in steps.offered("Task_DecideAction", "enforcement")


def test_the_agency_is_usually_inspected_in_full_within_6_to_12_months(steps: NextSteps) -> None:
    assert steps.deadline("agency_inspection") == (TWELVE_MONTHS, "running")
    assert steps.deadline("return") == (None, "waiting")

    to_the_return(steps).plan(FULL, OPENS).do("Task_ArrangeReinspection", reinspection_first_day=day(OPENS))

    assert steps.deadline("agency_inspection") == (TWELVE_MONTHS, "met")


@pytest.mark.parametrize(
    ("first_day", "asks"),
    [((5, 12, 2024), True), ((6, 12, 2024), False), ((6, 6, 2025), False), ((7, 6, 2025), True)],
)
def test_another_time_needs_its_reason(steps: NextSteps, first_day: tuple[int, int, int], asks: bool) -> None:
    to_the_return(steps).plan(FULL, OPENS)
    written = dict(zip(("day", "month", "year"), map(str, first_day), strict=True))

    refused = steps.refused(
        "Task_ArrangeReinspection",
        **{f"reinspection_first_day-{part}": value for part, value in written.items()},
    )

    assert ("reinspection_outside_because" in refused) is asks


def test_a_visit_changes_no_judgement_of_an_agency(steps: NextSteps) -> None:
    to_the_return(steps).plan(VISIT, VISITED).visit(VISITED)

    assert steps.open == ["Task_JudgeAfterVisit"], "nobody is asked to agree on a new judgement"
    assert steps.offered("Task_JudgeAfterVisit", "visit_judgement") == [INADEQUATE]


def test_after_a_visit_the_full_inspection_is_a_case_of_its_own(steps: NextSteps) -> None:
    to_the_return(steps).plan(VISIT, VISITED).visit(VISITED).judge(INADEQUATE).decide(FULL)
    steps.plan(FULL, OPENS).do("Task_ArrangeReinspection", reinspection_first_day=day(OPENS))

    steps.on(OPENS).do("Task_RecordReturn", returned_on=day(OPENS))

    assert "agency_inspection" in started_by(steps.inspection, steps.case)
    assert steps.state == "completed"
