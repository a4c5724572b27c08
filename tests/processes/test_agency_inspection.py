"""A full inspection of an agency: notice from Tuesday 25 June 2024, published on Friday 30 August."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from engine.db.tables import Document
from engine.simulation import Driver
from engine.simulation.driver import FormRefusedError
from engine.worker.handlers import Tools
from tests.processes.agency import LAST_DAY, MANAGED, PLAIN, Agency, a_case
from tests.processes.conftest import BEFORE
from tests.processes.following import started_by
from tests.processes.inspection import GOOD, IMPROVE, INADEQUATE, Answers, a_finding, day

pytestmark = pytest.mark.database


@pytest.fixture
def agency(tools: Tools) -> Agency:
    """An inspection of an agency that has not begun."""
    return Agency(Driver(tools, BEFORE), tools)


def test_an_agency_is_inspected_as_its_chapter_says(agency: Agency, mail: Callable[[], list[str]]) -> None:
    agency.start().plan()
    assert agency.deadline("notice") == (date(2024, 6, 25), "running")
    agency.notify()
    assert agency.deadline("notice")[1] == "met"
    agency.call().arrange()
    assert agency.deadline("forms") == (date(2024, 7, 3), "running")
    assert agency.deadline("prepare") == (date(2024, 7, 8), "running")
    agency.return_forms().prepare_visit()
    assert agency.deadline("prepare")[1] == "met"

    agency.go_on_site().gather().judge().require().leave()
    assert agency.deadline("scan_notes") == (date(2024, 7, 18), "running")
    agency.scan().give_feedback()
    assert agency.deadline("provider_call") == (date(2024, 7, 12), "running")
    agency.write()
    assert agency.deadline("quality_check")[0] == date(2024, 7, 17)
    assert agency.deadline("draft") == (date(2024, 8, 6), "running")
    assert agency.deadline("final") == (date(2024, 8, 22), "running")
    agency.on(date(2024, 7, 17)).check().send_draft(date(2024, 8, 6))
    assert agency.deadline("comments")[0] == date(2024, 8, 13)
    agency.do("Task_CommentOnDraft", provider_response="no comments").send_final(date(2024, 8, 22))
    assert agency.deadline("publication")[0] == date(2024, 8, 30)
    agency.on(date(2024, 8, 30))

    assert agency.state == "completed"
    assert agency.deadline("publication")[1] == "met"
    assert len(mail()) == 6  # notice, arrangements, draft with a warning before, final, survey


def test_a_single_individual_has_twenty_working_days_of_notice(agency: Agency) -> None:
    agency.start().plan(single_individual="yes", people_served=Decimal(5), pattern="less time")

    assert agency.deadline("notice_individual") == (date(2024, 6, 11), "running")
    assert agency.deadline("notice")[0] is None


def test_notice_does_not_count_the_bank_holiday_in_august(agency: Agency) -> None:
    agency.start().plan(planned_first_day=day(date(2024, 9, 3)))

    assert agency.deadline("notice")[0] == date(2024, 8, 19)


def test_notice_given_too_late_is_a_missed_deadline_that_stays_visible(agency: Agency) -> None:
    agency.start().plan().on(date(2024, 6, 26))
    assert agency.deadline("notice") == (date(2024, 6, 25), "missed")

    agency.notify(date(2024, 6, 26))

    assert agency.deadline("notice")[0] == date(2024, 6, 25)
    assert "Task_CallAgency" in agency.open


def test_time_on_site_that_is_not_usual_for_such_an_agency_needs_a_reason(agency: Agency) -> None:
    agency.start().do("Task_PlanVisit", **PLAIN)

    assert agency.refused("Task_AgreeResources", visit_pattern="less time", visit_detail="One day") == [
        "visit_pattern_reason"
    ]
    assert agency.refused("Task_AgreeResources", visit_pattern="two whole days") == []


def test_the_notice_brings_both_forms_and_the_call_their_date(
    agency: Agency, mail: Callable[[], list[str]]
) -> None:
    agency.to_call()
    assert [subject.partition(" (")[0] for subject in mail()] == ["Notice of inspection"]
    assert agency.refused(
        "Task_CallAgency",
        **{"forms_agreed_on-day": "10", "forms_agreed_on-month": "7", "forms_agreed_on-year": "2024"},
    )
    agency.call().arrange()

    assert "Task_ReturnForms" in agency.open
    assert "Task_ReviewInformation" not in agency.open


def test_forms_that_are_late_remind_the_inspector_and_do_not_hold_preparation_up(
    agency: Agency, mail: Callable[[], list[str]]
) -> None:
    agency.to_call().call().arrange().on(date(2024, 7, 3))
    assert not any("Forms are late" in subject for subject in mail())
    agency.on(date(2024, 7, 4))
    assert sum("Forms are late" in subject for subject in mail()) == 1
    assert "Task_ReturnForms" in agency.open

    agency.on(date(2024, 7, 8))

    assert "Task_ReturnForms" not in agency.open
    assert "Task_ReviewInformation" in agency.open


def test_a_deferral_that_is_granted_ends_the_case_and_begins_one_with_notice_of_its_own(
    agency: Agency,
) -> None:
    agency.to_call().call(deferral="yes")
    assert "Task_DecideDeferral" in agency.open
    agency.do("Task_DecideDeferral", deferral_decision="granted", deferred_to=day(date(2024, 9, 10)))

    assert agency.state == "completed"
    again = Agency(agency.driver, agency.tools, started_by(agency, agency.case)["agency_inspection"])
    again.plan(planned_first_day=day(date(2024, 9, 10)))
    assert again.deadline("notice") == (date(2024, 8, 27), "running")


def test_a_deferral_that_is_refused_goes_on_and_the_agency_is_told_why(agency: Agency) -> None:
    agency.to_call().call(deferral="yes")
    assert agency.refused("Task_DecideDeferral", deferral_decision="refused") == ["deferral_reason"]
    agency.do("Task_DecideDeferral", deferral_decision="refused", deferral_reason="Nothing prevents it.")

    assert "Task_CheckAndSendArrangements" in agency.open


@pytest.mark.parametrize(("served", "least"), [(9, 2), (10, 4), (49, 4), (50, 6)])
def test_fewer_tracked_cases_than_the_size_of_the_agency_asks_for_need_a_reason(
    agency: Agency, served: int, least: int
) -> None:
    agency.to_call().call().arrange().return_forms().prepare_visit(people_served=Decimal(served)).go_on_site()

    with pytest.raises(FormRefusedError, match="fewer_cases_reason"):
        agency.do("Task_ChooseCases", cases=[a_case() for _ in range(least - 1)], fewer_cases_reason="")
    agency.do("Task_ChooseCases", cases=[a_case() for _ in range(least)], fewer_cases_reason="")


def test_inadequate_protection_leaves_only_an_inadequate_overall_judgement(agency: Agency) -> None:
    agency.to_judgements().judge_leaders(help_and_protection=INADEQUATE, leadership="outstanding")

    assert agency.offered("Task_JudgeOverall", "overall_grade") == [INADEQUATE]


def test_inadequate_leaders_leave_requires_improvement_with_a_reason(agency: Agency) -> None:
    agency.to_judgements().judge_leaders(leadership=INADEQUATE)

    assert agency.offered("Task_JudgeOverall", "overall_grade") == [IMPROVE, INADEQUATE]
    assert "overall_reason" in agency.refused("Task_JudgeOverall", overall_grade=IMPROVE)
    assert "overall_reason" not in agency.refused("Task_JudgeOverall", overall_grade=INADEQUATE)


VACANT: Answers = {"manager_in_post": "no", "recruitment_evidence": "limited", "weak_leadership": []}


@pytest.mark.parametrize(
    ("vacant_since", "offered"),
    [
        (date(2024, 1, 11), [IMPROVE, INADEQUATE]),  # 26 weeks before Thursday 11 July
        (date(2024, 1, 12), ["outstanding", GOOD, IMPROVE, INADEQUATE]),
    ],
)
def test_a_post_vacant_for_26_weeks_with_little_recruiting_caps_leaders_and_managers(
    agency: Agency, vacant_since: date, offered: list[str]
) -> None:
    agency.to_judgements().meet(facts={**VACANT, "vacant_since": day(vacant_since)})

    assert agency.offered("Task_JudgeLeadership", "leadership_grade") == offered


def test_a_manager_who_has_not_applied_after_12_weeks_makes_good_need_a_reason(agency: Agency) -> None:
    late: Answers = {
        "manager_in_post": "yes",
        "manager_registered": "no",
        "appointed_on": day(date(2024, 4, 17)),  # 12 weeks and a day before
        "manager_applied": "no",
        "weak_leadership": [],
    }
    agency.to_judgements().meet(facts=late)

    assert GOOD in agency.offered("Task_JudgeLeadership", "leadership_grade")
    assert "leadership_reason" in agency.refused("Task_JudgeLeadership", leadership_grade=GOOD)


def test_leaders_who_do_not_know_their_weaknesses_make_anything_but_inadequate_need_a_reason(
    agency: Agency,
) -> None:
    agency.to_judgements().meet(facts={**MANAGED, "weak_leadership": ["unaware"]})

    assert "leadership_reason" in agency.refused("Task_JudgeLeadership", leadership_grade=IMPROVE)
    assert "leadership_reason" not in agency.refused("Task_JudgeLeadership", leadership_grade=INADEQUATE)


def test_an_individual_is_not_asked_about_a_manager(agency: Agency) -> None:
    agency.start().plan(single_individual="yes", pattern="less time").notify().call().arrange()
    agency.return_forms().prepare_visit().go_on_site().gather()
    agency.on(LAST_DAY).do("Task_JudgeHelpAndProtection", help_and_protection_grade=GOOD)

    assert agency.refused("Task_RecordManagement") == []


def test_an_inadequate_agency_is_handed_over_at_feedback_and_not_after_the_report(agency: Agency) -> None:
    agency.to_judgements().judge(help_and_protection=INADEQUATE, overall=INADEQUATE).require().leave()
    assert started_by(agency, agency.case) == {}

    agency.give_feedback()

    assert "Task_WriteReport" in agency.open
    followed = started_by(agency, agency.case)["next_steps"]
    assert agency.driver.incidents(followed) == []
    assert agency.driver.deadlines(followed)["case_review"][0] == date(2024, 7, 18)


def test_the_agency_may_call_until_the_next_working_day_is_over(agency: Agency) -> None:
    agency.to_feedback().on(date(2024, 7, 12))
    assert "Task_AnswerCall" in agency.open

    agency.on(date(2024, 7, 13))

    assert "Task_AnswerCall" not in agency.open
    assert agency.deadline("provider_call")[1] == "void"  # a right that closed, missed by nobody


def test_a_recommendation_names_its_standard_and_a_requirement_its_regulation(agency: Agency) -> None:
    weakness = a_finding(kind="weakness in practice", description="Plans are not reviewed.")
    agency.to_judgements().judge().require(weakness)
    assert agency.refused(
        "Task_DecideFinding", finding_outcome="recommendation", finding_action="Review plans."
    ) == ["finding_reference"]
    agency.do("Task_DecideFinding", finding_outcome="recommendation", finding_reference="Standard 16")

    assert "Task_EndSiteVisit" in agency.open


def test_a_report_of_an_agency_has_its_own_sections(agency: Agency) -> None:
    agency.to_feedback().write().check()
    with agency.tools.database.read() as connection:
        stored = connection.execute(select(Document.content).where(Document.name == "Draft report")).scalars()
        text = bytes(next(iter(stored))).decode()

    assert "adoption support agency" in text
    assert "education" not in text.lower()


def test_feedback_that_waits_for_advice_moves_the_end_of_the_inspection_but_not_the_scanning(
    agency: Agency,
) -> None:
    agency.to_judgements().judge().require().leave(advice=True)
    assert "Task_GiveFeedback" not in agency.open
    agency.do("Task_GiveAdvice").give_feedback(date(2024, 7, 15)).write()

    assert agency.deadline("scan_notes")[0] == date(2024, 7, 18)
    assert agency.deadline("draft")[0] == date(2024, 8, 8)


def test_the_responsible_individual_is_asked_when_the_manager_is_away(agency: Agency) -> None:
    agency.to_call().call().arrange().return_forms().prepare_visit().go_on_site()
    agency.share(manager_available="no", inadequate_possible="no")

    assert "Task_AskResponsibleIndividual" in agency.open
