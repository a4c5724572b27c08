"""Reports whose finding changes without four grades."""

from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.reporting import CHILDRENS_HOME, Report


def an_interim_report_that_turns_out_worse(driver: Driver, tools: Tools) -> None:
    report = Report.of(driver, tools, CHILDRENS_HOME, "interim")
    report.inspection.do("Task_CheckReport", quality_outcome="change a judgement", quality_comments="Why?")
    report.inspection.do(
        "Task_DiscussChange", change_agreed="yes", revised_effectiveness="declined in effectiveness"
    )
    report.inspection.do("Task_CheckAndSendRevised").do("Task_SubmitReport")
    report.to_the_end()
    assert report.inspection.state == "completed"


STORIES = (an_interim_report_that_turns_out_worse,)
