"""What follows an inadequate full inspection of a secure children's home that ended on 6 June 2024."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.processes.following import BODIES, NextSteps, an_inadequate_inspection, started_by
from tests.processes.inspection import GOOD, INADEQUATE, Inspection, day

pytestmark = pytest.mark.database
NEXT_DAY, REVIEW = date(2024, 6, 7), date(2024, 6, 13)
OPENS, LIMIT, SIXTEEN_WEEKS = date(2024, 7, 18), date(2024, 8, 1), date(2024, 9, 26)


@pytest.fixture
def steps(inspection: Inspection) -> NextSteps:
    return NextSteps.handed_over(inspection)


# --- the start ------------------------------------------------------------------------------------------


def test_next_steps_start_at_feedback_and_not_after_the_report(inspection: Inspection) -> None:
    steps = NextSteps.after(an_inadequate_inspection(inspection))

    assert steps.deadline("case_review") == (REVIEW, "running")
    assert steps.open == ["Task_ActOnRisk", "Task_CheckAndSendDfe", "Task_HoldDebrief"]


def test_a_good_home_has_no_next_steps(inspection: Inspection) -> None:
    inspection.to_feedback()

    assert started_by(inspection, inspection.case) == {}


def test_the_case_review_is_held_within_5_working_days_of_the_inspection(steps: NextSteps) -> None:
    assert steps.deadline("case_review") == (REVIEW, "running")

    steps.on(REVIEW).review()

    assert steps.deadline("case_review") == (REVIEW, "met")


def test_a_case_review_on_the_sixth_day_is_late(steps: NextSteps) -> None:
    steps.on(date(2024, 6, 14))

    assert steps.deadline("case_review") == (REVIEW, "missed")


def test_the_debrief_comes_before_the_case_review(steps: NextSteps) -> None:
    assert "Task_CallReview" not in steps.open

    steps.do("Task_HoldDebrief", recommended_inspections="A visit in July.")

    assert "Task_CallReview" in steps.open


def test_the_department_for_education_is_told_and_no_clock_is_made_up(
    steps: NextSteps, mail: Callable[[], list[str]]
) -> None:
    steps.respond()

    assert any("Outcome of an inspection: Example Lodge" in subject for subject in mail())
    assert set(steps.inspection.driver.deadlines(steps.case)) == {
        "agency_inspection",
        "authorities_told",
        "case_review",
        "return",
        "review_target",
    }
    assert steps.deadline("authorities_told") == (None, "waiting")


def test_immediate_risk_needs_words_on_what_was_done(steps: NextSteps) -> None:
    refused = steps.refused("Task_ActOnRisk", immediate_risk="yes", how_it_arose="x", quickly_rectified="no")

    assert refused == ["safeguarding_done"]


# --- enforcement and actions ----------------------------------------------------------------------------


def test_enforcement_action_is_told_to_the_department_for_education(
    steps: NextSteps, mail: Callable[[], list[str]]
) -> None:
    steps.respond().review(enforcement=["compliance notice"])

    steps.do("Task_CheckAndSendEnforcement")

    assert any("Enforcement action: Example Lodge" in subject for subject in mail())


def test_only_the_national_or_deputy_director_decides_to_cancel(steps: NextSteps) -> None:
    steps.respond().review(enforcement=["cancellation"])
    assert steps.open == ["Task_DecideRegistration"]

    steps.do("Task_DecideRegistration", registration_decision="do not go ahead")

    assert steps.open == ["Task_ListBodies"]


def test_a_cancellation_that_goes_ahead_is_told_to_the_department_for_education(steps: NextSteps) -> None:
    steps.respond().review(enforcement=["cancellation"])

    steps.do("Task_DecideRegistration", registration_decision="go ahead")

    assert steps.open == ["Task_CheckAndSendEnforcement"]


def test_each_agreed_action_is_a_task_of_its_owner_and_holds_nothing_up(steps: NextSteps) -> None:
    by = day(date(2024, 6, 20))
    steps.respond().review(
        actions=[
            {"what": "Call the provider.", "owner": "lead_inspector", "by": by},
            {"what": "Plan the visit.", "owner": "planner", "by": by},
        ]
    )

    assert steps.open == ["Task_DoAction", "Task_DoAction", "Task_ListBodies"]
    steps.do("Task_DoAction").do("Task_DoAction")
    assert steps.open == ["Task_ListBodies"]


# --- who is told ----------------------------------------------------------------------------------------


def test_after_a_full_inspection_the_authorities_are_told_after_the_case_review(steps: NextSteps) -> None:
    assert "Task_ListBodies" not in steps.open

    steps.respond().review()

    assert steps.open == ["Task_ListBodies"]
    assert steps.deadline("authorities_told") == (None, "waiting")


def test_every_body_gets_a_message_of_its_own_and_the_provider_a_copy(
    steps: NextSteps, mail_folder: Path
) -> None:
    steps.respond().review()
    before = set(mail_folder.glob("*.eml"))

    steps.list_bodies().do("Task_CheckAndSendAlert")

    sent = [file.read_text() for file in set(mail_folder.glob("*.eml")) - before]
    receivers = sorted(
        line.removeprefix("To: ") for text in sent for line in text.splitlines() if line.startswith("To: ")
    )
    assert receivers == [
        "director@exampleshire.example.org",
        "director@samplewick.example.org",
        "provider@example.org",
        "ycs@example.org",
    ]
    assert all("Restraint." in text for text in sent)
    assert all("opportunity to challenge" in " ".join(text.split()) for text in sent)


def test_nobody_is_told_anything_before_the_lead_inspector_has_checked_it(
    steps: NextSteps, mail: Callable[[], list[str]]
) -> None:
    steps.respond().review().list_bodies()

    assert not any("Concerns about" in subject for subject in mail())


def test_each_body_is_called_and_the_call_recorded(steps: NextSteps) -> None:
    steps.respond().review()
    steps.list_bodies().do("Task_CheckAndSendAlert")

    assert steps.open.count("Task_CallBody") == len(BODIES)


def test_the_commissioner_is_told_after_the_authorities(
    steps: NextSteps, mail: Callable[[], list[str]]
) -> None:
    steps.respond().review().list_bodies()
    assert "Task_CheckAndSendCommissioner" not in steps.open

    steps.do("Task_CheckAndSendAlert")
    assert "Task_CheckAndSendCommissioner" in steps.open

    before = len(mail())
    steps.do("Task_CheckAndSendCommissioner", commissioner_email="commissioner@example.org")
    assert len(mail()) == before + 1


def test_many_authorities_need_an_arrangement_with_the_manager(steps: NextSteps) -> None:
    steps.respond().review()

    assert "contact_arrangements" in steps.refused("Task_ListBodies", many_authorities="yes")


# --- the return -----------------------------------------------------------------------------------------


def test_the_window_for_the_return_opens_after_6_weeks_and_ends_after_8(steps: NextSteps) -> None:
    assert steps.deadline("return") == (LIMIT, "running")

    steps.to_the_return().plan("monitoring visit", date(2024, 7, 25)).visit(date(2024, 7, 25))

    assert steps.deadline("return") == (LIMIT, "met")


def test_a_return_after_8_weeks_is_late(steps: NextSteps) -> None:
    steps.to_the_return().plan("monitoring visit", LIMIT).on(date(2024, 8, 2))

    assert steps.deadline("return") == (LIMIT, "missed")


def test_a_return_before_the_window_needs_its_reason(steps: NextSteps) -> None:
    steps.to_the_return().plan("monitoring visit", date(2024, 6, 20)).on(date(2024, 6, 20))
    visited = {"returned_on-day": "20", "returned_on-month": "6", "returned_on-year": "2024"}

    assert "sooner_because" in steps.refused("Task_RecordReturn", **visited)


def test_on_the_first_day_of_the_window_no_reason_is_asked(steps: NextSteps) -> None:
    steps.to_the_return().plan("monitoring visit", OPENS).on(OPENS)
    visited = {"returned_on-day": "18", "returned_on-month": "7", "returned_on-year": "2024"}

    assert "sooner_because" not in steps.refused("Task_RecordReturn", **visited)


@pytest.mark.parametrize(
    "found",
    [
        {"requirements_met": "no"},
        {"children_safe": "no"},
        {"leaders_assured": "no"},
        {"one_area": "no"},
    ],
)
def test_progress_alone_changes_no_judgement(steps: NextSteps, found: dict[str, str]) -> None:
    steps.to_the_return().plan("monitoring visit", OPENS).visit(OPENS, **found)

    assert steps.offered("Task_JudgeAfterVisit", "visit_judgement") == [INADEQUATE]


@pytest.mark.parametrize("kind", ["discrete", "good_record", "quick_to_fix", "other_concerns"])
def test_without_the_managers_agreement_the_judgement_stays(steps: NextSteps, kind: str) -> None:
    agreed = {"discrete": "yes", "good_record": "yes", "other_concerns": "no", "quick_to_fix": "yes"}
    agreed[kind] = "yes" if kind == "other_concerns" else "no"

    steps.to_the_return().plan("monitoring visit", OPENS).visit(OPENS, agreed=agreed)

    assert steps.offered("Task_JudgeAfterVisit", "visit_judgement") == [INADEQUATE]


def test_when_every_condition_holds_an_improved_judgement_ends_the_case(steps: NextSteps) -> None:
    steps.to_the_return().plan("monitoring visit", OPENS).visit(OPENS).judge(GOOD)
    assert steps.offered("Task_DecideAfterVisit", "after_visit") == [
        "improved judgement",
        "registration ended",
    ]

    steps.decide("improved judgement")

    assert steps.state == "completed"


def test_the_department_for_education_hears_the_outcome_of_the_visit(
    steps: NextSteps, mail: Callable[[], list[str]]
) -> None:
    steps.to_the_return().plan("monitoring visit", OPENS).visit(OPENS).judge(INADEQUATE)

    assert any("Outcome of a monitoring visit: Example Lodge" in subject for subject in mail())


def test_more_monitoring_plans_another_return_and_makes_no_new_limit(steps: NextSteps) -> None:
    steps.to_the_return().plan("monitoring visit", OPENS).visit(OPENS).judge(INADEQUATE)

    steps.decide("more monitoring")

    assert steps.open == ["Task_PlanReturn"]
    assert steps.deadline("return") == (LIMIT, "met")


def test_a_registration_that_ends_ends_the_case(steps: NextSteps) -> None:
    steps.to_the_return().plan("monitoring visit", OPENS).visit(OPENS).judge(INADEQUATE)

    steps.decide("registration ended")

    assert steps.state == "completed"


# --- the full reinspection ------------------------------------------------------------------------------


def test_a_full_inspection_after_a_visit_is_usually_within_16_weeks(steps: NextSteps) -> None:
    steps.to_the_return().plan("monitoring visit", OPENS).visit(OPENS).judge(INADEQUATE)
    steps.decide("full inspection")
    assert steps.offered("Task_PlanReturn", "return_kind") == ["full inspection"]

    steps.plan("full inspection", date(2024, 9, 10))

    assert steps.deadline("reinspection") == (SIXTEEN_WEEKS, "running")


def test_both_views_are_heard_before_the_scope_is_decided(steps: NextSteps) -> None:
    steps.to_the_return().plan("full inspection", date(2024, 7, 30))
    assert steps.open == ["Task_HearViews"]
    assert {"principal_officer_view", "health_justice_manager_view"} <= set(steps.refused("Task_HearViews"))

    steps.do("Task_HearViews")

    assert steps.open == ["Task_DecideScope"]


def test_the_full_reinspection_is_a_case_of_its_own_with_the_areas_left_out(steps: NextSteps) -> None:
    steps.to_the_return().plan("full inspection", date(2024, 7, 30))
    steps.agree_reinspection(date(2024, 7, 30), education="no", health="yes")
    again = Inspection(
        steps.inspection.driver,
        steps.inspection.tools,
        started_by(steps.inspection, steps.case)["full_inspection"],
    )
    steps.do("Task_RecordReturn", returned_on=day(steps.inspection.driver.at.date()))

    assert steps.state == "completed"
    assert again.open == ["Task_ReviewInformation"]
    again.prepare().on(date(2024, 7, 30))
    assert "scope_told" in again.refused("Task_StartOnSite")
