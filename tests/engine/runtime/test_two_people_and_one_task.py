"""Who may claim and complete what, and what the second person is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, select
from waiting import meanwhile

from engine.db.tables import UserTask
from engine.runtime import user_tasks
from engine.runtime.errors import (
    NotPermittedError,
    RefusedCommandError,
    TaskAlreadyClaimedError,
    TaskAlreadyCompletedError,
)
from engine.runtime.user_tasks import Actor, Role
from engine.simulation import Driver
from engine.worker.handlers import Tools

MANAGER = Actor("mona", (Role("manager", team="Team 1"),))
OTHER_MANAGER = Actor("max", (Role("manager", team="Team 1"),))
STRANGER = Actor("stella", (Role("manager", team="Team 2"),))


@pytest.fixture
def approval(driver: Driver, start: Callable[[], int], tools: Tools) -> int:
    """The number of an open task for the managers of Team 1."""
    case = start()
    driver.do(case, "Task_Visit")
    driver.do(case, "Task_Write")
    with tools.database.read() as connection:
        return connection.execute(select(UserTask.id).where(UserTask.element == "Task_Approve")).scalar_one()


def _claim(tools: Tools, driver: Driver, task: int, by: Actor) -> None:
    with tools.database.begin() as connection:
        user_tasks.claim(connection, tools.library, task_id=task, by=by, at=driver.at)


def _complete(tools: Tools, driver: Driver, task: int, by: Actor) -> None:
    with tools.database.begin() as connection:
        user_tasks.complete(
            connection, tools.library, task_id=task, values={"note": by.user_id}, by=by, at=driver.at
        )


def test_a_task_of_the_person_named_as_lead_is_theirs_at_once(
    driver: Driver, start: Callable[[], int], tools: Tools
) -> None:
    start()
    with tools.database.read() as connection:
        row = connection.execute(select(UserTask.state, UserTask.assignee)).one()
    assert tuple(row) == ("claimed", "ivy")


def test_a_claimed_task_is_not_claimed_by_another(tools: Tools, driver: Driver, approval: int) -> None:
    _claim(tools, driver, approval, MANAGER)
    _claim(tools, driver, approval, MANAGER)  # one's own again is no error
    with pytest.raises(TaskAlreadyClaimedError, match="mona has claimed this task"):
        _claim(tools, driver, approval, OTHER_MANAGER)


def test_a_manager_of_another_team_may_not_claim(tools: Tools, driver: Driver, approval: int) -> None:
    with pytest.raises(NotPermittedError, match="This task is for Manager on this case"):
        _claim(tools, driver, approval, STRANGER)


def test_the_second_completion_is_refused_and_names_the_first(
    tools: Tools, driver: Driver, approval: int
) -> None:
    _complete(tools, driver, approval, MANAGER)
    with pytest.raises(TaskAlreadyCompletedError, match="mona completed this task at 3 December 2026, 09:00"):
        _complete(tools, driver, approval, OTHER_MANAGER)


def test_of_sixteen_people_at_once_exactly_one_completes_the_task(
    tools: Tools, driver: Driver, approval: int
) -> None:
    def attempt(number: int) -> bool:
        try:
            _complete(tools, driver, approval, Actor(f"manager{number}", MANAGER.roles))
        except RefusedCommandError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(attempt, range(16)))
    assert outcomes.count(True) == 1
    with tools.database.read() as connection:
        kinds = [event.kind for event in driver.history(1)]
        assert connection.execute(select(UserTask.completed_by).where(UserTask.id == approval)).scalar_one()
    assert kinds.count("task completed") == 3


def test_who_waited_for_the_case_sees_it_as_the_other_left_it(
    tools: Tools, driver: Driver, approval: int
) -> None:
    def first(connection: Connection) -> None:
        note = {"note": "first"}
        user_tasks.complete(
            connection, tools.library, task_id=approval, values=note, by=MANAGER, at=driver.at
        )

    def second() -> None:
        _complete(tools, driver, approval, OTHER_MANAGER)

    with pytest.raises(TaskAlreadyCompletedError, match="mona completed this task"):
        meanwhile(tools.database, first, second)


def test_a_draft_is_kept_for_the_person_who_typed_it(tools: Tools, driver: Driver, approval: int) -> None:
    with tools.database.begin() as connection:
        user_tasks.save_draft(connection, task_id=approval, by="mona", raw={"note": ["half a"]}, at=driver.at)

    def draft_of(user_id: str) -> object:
        with tools.database.read() as connection:
            return user_tasks.draft(connection, task_id=approval, user_id=user_id)

    assert (draft_of("mona"), draft_of("max")) == ({"note": ["half a"]}, None)
