"""Hard limits cannot be passed; what is merely expected can be left, with a reason that is kept."""

from datetime import date

import pytest

from tests.processes.inspection import GOOD, IMPROVE, INADEQUATE, MANAGED, Inspection, day

pytestmark = pytest.mark.database
ALL = ["outstanding", GOOD, IMPROVE, INADEQUATE]


def vacant(since: date, evidence: str) -> dict[str, object]:
    """The facts of a home without a manager."""
    return {
        "manager_in_post": "no",
        "vacant_since": day(since),
        "recruitment_evidence": evidence,
        "qualification_requirement": "no",
        "few_staff_qualified": "no",
    }


def test_without_limits_every_grade_may_be_chosen_and_none_needs_a_reason(inspection: Inspection) -> None:
    inspection.to_judgements().meet()

    assert inspection.offered("Task_JudgeLeadership", "leadership_grade") == ALL
    assert inspection.refused(
        "Task_JudgeLeadership", leadership_grade="outstanding", leadership_statements="Well led."
    ) == ["leadership_evidence_left_out"]


def test_inadequate_help_and_protection_always_makes_the_home_inadequate(inspection: Inspection) -> None:
    inspection.to_judgements().judge_leaders(help_and_protection=INADEQUATE)

    assert inspection.offered("Task_JudgeOverall", "overall_grade") == [INADEQUATE]
    assert "overall_grade" in inspection.refused("Task_JudgeOverall", overall_grade=GOOD)


def test_inadequate_leadership_keeps_the_home_at_requires_improvement_and_asks_why_not_inadequate(
    inspection: Inspection,
) -> None:
    inspection.to_judgements().judge_leaders(leadership=INADEQUATE)

    assert inspection.offered("Task_JudgeOverall", "overall_grade") == [IMPROVE, INADEQUATE]
    assert inspection.refused("Task_JudgeOverall", overall_grade=IMPROVE, overall_statements="So.") == [
        "overall_reason"
    ]
    assert not inspection.refused("Task_JudgeOverall", overall_grade=INADEQUATE, overall_statements="So.")

    inspection.do("Task_JudgeOverall", overall_grade=IMPROVE, overall_reason="Children are safe.")
    assert inspection.variables("overall_reason")[-1] == "Children are safe."


def test_a_post_vacant_for_26_weeks_without_recruiting_limits_leadership_and_warns_overall(
    inspection: Inspection,
) -> None:
    exactly_26_weeks = date(2023, 12, 7)
    inspection.to_judgements().meet(facts=vacant(exactly_26_weeks, "limited"))
    assert inspection.offered("Task_JudgeLeadership", "leadership_grade") == [IMPROVE, INADEQUATE]

    inspection.do("Task_JudgeLeadership", leadership_grade=IMPROVE, leadership_reason="A deputy leads well.")
    inspection.do("Task_JudgeEducation", education_grade=GOOD).do("Task_JudgeHealth", health_grade=GOOD)

    assert inspection.offered("Task_JudgeOverall", "overall_grade") == ALL
    assert inspection.refused("Task_JudgeOverall", overall_grade="outstanding", overall_statements="So.") == [
        "overall_reason"
    ]


@pytest.mark.parametrize(("since", "evidence"), [(date(2023, 12, 8), "none"), (date(2023, 6, 1), "enough")])
def test_a_shorter_vacancy_or_real_recruiting_limits_nothing(
    inspection: Inspection, since: date, evidence: str
) -> None:
    inspection.to_judgements().meet(facts=vacant(since, evidence))

    assert inspection.offered("Task_JudgeLeadership", "leadership_grade") == ALL


@pytest.mark.parametrize(("appointed", "expected"), [(date(2024, 3, 13), True), (date(2024, 3, 14), False)])
def test_a_manager_who_has_not_applied_after_more_than_12_weeks_needs_a_reason(
    inspection: Inspection, appointed: date, expected: bool
) -> None:
    late = {**MANAGED, "manager_registered": "no", "appointed_on": day(appointed), "manager_applied": "no"}
    inspection.to_judgements().meet(facts=late)

    assert inspection.offered("Task_JudgeLeadership", "leadership_grade") == ALL
    errors = inspection.refused("Task_JudgeLeadership", leadership_grade=GOOD, leadership_statements="So.")
    assert ("leadership_reason" in errors) is expected


def test_a_requirement_on_the_managers_qualification_rules_out_outstanding(inspection: Inspection) -> None:
    inspection.to_judgements().meet(facts={**MANAGED, "qualification_requirement": "yes"})

    assert inspection.offered("Task_JudgeLeadership", "leadership_grade") == [GOOD, IMPROVE, INADEQUATE]


def test_unqualified_staff_limit_leadership_unless_the_circumstances_are_exceptional(
    inspection: Inspection,
) -> None:
    few = {**MANAGED, "few_staff_qualified": "yes", "exceptional_circumstances": "no"}
    inspection.to_judgements().meet(facts=few)

    assert inspection.offered("Task_JudgeLeadership", "leadership_grade") == [IMPROVE, INADEQUATE]


def test_exceptional_circumstances_allow_good_and_must_be_explained(inspection: Inspection) -> None:
    few = {**MANAGED, "few_staff_qualified": "yes", "exceptional_circumstances": "yes"}
    inspection.to_judgements().on(date(2024, 6, 6)).do("Task_JudgeHelpAndProtection")
    errors = inspection.refused("Task_RecordManagement", **few)
    assert errors == ["exceptional_reason"]

    inspection.do("Task_RecordManagement", **few)
    assert inspection.offered("Task_JudgeLeadership", "leadership_grade") == [GOOD, IMPROVE, INADEQUATE]


def test_the_limiting_judgements_come_before_the_overall_one(inspection: Inspection) -> None:
    inspection.to_judgements().on(date(2024, 6, 6))
    assert inspection.open == ["Task_JudgeHelpAndProtection"]

    inspection.meet().do("Task_JudgeLeadership")

    assert inspection.open == ["Task_JudgeEducation", "Task_JudgeHealth"]
    inspection.do("Task_JudgeHealth")
    assert inspection.open == ["Task_JudgeEducation"]


def test_the_history_says_which_rows_limited_a_judgement_and_why(inspection: Inspection) -> None:
    inspection.to_judgements().judge_leaders(help_and_protection=INADEQUATE)

    made = [event for event in inspection.history("decision made") if event.element == "Task_LimitOverall"]

    assert "SCH-FI-005" in str(made[-1].fields) + str(made[-1].personal)
