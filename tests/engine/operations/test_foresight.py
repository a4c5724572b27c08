"""What a command would do is seen before it is given, and nothing is changed by looking."""

from collections.abc import Callable
from datetime import date

import pytest

from engine import feel
from engine.db.tables import Deadline, History, Token
from engine.runtime import migration, operator
from engine.runtime.operator import Foreseen, OperatorRefusedError, What
from engine.simulation import Driver
from tests.engine.operations.conftest import ADA, MONA, WHY, Office
from tests.engine.operations.test_migration import aim, deploy

Start = Callable[[], int]


def foreseen(office: Office, case: int, act: operator.Act) -> Foreseen:
    rows = office.rows(History), office.rows(Token)
    with office.tools.database.read() as connection:
        found = operator.foresee(
            connection, office.tools.library, instance_id=case, act=act, at=office.driver.at
        )
    assert (office.rows(History), office.rows(Token)) == rows
    return found


def at_approval(driver: Driver, start: Start) -> int:
    case = start()
    driver.do(case, "Task_Visit")
    driver.do(case, "Task_Write")
    return case


def test_a_move_withdraws_the_task_with_its_timer_and_begins_the_other(
    office: Office, driver: Driver, start: Start
) -> None:
    case = at_approval(driver, start)
    (token,) = [each for each in office.rows(Token) if each.element == "Task_Approve"]
    found = foreseen(office, case, operator.moving(token.id, "Task_Write"))
    assert {(each.what, each.element.id) for each in found.withdrawn} == {
        (What.TASK, "Task_Approve"),
        (What.TIMER, "Timer_Late"),
    }
    assert [(each.what, each.element.id) for each in found.begun] == [(What.TASK, "Task_Write")]
    assert not found.ends


def test_a_corrected_date_tells_the_deadline_that_moves(office: Office, driver: Driver, start: Start) -> None:
    case = start()
    driver.do(case, "Task_Visit")
    earlier = feel.evaluate('date("2026-12-01")', {})
    found = foreseen(office, case, operator.correcting("visited_on", earlier, 0))
    assert [(each.was, each.will) for each in found.deadlines] == [(date(2026, 12, 31), date(2026, 12, 29))]


def test_a_cancelled_case_has_its_deadlines_void(office: Office, driver: Driver, start: Start) -> None:
    case = start()
    driver.do(case, "Task_Visit")
    found = foreseen(office, case, operator.cancelling)
    assert found.ends
    assert {each.state for each in found.deadlines} == {"void"}


def test_what_cannot_be_is_refused_before_it_is_asked_for(office: Office, start: Start) -> None:
    case = start()
    for act in (
        operator.moving(1, "Timer_Late"),
        operator.restarting("Nowhere"),
        operator.correcting("a b", None, 0),
        operator.correcting("a", None, 99),
    ):
        with pytest.raises(OperatorRefusedError):
            foreseen(office, case, act)


def test_a_case_that_went_on_is_looked_at_again_first(office: Office, driver: Driver, start: Start) -> None:
    case = start()
    with office.tools.database.read() as connection:
        seen = operator.choices(
            connection, office.tools.library, instance_id=case, by=ADA, at=driver.at
        ).length
    driver.do(case, "Task_Visit")
    with office.tools.database.begin() as connection, pytest.raises(operator.WentOnError):
        operator.unchanged(connection, instance_id=case, length=seen)


def test_only_what_a_token_can_begin_at_is_offered(office: Office, driver: Driver, start: Start) -> None:
    case = at_approval(driver, start)
    with office.tools.database.read() as connection:
        found = operator.choices(connection, office.tools.library, instance_id=case, by=MONA, at=driver.at)
    (token,) = found.movable
    assert token.element.id == "Task_Approve"
    offered = {each.id for each in token.targets}
    assert "Task_Write" in offered
    assert not offered & {"Start", "Timer_Late"}
    assert "Task_Visit" in {each.id for each in found.beginnings}
    assert [(each.role, each.person) for each in found.named] == [("lead", "ivy")]
    assert operator.Command.RETRY in found.allowed
    assert operator.Command.MOVE not in found.allowed


def test_a_corrected_variable_is_told_with_what_it_was(office: Office, driver: Driver, start: Start) -> None:
    case = start()
    office.order(operator.set_variable, instance_id=case, name="notes", value="Calm", reason=WHY, by=ADA)
    office.order(operator.set_variable, instance_id=case, name="notes", value="Busy", reason=WHY, by=ADA)
    told = [event.personal for event in driver.history(case) if event.kind == "variable corrected"]
    assert told == [{"was": None, "now": "Calm"}, {"was": "Calm", "now": "Busy"}]


def test_a_migration_tells_what_becomes_of_timers_and_deadlines(
    office: Office, driver: Driver, start: Start
) -> None:
    case = at_approval(driver, start)
    deploy(
        office,
        deadline=("deadline.report.", "deadline.letter."),
        timer=('deadline("report")', 'deadline("letter")'),
    )
    with office.tools.database.read() as connection:
        seen = migration.preview(
            connection, office.tools.library, instance_id=case, to=aim(office, {}), at=driver.at
        ).foreseen
    assert seen is not None
    assert {(each.what, each.element.id) for each in seen.kept} == {
        (What.TASK, "Task_Approve"),
        (What.TIMER, "Timer_Late"),
    }
    assert {each.state for each in seen.deadlines} == {"running", "void"}


def test_a_deadline_that_was_met_is_told_to_stay_so_when_its_step_would_be_done_again(
    office: Office, driver: Driver, start: Start
) -> None:
    broken = Driver(office.tools, driver.at, handlers={})
    case = start()
    for element in ("Task_Visit", "Task_Write", "Task_Approve"):
        broken.do(case, element)
    (name,) = [row.name for row in office.rows(Deadline)]
    found = foreseen(office, case, operator.restarting("Task_Write"))
    assert found.settled == ((name, "met"),)
    office.order(operator.restart, instance_id=case, element="Task_Write", reason=WHY, by=ADA)
    assert driver.deadlines(case)["report"][1] == "met"
