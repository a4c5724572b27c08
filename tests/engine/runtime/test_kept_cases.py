"""What a process keeps of a case spares it a reading, and never changes what happens."""

import random
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from benchmarks import models, ours
from benchmarks.place import AT, Place, prepared
from engine import history
from engine.db import Database
from engine.db.tables import Instance, UserTask
from engine.runtime import cases, user_tasks
from engine.runtime.errors import NotPermittedError, TaskAlreadyClaimedError
from engine.runtime.library import Library
from engine.runtime.step import Step
from engine.runtime.user_tasks import Actor, Role
from tests.engine.runtime.random_cases import deploy
from tests.engine.spiff.random_models import Tape, draw

SEEDS = 12
INSPECTOR = Actor("ivy", (Role("inspector"),))
OTHER = Actor("bob", (Role("inspector"),))
OPEN = ("open", "claimed")


def _step(database: Database, library: Library, case: int, rng: random.Random) -> bool:
    """Give one random command; False when nothing can be done."""
    with database.begin() as connection:
        query = select(UserTask.id).where(UserTask.instance_id == case, UserTask.state.in_(OPEN))
        tasks = connection.execute(query.order_by(UserTask.id)).scalars().all()
        if tasks and rng.random() < 0.8:
            user_tasks.complete(
                connection, library, task_id=rng.choice(tasks), values={}, by=INSPECTOR, at=AT
            )
            return True
        step = Step.load(connection, library, case, actor="test", at=AT)
        messages = [each for each in step.execution.subscriptions if each.kind == "message"]
        if step.execution.jobs:
            step.execution.finish_job(step.execution.jobs[0].token_id, {})
        elif messages:
            step.execution.deliver(messages[0].token_id, {}, key=messages[0].key)
        else:
            return bool(tasks)
        step.save()
        return True


def _carried(database: Database, seed: int, counters: list[str], libraries: list[Library]) -> list[Any]:
    """The history after its start of a random case whose commands are given by these processes in turn."""
    variables = {"ref": "A", "reference": "same for all", **dict.fromkeys(counters, Decimal(0))}
    with database.begin() as connection:
        case = cases.start(
            connection, libraries[0], process_id="p", service_urn="SC000001", variables=variables,
            team="Team 1", by="test", at=AT,
        ).id  # fmt: skip
    rng = random.Random(seed)
    for turn in range(60):
        with database.read() as connection:
            if (
                connection.execute(select(Instance.state).where(Instance.id == case)).scalar_one()
                != "running"
            ):
                break
        if not _step(database, libraries[turn % len(libraries)], case, rng):
            break
    with database.read() as connection:
        assert not history.verify(connection, case)[1]
        told = history.timeline(connection, case)
    return [(each.kind, each.element, {**each.fields, "task": None}, each.personal) for each in told[1:]]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_random_cases_run_the_same_whether_kept_or_read_each_time(database: Database, seed: int) -> None:
    processes, counters = draw(Tape.of_seed(seed))
    deploy(database, processes, counters, at=AT)
    read = _carried(database, seed, counters, [Library(cases_kept=0)])
    assert _carried(database, seed, counters, [Library()]) == read
    assert _carried(database, seed, counters, [Library(), Library()]) == read


@pytest.fixture
def place(database_url: str) -> Any:
    with prepared(database_url, models.bundle(10)) as place:
        yield place


def _task(place: Place, case: int) -> int:
    query = select(UserTask.id).where(UserTask.instance_id == case, UserTask.state.in_(OPEN))
    with place.database.read() as connection:
        return connection.execute(query).scalar_one()


def _complete(place: Place, case: int, by: Actor = ours.BY) -> None:
    task = _task(place, case)
    with place.database.begin() as connection:
        values = {"x1": Decimal(7)}
        user_tasks.complete(connection, place.library, task_id=task, values=values, by=by, at=AT)


def _history(place: Place, case: int) -> list[str]:
    with place.database.read() as connection:
        return [each.kind for each in history.timeline(connection, case)]


def test_what_another_process_did_meanwhile_is_seen(place: Place) -> None:
    case, _ = ours.start(place, 10)
    _complete(place, case)
    elsewhere = Place(place.url, place.database, Library(), {})
    _complete(elsewhere, case)
    _complete(place, case)
    assert _history(place, case).count("task completed") == 3


def test_a_claim_since_is_seen(place: Place) -> None:
    case, _ = ours.start(place, 10)
    _complete(place, case)
    _complete(place, case)
    with place.database.begin() as connection:
        user_tasks.claim(connection, place.library, task_id=_task(place, case), by=OTHER, at=AT)
    with pytest.raises(TaskAlreadyClaimedError):
        _complete(place, case)
    _complete(place, case, OTHER)


def test_a_permission_given_since_is_seen(place: Place) -> None:
    case, _ = ours.start(place, 10)
    _complete(place, case)
    task, stella = _task(place, case), Actor("stella", ())
    with place.database.begin() as connection:
        connection.exec_driver_sql(f"UPDATE user_task SET candidate_users = '{{stella}}' WHERE id = {task}")
        connection.exec_driver_sql(f"UPDATE instance SET team = team WHERE id = {case}")
    _complete(place, case, stella)
    assert _history(place, case).count("task completed") == 2


def test_a_command_that_was_rolled_back_left_nothing(place: Place) -> None:
    case, _ = ours.start(place, 10)
    _complete(place, case)
    before = _history(place, case)
    task = _task(place, case)
    with suppress(LookupError), place.database.begin() as connection:
        user_tasks.complete(connection, place.library, task_id=task, values={}, by=ours.BY, at=AT)
        raise LookupError("the edge fails before it commits")
    assert _history(place, case) == before
    _complete(place, case)
    assert _history(place, case).count("task completed") == 2


def test_a_refused_command_left_nothing(place: Place) -> None:
    case, _ = ours.start(place, 10)
    _complete(place, case)
    with pytest.raises(NotPermittedError):
        _complete(place, case, Actor("stella", ()))
    _complete(place, case)
    assert _history(place, case).count("task completed") == 2


def test_two_steps_in_one_transaction_follow_each_other(place: Place) -> None:
    case, _ = ours.start(place, 10)
    task = _task(place, case)
    with place.database.begin() as connection:
        user_tasks.complete(connection, place.library, task_id=task, values={}, by=ours.BY, at=AT)
        query = select(UserTask.id).where(UserTask.instance_id == case, UserTask.state.in_(OPEN))
        task = connection.execute(query).scalar_one()
        user_tasks.complete(connection, place.library, task_id=task, values={}, by=ours.BY, at=AT)
    _complete(place, case)
    with place.database.read() as connection:
        assert not history.verify(connection, case)[1]
    assert _history(place, case).count("task completed") == 3


def test_no_more_cases_are_kept_than_the_limit(place: Place) -> None:
    library = Library(cases_kept=2)
    small = Place(place.url, place.database, library, {})
    for case in [ours.start(place, 10)[0] for _ in range(4)]:
        _complete(small, case)
    assert len(library.cases) == 2
