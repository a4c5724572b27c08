"""Services that are monitored: stories that take every flow of its diagrams."""

from datetime import date

from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.inspection import INADEQUATE, Inspection, day
from tests.processes.monitoring import AGENCY, CHILDRENS_HOME, SECURE_HOME, Monitoring, a_notice

BEGUN, FIRST, SECOND = date(2024, 6, 3), date(2024, 6, 14), date(2024, 7, 12)


def a_home_that_meets_its_notices(driver: Driver, tools: Tools) -> None:
    home = Monitoring.needed(Inspection(driver, tools), CHILDRENS_HOME, BEGUN)
    home.agree("notice", a_notice(FIRST), a_notice(SECOND, "CN-2"))
    home.plan(confirmation_proposed="yes", confirmation_notice="CN-2")
    home.do("Task_AcceptConfirmation", confirmation_accepted="yes").plan(date(2024, 6, 17))
    home.do("Task_ChangePlan", new_notices=[]).plan()
    home.serve(a_notice(SECOND, "CN-3")).plan()
    home.visit(date(2024, 6, 17), "full").review()
    home.decide("the report says so; closing is considered").plan()
    home.publish(date(2024, 6, 20), date(2024, 6, 28))
    home.visit(date(2024, 7, 15), "full").review()
    home.decide("the report says so; closing is considered").close()
    assert home.publish(date(2024, 7, 17), date(2024, 7, 26)).state == "completed"


def a_secure_home_to_be_cancelled(driver: Driver, tools: Tools) -> None:
    home = Monitoring.begin(Inspection(driver, tools), SECURE_HOME, BEGUN)
    home.agree(
        "inadequate judgement",
        a_notice(FIRST),
        inspection_ended_on=day(BEGUN),
        inspection_kind="full",
        inspection_reference="SCH-2024-77777",  # of its own: no case of next steps waits for its visits
        announced="yes",
    )
    home.plan().on(FIRST).do("Task_PrepareVisit", concern_involved="yes")
    home.do("Task_PrepareConcern", concern_source="whistle-blower").do("Task_AnnounceVisit")
    home.arrive(date(2024, 6, 17)).look(
        "not", advice_needed="yes", other_failures="yes", requirements_met="no", leaders_assured="no"
    )
    home.do("Task_GiveAdvice").do("Task_ListFindings", findings=[])
    if "Task_AgreeNewJudgement" in home.open:
        home.do("Task_AgreeNewJudgement")
    home.do("Task_JudgeAfterVisit", visit_judgement=INADEQUATE).give_feedback(date(2024, 6, 17))
    home.tell().review().decide("steps to cancel the registration", prosecution="not pursued")
    home.do("Task_DecideRegistration", registration_decision="go ahead").no_visit()
    home.do("Task_ConsiderClosing", closing_decision="another visit")
    assert "Task_PlanVisits" in home.open


def an_agency_that_closes(driver: Driver, tools: Tools) -> None:
    agency = Monitoring.begin(Inspection(driver, tools), AGENCY, BEGUN).agree("concern", a_notice(SECOND))
    agency.plan(date(2024, 6, 10), date(2024, 7, 15), joint_wanted="yes", joint_with="Exampleshire")
    agency.do("Task_SupportJointVisit").do("Task_AuthoriseJointVisit", joint_authorised="yes")
    agency.visit(date(2024, 6, 10)).no_visit(registration_ended="yes")
    agency.do("Task_ConsiderClosing", closing_decision="close")
    assert agency.publish(date(2024, 6, 14), date(2024, 6, 24)).open == []


STORIES = (
    a_home_that_meets_its_notices,
    a_secure_home_to_be_cancelled,
    an_agency_that_closes,
)
