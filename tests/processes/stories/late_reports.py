"""An inspection whose draft and final report are late, told of each time somebody is to know."""

from datetime import date

from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.inspection import Inspection


def late_with_the_draft_and_the_final_report(driver: Driver, tools: Tools) -> None:
    inspection = Inspection(driver, tools).to_feedback().write().check().send_draft(date(2024, 7, 11))
    inspection.do("Task_CommentOnDraft", provider_response="no comments").send_final(date(2024, 7, 29))
    inspection.summarise().on(date(2024, 8, 6))
    assert inspection.state == "completed"


def final_in_time_while_it_is_watched(driver: Driver, tools: Tools) -> None:
    inspection = Inspection(driver, tools).to_feedback().write().check().send_draft(date(2024, 6, 20))
    inspection.do("Task_CommentOnDraft", provider_response="no comments").send_final(date(2024, 7, 12))
    inspection.on(date(2024, 7, 31)).summarise()
    assert inspection.state == "completed"


STORIES = (late_with_the_draft_and_the_final_report, final_in_time_while_it_is_watched)
