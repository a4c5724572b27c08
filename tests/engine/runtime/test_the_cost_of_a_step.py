"""A step costs the same at any age of a case: counted, not timed."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import select

from benchmarks import models, ours
from benchmarks.counting import Cost, counted
from benchmarks.place import AT, Place, prepared
from engine.db.tables import UserTask, UserTaskState
from engine.runtime import user_tasks
from engine.runtime.library import Library

LENGTH = 210
AGES = (10, 50, 200)
OPEN = (UserTaskState.OPEN, UserTaskState.CLAIMED)


@pytest.fixture
def place(database_url: str) -> Iterator[Place]:
    """A database on which a table is read by its index however small it is, so that rows can be counted."""
    with prepared(database_url, models.bundle(LENGTH)) as place:
        with place.database.begin() as connection:
            connection.exec_driver_sql("SET enable_seqscan = off")
        yield place


def _costs(place: Place, ages: tuple[int, ...]) -> list[Cost]:
    """What the steps at these ages of one case cost."""
    case, _ = ours.start(place, LENGTH)
    costs = []
    for step in range(1, max(ages) + 1):
        if step in ages:
            costs.append(_counted(place, case, step))
        else:
            ours.complete(place, case)
    return costs


def _counted(place: Place, case: int, step: int) -> Cost:
    with place.database.read() as connection:
        task = connection.execute(
            select(UserTask.id).where(UserTask.instance_id == case, UserTask.state.in_(OPEN))
        ).scalar_one()
    with counted(place) as (connection, found):
        values = {models.variable(step): Decimal(7)}
        user_tasks.complete(connection, place.library, task_id=task, values=values, by=ours.BY, at=AT)
    return found[0]


def test_completing_a_task_takes_at_most_eight_statements_and_one_commit(place: Place) -> None:
    first, gateway, decision = _costs(place, (1, 5, 8))
    assert max(first.statements, gateway.statements, decision.statements) <= 8
    assert (first.commits, gateway.commits, decision.commits) == (1, 1, 1)


def test_a_step_of_known_models_is_two_statements_one_that_locks_and_one_that_writes(place: Place) -> None:
    _costs(place, (20,))  # compiles every kind of element
    assert {cost.statements for cost in _costs(place, (2, 5, 8, 9))} == {2}


def test_a_case_that_this_process_has_not_left_is_read_by_the_statement_that_locks_it(place: Place) -> None:
    cold = Place(place.url, place.database, Library(cases_kept=0), {})
    _costs(cold, (20,))
    assert {cost.statements for cost in _costs(cold, (2, 5, 8, 9))} == {2}


def test_a_case_that_somebody_touched_meanwhile_is_read_in_a_third(place: Place) -> None:
    _costs(place, (20,))
    case, _ = ours.start(place, LENGTH)
    ours.complete(place, case)
    elsewhere = Library()
    ours.complete(Place(place.url, place.database, elsewhere, {}), case)
    assert _counted(place, case, 3).statements == 2  # the task is not one that it was left with
    with place.database.begin() as connection:
        task, _element = ours.open_task(place, case)
        user_tasks.claim(connection, elsewhere, task_id=task, by=ours.BY, at=AT)
    assert _counted(place, case, 4).statements == 3


@pytest.mark.parametrize("kept", [0, 10])
def test_statements_rows_read_and_bytes_written_are_the_same_at_any_age(place: Place, kept: int) -> None:
    mine = Place(place.url, place.database, Library(cases_kept=kept), {})
    _costs(mine, (20,))  # compiles what is used, and lets PostgreSQL settle on its plans
    at_10, at_50, at_200 = _costs(mine, AGES)
    assert at_10 == at_50 == at_200
