"""The interim inspection of a children's home, with its feedback on Thursday 6 June 2024."""

from datetime import date

import pytest
from sqlalchemy import select

from engine.db.tables import Service
from tests.processes.following import CHILDRENS_HOME, NextSteps, started_by
from tests.processes.inspection import LAST_DAY, Inspection, day
from tests.processes.interim import AREAS, DECLINED, IMPROVED, MANAGED, SUSTAINED, Interim

pytestmark = pytest.mark.database
NO_MANAGER = {"manager_in_post": "no", "appointment_steps": "no"}
LOOKING = {"manager_in_post": "no", "appointment_steps": "yes"}
NOT_APPLIED = {"manager_in_post": "yes", "manager_registered": "no", "manager_applied": "no"}
APPLIED = {"manager_in_post": "yes", "manager_registered": "no", "manager_applied": "yes"}


@pytest.fixture
def interim(inspection: Inspection) -> Interim:
    return Interim.started(inspection)


def refused(interim: Interim, element: str, **raw: str) -> list[str]:
    return interim.inspection.refused(element, **raw)


# --- the timetable --------------------------------------------------------------------------------------


def test_the_clocks_of_the_report_count_from_the_feedback(interim: Interim) -> None:
    interim.to_feedback()

    assert interim.inspection.deadline("quality_check") == (date(2024, 6, 13), "running")
    assert interim.inspection.deadline("draft") == (date(2024, 6, 25), "running")
    assert interim.inspection.deadline("published") == (date(2024, 7, 16), "running")


def test_a_report_that_is_published_in_time_keeps_every_clock(interim: Interim) -> None:
    interim.to_feedback().publish()

    states = {key: interim.inspection.deadline(key)[1] for key in ("quality_check", "draft", "published")}
    assert states == {"quality_check": "met", "draft": "met", "published": "met"}
    assert interim.inspection.state == "completed"


def test_a_report_published_on_the_29th_working_day_is_late(interim: Interim) -> None:
    interim.to_feedback().inspection.on(date(2024, 7, 17))

    assert interim.inspection.deadline("published") == (date(2024, 7, 16), "missed")


def test_the_provider_has_5_working_days_for_its_comments(interim: Interim) -> None:
    interim.to_feedback().do("Task_WriteInterimReport").do("Task_SubmitReport")
    interim.do("Task_CheckReport", quality_outcome="ready").do("Task_CheckAndSendDraft")

    assert interim.inspection.deadline("comments") == (date(2024, 6, 13), "running")
    interim.inspection.on(date(2024, 6, 14))
    assert interim.inspection.open == ["Task_ApproveFinal"]


def test_the_interim_grade_leaves_the_judgement_of_the_last_full_inspection(interim: Interim) -> None:
    interim.to_feedback(IMPROVED).publish()

    query = select(Service.last_overall, Service.last_inspection).where(Service.urn == CHILDRENS_HOME)
    with interim.inspection.tools.database.read() as connection:
        assert tuple(connection.execute(query).one()) == ("good", LAST_DAY)


# --- the focus areas ------------------------------------------------------------------------------------


def test_all_five_focus_areas_are_looked_at(interim: Interim) -> None:
    interim.to_the_focus_areas()

    assert set(refused(interim, "Task_RecordFocusAreas", focus_areas="children")) >= {
        "focus_areas_left_out",
        "progress_findings",
        "children_left",
        "children_new",
    }


def test_an_area_is_left_out_for_an_exceptional_reason_only(interim: Interim) -> None:
    interim.to_the_focus_areas()
    four = [area for area in AREAS if area != "partners"]
    found = {"focus_areas": four, "children_left": "no", "children_new": "no"}

    interim.do("Task_RecordFocusAreas", **found, focus_areas_left_out="No partner was at work.")

    shown = interim.inspection.shown("Task_RecordInterimManager")
    assert shown["focus_areas_left_out"] == "No partner was at work."


@pytest.mark.parametrize(
    ("asked", "wanted"), [("children_left", "leavers_findings"), ("children_new", "newcomers_findings")]
)
def test_inspectors_look_at_leavers_and_newcomers(interim: Interim, asked: str, wanted: str) -> None:
    interim.to_the_focus_areas()

    assert wanted in refused(interim, "Task_RecordFocusAreas", focus_areas="children", **{asked: "yes"})
    assert wanted not in refused(interim, "Task_RecordFocusAreas", focus_areas="children", **{asked: "no"})


