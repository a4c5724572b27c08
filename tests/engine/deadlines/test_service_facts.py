"""One visit meets the deadlines of several notices, also of other cases of the service."""

from datetime import date

import pytest
from sqlalchemy import select

from engine import feel
from engine.db.tables import Deadline, Message
from engine.history import EventKind
from tests.engine.deadlines.conftest import TEAM, Office, nine

pytestmark = pytest.mark.database

THURSDAY, MONDAY, LATER = date(2026, 12, 3), date(2026, 12, 7), date(2026, 12, 16)


def noticed(office: Office, *dates: date, urn: str = "CH000001") -> int:
    """A case whose visits are chosen as proposed."""
    notices = [{"reference": f"CN-{each.day}", "date": feel.Date.of(each)} for each in dates]
    variables = {"lead_inspector": "ivy", "notices": notices}
    office.case = office.driver.start("follow_up", urn, variables, team=TEAM, by="planner")
    office.do("Task_Choose")
    return office.case


def states(office: Office, case: int) -> list[tuple[date | None, str]]:
    query = select(Deadline.due_on, Deadline.state).where(Deadline.instance_id == case)
    with office.tools.database.read() as connection:
        return sorted((row.due_on, row.state) for row in connection.execute(query))


def test_a_visit_meets_the_deadlines_that_wait_for_it_in_every_case_of_the_service(office: Office) -> None:
    office.driver.travel(nine(THURSDAY))
    one, other = noticed(office, MONDAY), noticed(office, MONDAY, LATER)
    elsewhere = noticed(office, MONDAY, urn="SC000001")
    office.case = one
    office.on(date(2026, 12, 8)).do("Task_FollowUp")
    assert states(office, one) == [(date(2026, 12, 14), "met")]
    assert states(office, other) == [(date(2026, 12, 14), "met"), (date(2026, 12, 23), "running")]
    assert states(office, elsewhere) == [(date(2026, 12, 14), "running")]
    office.case = other
    (heard,) = office.events(EventKind.MESSAGE_RECEIVED)
    assert heard.fields == {"message": "follow-up visit"}
    (met,) = office.events(EventKind.DEADLINE_MET, "notice")
    assert met.at == heard.at
    assert office.driver.open(other) == ["Task_FollowUp"]  # the visit for the later notice alone
    office.case = elsewhere
    assert len(office.driver.open(elsewhere)) == 1


def test_a_visit_before_the_window_opens_meets_nothing(office: Office) -> None:
    office.driver.travel(nine(THURSDAY))
    one, other = noticed(office, THURSDAY), noticed(office, LATER)
    office.case = one
    office.on(date(2026, 12, 4)).do("Task_FollowUp")
    assert states(office, one) == [(date(2026, 12, 10), "met")]
    assert states(office, other) == [(date(2026, 12, 23), "running")]


def test_a_fact_that_no_case_waits_for_is_over_at_once(office: Office) -> None:
    office.driver.travel(nine(THURSDAY))
    noticed(office, THURSDAY)
    office.on(date(2026, 12, 4)).do("Task_FollowUp")
    with office.tools.database.read() as connection:
        assert connection.execute(select(Message.kind, Message.state)).all() == [("fact", "delivered")]
    assert office.driver.incidents(office.case) == []


def test_the_task_that_records_a_fact_is_due_when_the_fact_is(office: Office) -> None:
    office.driver.travel(nine(THURSDAY))
    noticed(office, MONDAY)
    with office.tools.database.read() as connection:
        due = connection.exec_driver_sql(
            "SELECT due_date FROM user_task WHERE element = 'Task_FollowUp'"
        ).scalar_one()
    assert due == date(2026, 12, 14)
