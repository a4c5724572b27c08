"""Inspections of agencies that together take every flow of their diagrams."""

from datetime import date

from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.agency import PREPARATION, Agency
from tests.processes.following import started_by
from tests.processes.inspection import INADEQUATE, day

NEW_FIRST_DAY = date(2024, 7, 9)


def put_off_and_then_inadequate(driver: Driver, tools: Tools) -> None:
    first = Agency(driver, tools).to_call().call(deferral="yes")
    first.do("Task_DecideDeferral", deferral_decision="granted", deferred_to=day(NEW_FIRST_DAY))
    assert first.state == "completed"
    agency = Agency(driver, tools, started_by(first, first.case)["agency_inspection"])
    agency.plan(single_individual="no", special_issue="yes").notify().call().arrange()
    agency.on(PREPARATION).prepare_visit(forms_received="none").go_on_site()
    agency.do("Task_ChooseCases").do("Task_HearViews").do("Task_InterviewManager").do("Task_ExamineRecords")
    agency.share(inadequate_possible="yes", manager_available="no").do("Task_AskResponsibleIndividual")
    agency.do("Task_CheckEvidence").judge(help_and_protection=INADEQUATE, overall=INADEQUATE).require()
    agency.leave(advice=True).do("Task_GiveAdvice").give_feedback().do("Task_AnswerCall").scan().write()
    agency.check().send_draft(date(2024, 8, 6)).do("Task_CommentOnDraft", provider_response="no comments")
    agency.send_final(date(2024, 8, 22)).on(date(2024, 8, 30))
    assert agency.state == "completed"


def a_deferral_refused_and_nothing_disputed(driver: Driver, tools: Tools) -> None:
    agency = Agency(driver, tools).to_call().call(deferral="yes")
    agency.do("Task_DecideDeferral", deferral_decision="refused").arrange().return_forms().prepare_visit()
    agency.go_on_site().gather().judge().require().leave().scan().give_feedback().write().check()
    agency.send_draft(date(2024, 8, 6)).do("Task_CommentOnDraft", provider_response="no comments")
    agency.send_final(date(2024, 8, 22)).on(date(2024, 8, 30))
    assert agency.state == "completed"


STORIES = (put_off_and_then_inadequate, a_deferral_refused_and_nothing_disputed)