# --- the grade ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("managed", [NO_MANAGER, NOT_APPLIED])
def test_without_a_manager_in_good_time_another_grade_than_a_decline_needs_its_reason(
    interim: Interim, managed: dict[str, str]
) -> None:
    interim.to_the_grade(managed)

    assert "effectiveness_reason" in refused(
        interim, "Task_GradeEffectiveness", effectiveness_grade=SUSTAINED
    )
    assert "effectiveness_reason" not in refused(
        interim, "Task_GradeEffectiveness", effectiveness_grade=DECLINED
    )


@pytest.mark.parametrize("managed", [MANAGED, LOOKING, APPLIED])
def test_otherwise_professional_judgement_decides(interim: Interim, managed: dict[str, str]) -> None:
    interim.to_the_grade(managed)

    for grade in (IMPROVED, SUSTAINED, DECLINED):
        assert "effectiveness_reason" not in refused(
            interim, "Task_GradeEffectiveness", effectiveness_grade=grade
        )


def test_no_grade_of_the_4_point_scale_is_taken(interim: Interim) -> None:
    interim.to_the_grade()

    assert "effectiveness_grade" in refused(interim, "Task_GradeEffectiveness", effectiveness_grade="good")


# --- the case review ------------------------------------------------------------------------------------


def test_a_home_that_held_its_ground_has_no_review(interim: Interim) -> None:
    interim.to_feedback(SUSTAINED)

    assert interim.inspection.open == ["Task_WriteInterimReport"]
    assert started_by(interim.inspection, interim.inspection.case) == {}


@pytest.mark.parametrize(("lead", "rim"), [("yes", "yes"), ("no", "yes"), ("yes", "no")])
def test_a_decline_leads_to_a_review_unless_both_say_why_not(interim: Interim, lead: str, rim: str) -> None:
    interim.to_feedback(DECLINED).weigh(lead=lead, rim=rim)
    interim.inspection.on(LAST_DAY)

    assert "next_steps" in started_by(interim.inspection, interim.inspection.case)


def test_a_decline_has_no_review_when_both_record_why_not(interim: Interim) -> None:
    interim.to_feedback(DECLINED)
    assert "lead_review_reason" in refused(interim, "Task_WeighReview", lead_review="no")

    interim.weigh(lead="no", rim="no").inspection.on(LAST_DAY)

    assert started_by(interim.inspection, interim.inspection.case) == {}


@pytest.mark.parametrize("grade", [IMPROVED, SUSTAINED, DECLINED])
def test_cause_for_concern_leads_to_a_review_at_any_grade(interim: Interim, grade: str) -> None:
    interim.to_feedback(grade, concern="yes")
    assert "lead_review" not in refused(interim, "Task_WeighReview")

    interim.weigh().inspection.on(LAST_DAY)

    assert "next_steps" in started_by(interim.inspection, interim.inspection.case)


def test_the_review_does_not_wait_for_the_report(interim: Interim) -> None:
    interim.to_feedback(DECLINED).weigh(lead="yes", rim="yes").inspection.on(LAST_DAY)
    steps = NextSteps.after(interim.inspection)

    assert interim.inspection.open == ["Task_WriteInterimReport"]
    assert steps.open == ["Task_ActOnRisk", "Task_CallReview"]


# --- who is told after a decline ------------------------------------------------------------------------


@pytest.fixture
def steps(interim: Interim) -> NextSteps:
    interim.to_feedback(DECLINED).weigh(lead="yes", rim="yes").inspection.on(LAST_DAY)
    return NextSteps.after(interim.inspection)


def test_authorities_are_told_the_working_day_after_the_review_that_agreed(steps: NextSteps) -> None:
    friday = date(2024, 6, 14)
    assert steps.deadline("authorities_told") == (None, "waiting")

    steps.respond().on(friday).review(authorities_agreed="yes", review_held_on=day(friday))

    assert steps.open == ["Task_ListBodies"]
    assert steps.deadline("authorities_told") == (date(2024, 6, 17), "running")


def test_authorities_are_not_told_when_the_review_does_not_agree(steps: NextSteps) -> None:
    steps.respond().review(authorities_agreed="no")

    assert steps.open == ["Task_PlanReturn"]
    assert steps.deadline("authorities_told") == (None, "waiting")


def test_no_window_is_made_up_for_a_return_after_a_decline(steps: NextSteps) -> None:
    steps.respond().review(authorities_agreed="no")

    assert steps.deadline("return") == (None, "waiting")
    assert steps.offered("Task_PlanReturn", "return_kind") == [
        "monitoring visit",
        "full inspection",
        "no further visit",
    ]


def test_a_visit_does_not_change_an_interim_grade(steps: NextSteps) -> None:
    steps.respond().review(authorities_agreed="no").plan("monitoring visit", date(2024, 7, 2))
    steps.visit(date(2024, 7, 2))

    assert steps.offered("Task_JudgeAfterVisit", "visit_judgement") == [DECLINED]
