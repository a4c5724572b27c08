"""What follows an inadequate full inspection of a children's home that ended on Thursday 6 June 2024."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.processes.following import (
    CHILDRENS_HOME,
    PARENTS,
    PLACERS,
    NextSteps,
    a_notice,
    record_outcome,
    started_by,
    visit_made,
)
from tests.processes.inspection import GOOD, INADEQUATE, LAST_DAY, Inspection, day

pytestmark = pytest.mark.database
NEXT_DAY, OPENS, LIMIT = date(2024, 6, 7), date(2024, 7, 18), date(2024, 8, 1)
SIXTEEN_WEEKS = date(2024, 9, 26)
VISIT, FULL = "monitoring visit", "full inspection"


@pytest.fixture
def steps(inspection: Inspection) -> NextSteps:
    return NextSteps.handed_over(inspection, urn=CHILDRENS_HOME)


def texts(folder: Path) -> list[str]:
    return [" ".join(file.read_text().split()) for file in sorted(folder.glob("*.eml"))]


# --- the way in -----------------------------------------------------------------------------------------


def test_an_inadequate_outcome_recorded_by_the_planner_starts_next_steps(inspection: Inspection) -> None:
    inspection.on(LAST_DAY)

    case = record_outcome(inspection, INADEQUATE, LAST_DAY)

    steps = NextSteps(inspection, started_by(inspection, case)["next_steps"])
    assert steps.deadline("authorities_told") == (NEXT_DAY, "running")


@pytest.mark.parametrize("grade", ["outstanding", "good", "requires improvement to be good"])
def test_any_other_outcome_starts_nothing(inspection: Inspection, grade: str) -> None:
    inspection.on(LAST_DAY)

    assert started_by(inspection, record_outcome(inspection, grade, LAST_DAY)) == {}


# --- what does not wait ---------------------------------------------------------------------------------


def test_authorities_are_told_by_the_end_of_the_next_working_day(steps: NextSteps) -> None:
    assert steps.deadline("authorities_told") == (NEXT_DAY, "running")

    steps.on(NEXT_DAY).tell(PLACERS)

    assert steps.deadline("authorities_told") == (NEXT_DAY, "met")


def test_after_an_inspection_that_ends_on_a_friday_they_are_told_on_monday(inspection: Inspection) -> None:
    steps = NextSteps.handed_over(inspection, urn=CHILDRENS_HOME, when=NEXT_DAY)

    assert steps.deadline("authorities_told") == (date(2024, 6, 10), "running")


def test_they_are_told_that_it_is_the_likely_judgement(steps: NextSteps, mail_folder: Path) -> None:
    steps.tell(PLACERS)

    sent = texts(mail_folder)
    assert len(sent) == len(PLACERS) + 1, "each body, and a copy to the provider"
    assert all("subject to confirmation" in text for text in sent)
    assert not any("opportunity to challenge" in text for text in sent)


def test_the_department_and_the_commissioner_hear_of_secure_homes_only(
    steps: NextSteps, mail: Callable[[], list[str]]
) -> None:
    assert steps.open == ["Task_ActOnRisk", "Task_CallReview", "Task_ListBodies"]

    steps.respond().tell(PLACERS)

    assert steps.open == ["Task_CallReview"]
    assert not any("Outcome of an inspection" in subject for subject in mail())


def test_parents_who_placed_a_child_are_sent_the_report(steps: NextSteps, mail_folder: Path) -> None:
    steps.tell(PLACERS, by_report=PARENTS)
    copies = NextSteps(steps.inspection, started_by(steps.inspection, steps.case)["send_report_copies"])
    before = len(texts(mail_folder))

    copies.do("Task_CheckAndSendCopies", report_address="https://reports.example.org/1")

    sent = texts(mail_folder)[before:]
    assert len(sent) == 1
    assert "parent@example.org" in sent[0]
    assert copies.state == "completed"


# --- the urgent review ----------------------------------------------------------------------------------


def test_the_review_is_urgent_and_has_no_number_of_days(steps: NextSteps) -> None:
    assert steps.deadline("case_review") == (None, "waiting")
    assert steps.deadline("review_target") == (None, "waiting")


def test_the_review_decides_on_the_registered_manager_too(steps: NextSteps) -> None:
    steps.do("Task_CallReview").do("Task_HoldReview", review_serves=[])

    assert {"manager_action"} <= set(steps.refused("Task_DecideAction"))


def test_a_second_manager_confirms_or_sends_back(steps: NextSteps) -> None:
    steps.do("Task_CallReview").hold()
    assert "review_sent_back_because" in steps.refused("Task_ConfirmReview", review_confirmed="no")

    steps.do("Task_ConfirmReview", review_confirmed="no")

    assert "Task_DecideAction" in steps.open


def test_a_cancellation_of_a_childrens_home_needs_no_national_director(steps: NextSteps) -> None:
    steps.respond().tell(PLACERS).review(enforcement=["cancellation"])

    assert steps.open == ["Task_PlanReturn"]


def test_every_option_of_enforcement_is_offered(steps: NextSteps) -> None:
    steps.do("Task_CallReview").do("Task_HoldReview", review_serves=[])

    assert steps.offered("Task_DecideAction", "enforcement") == [
        "compliance notice",
        "restriction of accommodation",
        "conditions",
        "suspension",
        "cancellation",
        "prosecution",
    ]


def test_a_notice_needs_its_breach_action_and_date(steps: NextSteps) -> None:
    steps.do("Task_CallReview").do("Task_HoldReview", review_serves=[])

    assert "notices" in steps.refused("Task_DecideAction", enforcement="compliance notice")
    assert "notices" not in steps.refused("Task_DecideAction", enforcement="conditions")


def test_notices_start_the_monitoring_of_compliance(steps: NextSteps) -> None:
    notice = a_notice(date(2024, 7, 5))

    steps.review(enforcement=["compliance notice"], notices=[notice])

    sent = [
        event for event in steps.history("message sent") if event.fields["message"] == "Monitoring needed"
    ]
    assert len(sent) == 1


def test_one_review_serves_another_open_case(inspection: Inspection) -> None:
    other = NextSteps.handed_over(inspection, urn=CHILDRENS_HOME).do("Task_CallReview")
    steps = NextSteps.handed_over(inspection, urn=CHILDRENS_HOME)

    steps.do("Task_CallReview").hold(review_serves=[{"reference": other.reference}])
    steps.do("Task_ConfirmReview", review_confirmed="yes").on(LAST_DAY)

    other.do("Task_HoldReview", review_serves=[])
    facts = Inspection(inspection.driver, inspection.tools, other.case).variables("review_facts")
    assert str(facts[-1]).startswith(f"Shared from case {steps.reference}")


# --- the return -----------------------------------------------------------------------------------------


def to_the_return(steps: NextSteps) -> NextSteps:
    return steps.respond().tell(PLACERS).review()


def test_we_return_within_6_to_8_weeks(steps: NextSteps) -> None:
    assert steps.deadline("return") == (LIMIT, "running")

    to_the_return(steps).plan(VISIT, OPENS).visit(OPENS)

    assert steps.deadline("return") == (LIMIT, "met")


def test_a_new_judgement_asks_not_for_one_area_of_risk(steps: NextSteps) -> None:
    to_the_return(steps).plan(VISIT, OPENS).visit(OPENS, one_area="no")

    assert GOOD in steps.offered("Task_JudgeAfterVisit", "visit_judgement")


@pytest.mark.parametrize("lacking", ["requirements_met", "children_safe", "leaders_assured"])
def test_the_judgement_stays_without_assurance(steps: NextSteps, lacking: str) -> None:
    to_the_return(steps).plan(VISIT, OPENS).visit(OPENS, **{lacking: "no"})

    assert steps.offered("Task_JudgeAfterVisit", "visit_judgement") == [INADEQUATE]


def test_what_the_monitoring_case_found_is_taken_over_and_not_judged_twice(steps: NextSteps) -> None:
    to_the_return(steps).plan(VISIT, OPENS)

    visit_made(steps.inspection, OPENS, judgement=INADEQUATE)
    steps.do("Task_RecordReturn")

    assert steps.open == ["Task_DecideAfterVisit"]
    assert steps.deadline("return") == (LIMIT, "met")


def test_the_full_inspection_is_held_elsewhere_and_its_outcome_recorded(steps: NextSteps) -> None:
    to_the_return(steps).plan(FULL, date(2024, 7, 30))
    assert steps.deadline("reinspection") == (SIXTEEN_WEEKS, "running")

    steps.do("Task_ArrangeReinspection", reinspection_first_day=day(date(2024, 7, 30)))
    steps.on(date(2024, 7, 31)).do("Task_RecordReturn", returned_on=day(date(2024, 7, 30)))
    assert steps.open == ["Task_RecordOutcome"]
    steps.do("Task_RecordOutcome", outcome_overall_grade=GOOD, outcome_requirements=[])

    assert steps.state == "completed"
    assert "next_steps" not in started_by(steps.inspection, steps.case)


def test_a_full_inspection_that_is_inadequate_again_starts_next_steps_again(steps: NextSteps) -> None:
    again = date(2024, 7, 30)
    to_the_return(steps).plan(FULL, again)
    steps.do("Task_ArrangeReinspection", reinspection_first_day=day(again)).on(again)
    steps.do("Task_RecordReturn", returned_on=day(again)).do(
        "Task_RecordOutcome",
        outcome_end_of_inspection=day(again),
        outcome_overall_grade=INADEQUATE,
        outcome_requirements=[],
    )

    following = NextSteps(steps.inspection, started_by(steps.inspection, steps.case)["next_steps"])
    assert following.deadline("authorities_told") == (date(2024, 7, 31), "running")
    assert steps.deadline("return")[0] == LIMIT, "the clocks of the first case stay as they were"
