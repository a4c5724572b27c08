"""A notice to be met by Friday 14 June 2024, followed up in the settings that have one."""

from datetime import date

import pytest

from engine.simulation.driver import FormRefusedError
from engine.simulation.samples import NoSampleError
from tests.processes.inspection import Inspection, day
from tests.processes.monitoring import AGENCY, CHILDRENS_HOME, SECURE_HOME, Monitoring, a_notice

pytestmark = pytest.mark.database
BEGUN, NOTICE, AIM, LIMIT = date(2024, 6, 3), date(2024, 6, 14), date(2024, 6, 17), date(2024, 6, 21)
MET = "the report says so; closing is considered"


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
