"""A notice to be met by Friday 14 June 2024, followed up in the settings that have one."""

from datetime import date

import pytest

from engine import feel
from engine.simulation.driver import FormRefusedError
from engine.simulation.samples import NoSampleError
from tests.processes.inspection import Inspection, day
from tests.processes.monitoring import AGENCY, CHILDRENS_HOME, SECURE_HOME, Monitoring, a_notice

pytestmark = pytest.mark.database
BEGUN, NOTICE, AIM, LIMIT = date(2024, 6, 3), date(2024, 6, 14), date(2024, 6, 17), date(2024, 6, 21)
MET = "the report says so; closing is considered"
CANCEL = "steps to cancel the registration"


def monitored(inspection: Inspection, urn: str) -> Monitoring:
    return Monitoring.begin(inspection, urn, BEGUN).agree("notice", a_notice(NOTICE))


def test_a_childrens_home_is_visited_the_day_after_and_its_report_published_10_days_later(
    inspection: Inspection,
) -> None:
    home = monitored(inspection, CHILDRENS_HOME).plan()
    assert home.clocks("follow_up") == [(LIMIT, "running")]
    assert home.clocks("follow_up_aim") == [(AIM, "running")]

    home.visit(AIM, "full")
    assert home.clocks("follow_up") == [(LIMIT, "met")]
    assert home.clocks("follow_up_aim") == [(AIM, "met")]

    home.review().decide(MET).close().publish(date(2024, 6, 20), date(2024, 6, 27))
    assert home.clocks("published") == [(date(2024, 7, 1), "met")]
    assert home.state == "completed"


def test_preparation_opens_on_the_working_day_before_the_visit(inspection: Inspection) -> None:
    home = monitored(inspection, CHILDRENS_HOME).plan()
    assert home.open == ["Task_ChangePlan"]

    assert home.on(NOTICE).open == ["Task_PrepareVisit"]


@pytest.mark.parametrize("urn", [SECURE_HOME, AGENCY])
def test_a_visit_after_5_working_days_is_late_and_there_is_no_aim(inspection: Inspection, urn: str) -> None:
    service = monitored(inspection, urn).plan().on(date(2024, 6, 24))

    assert service.clocks("follow_up") == [(LIMIT, "missed")]
    assert [due for due, _ in service.clocks("follow_up_aim")] == [None]


def test_a_plan_that_breaks_the_limit_is_refused(inspection: Inspection) -> None:
    home = monitored(inspection, SECURE_HOME)

    with pytest.raises((FormRefusedError, NoSampleError)):
        home.plan(visits=[{"day": day(date(2024, 6, 24))}])


def a_result(reference: str) -> dict[str, feel.Value]:
    return {"reference": reference, "action": "Do it.", "result": "full", "evidence": "Records seen."}


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (
            ["CN-9"],
            "Give one result for notice CN-1. Notice CN-9 was not due: keep the references as they were",
        ),
        (["CN-1", "CN-1"], "Give one result for notice CN-1"),
        (["CN-1", "CN-2"], "Notice CN-2 was not due: keep the references as they were"),
    ],
    ids=["another reference", "twice", "a notice that is not due yet"],
)
def test_the_results_of_a_visit_are_those_of_the_due_notices_once_each(
    inspection: Inspection, written: list[str], why: str
) -> None:
    home = Monitoring.begin(inspection, CHILDRENS_HOME, BEGUN)
    home.agree("notice", a_notice(NOTICE), a_notice(date(2024, 7, 12), "CN-2")).plan()
    home.prepare(NOTICE).arrive(AIM)

    with pytest.raises(FormRefusedError) as refused:
        home.look("full", notice_results=[a_result(each) for each in written])

    assert refused.value.errors == {"notice_results": why}
    assert home.clocks("follow_up")[0] == (LIMIT, "running")


def test_a_bank_holiday_is_no_working_day_of_the_limit(inspection: Inspection) -> None:
    """Monday 26 August 2024 is one."""
    home = Monitoring.begin(inspection, CHILDRENS_HOME, date(2024, 8, 19))

    home.agree("notice", a_notice(date(2024, 8, 23))).plan()

    assert home.clocks("follow_up") == [(date(2024, 9, 2), "running")]
    assert home.clocks("follow_up_aim") == [(date(2024, 8, 27), "running")]


def test_one_visit_serves_every_notice_whose_date_has_passed(inspection: Inspection) -> None:
    agency = Monitoring.begin(inspection, AGENCY, BEGUN)
    agency.agree("notice", a_notice(date(2024, 6, 12)), a_notice(NOTICE, "CN-2")).plan(AIM)

    agency.visit(AIM, "full", "full")

    assert agency.clocks("follow_up") == [(date(2024, 6, 19), "met"), (LIMIT, "met")]
    agency.review().decide(MET).decide(MET).close()
    assert "Task_WriteVisitReport" in agency.open


@pytest.mark.parametrize("urn", [CHILDRENS_HOME, AGENCY])
def test_the_registration_of_other_services_needs_no_national_director(
    inspection: Inspection, urn: str
) -> None:
    service = monitored(inspection, urn).plan().visit(AIM, "not").tell().review()

    service.decide(CANCEL, prosecution="not pursued")

    assert "Task_DecideRegistration" not in service.open


def test_only_the_national_or_deputy_director_takes_a_secure_homes_registration_away(
    inspection: Inspection,
) -> None:
    home = monitored(inspection, SECURE_HOME).plan().visit(AIM, "not").tell().review()
    home.decide(CANCEL, prosecution="not pursued")

    assert home.may_do("Task_DecideRegistration") == ["national_director"]
    assert "Task_PlanVisits" not in home.open

    home.do("Task_DecideRegistration", registration_decision="go ahead")
    assert "Task_PlanVisits" in home.open


def test_what_was_said_before_the_visit_is_known_at_it_and_in_its_report(inspection: Inspection) -> None:
    home = Monitoring.begin(inspection, CHILDRENS_HOME, BEGUN)
    home.agree("notice", a_notice(NOTICE), announced="yes").plan().on(NOTICE)
    home.do("Task_PrepareVisit", concern_involved="yes").do("Task_PrepareConcern")
    home.do("Task_AnnounceVisit", announced_on=day(NOTICE), announced_as="a monitoring visit")
    assert home.seen.variables("sharing")[-1] is not None
    home.arrive(AIM).look("full").give_feedback(AIM)
    visit = home.seen.variables("this_visit")[-1]
    assert isinstance(visit, dict)
    assert visit["announced_on"] == day(NOTICE)
    assert visit["announced_as"] == "a monitoring visit"
