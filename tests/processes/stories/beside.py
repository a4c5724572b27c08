"""What is recorded beside an inspection: stories that take every flow of these small diagrams."""

from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.beside import Record
from tests.processes.inspection import FIRST_DAY, day

CHILDRENS_HOME = "CH000001"


def advice_at_once_and_advice_to_wait_for(driver: Driver, tools: Tools) -> None:
    Record.of(driver, tools, "advice").do("Task_RecordAdvice", advice_answered="yes")
    asked = {"advice_about": "distress", "advice_from": "manager", "advice_answered": "no"}
    Record.of(driver, tools, "advice").do("Task_RecordAdvice", **asked).do("Task_GiveAdvice")


def concerns_for_safety(driver: Driver, tools: Tools) -> None:
    harmless = {"telling_endangers": "no", "staff_accused": "no", "fgm_told": "no"}
    record = Record.of(driver, tools, "safeguarding_referral").do("Task_RecordConcern", **harmless)
    record.do("Task_TellPersonInCharge").do("Task_ReferConcern").do("Task_FollowUpAuthority")
    record = Record.of(driver, tools, "safeguarding_referral").do("Task_RecordConcern")
    assert record.do("Task_ReferConcern").do("Task_FollowUpAuthority").state == "completed"


def possible_offences(driver: Driver, tools: Tools) -> None:
    for way, task in (("now", "Task_RecordCaution"), ("later", "Task_RecordInterview")):
        record = Record.of(driver, tools, "record_offence", urn=CHILDRENS_HOME).do("Task_RecordOffence")
        assert record.do("Task_AdviseOnOffence", interview_way=way).do(task).state == "completed"
    record = Record.of(driver, tools, "record_offence").do("Task_RecordOffence")
    assert record.do("Task_AdviseOnOffence").state == "completed"


def concerns_about_the_inspection(driver: Driver, tools: Tools) -> None:
    Record.of(driver, tools, "handle_concern").do("Task_LogConcern", concern_settled="yes")
    for settled in ("yes", "no"):
        record = Record.of(driver, tools, "handle_concern").do("Task_LogConcern", concern_settled="no")
        record.do("Task_DiscussConcern", concern_settled=settled)
    assert record.do("Task_AnswerConcern").state == "completed"
    Record.of(driver, tools, "handle_concern").do("Task_LogConcern", concern_stage="final")


def concerns_about_someone_else(driver: Driver, tools: Tools) -> None:
    record = Record.of(driver, tools, "concern_elsewhere")
    record.do("Task_RecordElsewhere", elsewhere_kind="unregistered").do("Task_TakeOn")
    record = Record.of(driver, tools, "concern_elsewhere")
    record.do("Task_RecordElsewhere", elsewhere_kind="authority").do("Task_TellElsewhere")
    assert record.do("Task_TakeOn").state == "completed"


def managers_away(driver: Driver, tools: Tools) -> None:
    fine = {"arrangements": "yes", "unregistered_manager": "no", "manager_qualified": "yes"}
    away = {"absence_kind": "known", "absent_from": day(FIRST_DAY)}
    Record.of(driver, tools, "absent_manager").do(
        "Task_RecordAbsence", **fine, **away, notified_on=day(driver.at.date())
    )
    for sooner in ("yes", "no"):
        record = Record.of(driver, tools, "absent_manager").do("Task_RecordAbsence", **fine, **away)
        assert record.do("Task_DecideOnAbsence", visit_sooner=sooner).state == "completed"


def inspections_that_stop(driver: Driver, tools: Tools) -> None:
    for decision in ("go on", "incomplete"):
        record = Record.of(driver, tools, "incomplete_inspection").do("Task_AskToPause")
        assert record.do("Task_DecideOnPause", pause_decision=decision).state == "completed"
    for decision in ("resume", "incomplete"):
        record = Record.of(driver, tools, "incomplete_inspection").do("Task_AskToPause")
        record.do("Task_DecideOnPause", pause_decision="pause")
        assert record.do("Task_DecideToResume", resume_decision=decision).state == "completed"


def sources_that_stay_unnamed(driver: Driver, tools: Tools) -> None:
    for shared in ("yes", "no"):
        record = Record.of(driver, tools, "whistle_blower").do("Task_RecordSource")
        assert record.do("Task_AgreeSharing", can_be_shared=shared).state == "completed"


def drugs_that_are_missing(driver: Driver, tools: Tools) -> None:
    Record.of(driver, tools, "controlled_drugs_incident").do("Task_RecordIncident", drugs_reported="yes")
    for monitored in ("no", "yes"):
        record = Record.of(driver, tools, "controlled_drugs_incident")
        record.do("Task_RecordIncident", drugs_reported="no").reviewed(monitoring_decided=monitored)
        assert record.do("Task_CheckAndSendReferral").state == "completed"


STORIES = (
    advice_at_once_and_advice_to_wait_for,
    concerns_for_safety,
    possible_offences,
    concerns_about_the_inspection,
    concerns_about_someone_else,
    managers_away,
    inspections_that_stop,
    sources_that_stay_unnamed,
    drugs_that_are_missing,
)
