"""A job belongs to one worker at a time, from the moment it takes it."""

import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from smallmodels import begin, deploy, job, process, task, timer
from sqlalchemy import func, select, update

from engine.clock import now
from engine.db.tables import History, Instance, Job, UserTask
from engine.queries import health
from engine.runtime import jobs, user_tasks
from engine.runtime.errors import RefusedCommandError
from engine.runtime.user_tasks import Actor, Role
from engine.simulation import Driver
from engine.worker import Worker
from engine.worker.handlers import Outcome, Tools
from tests.engine.conftest import THURSDAY

pytestmark = pytest.mark.database

SECOND, MINUTE, LEASE = timedelta(seconds=1), timedelta(minutes=1), timedelta(minutes=5)


def running(tools: Tools) -> int:
    with tools.database.read() as connection:
        query = select(func.count()).where(Instance.state == "running")
        return connection.execute(query).scalar_one()


def until_all_are_done(tools: Tools, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while running(tools):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def run(workers: Sequence[Worker], tools: Tools, apart: float = 0.0) -> None:
    """Let workers work side by side, begun a little apart, until no case runs."""
    stop = threading.Event()
    threads = [threading.Thread(target=worker.run, args=[stop]) for worker in workers]
    try:
        for thread in threads:
            thread.start()
            time.sleep(apart)
        until_all_are_done(tools)
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_two_workers_never_take_the_same_job(tools: Tools) -> None:
    deploy(tools, process("works", [job()]))
    for _ in range(8):
        begin(tools, "works", now())
    calls: list[str] = []

    def slow(leased: jobs.Leased, _: Tools) -> Outcome:
        calls.append(leased.idempotency_key)
        time.sleep(0.3)
        return Outcome()

    run([Worker(tools, now, handlers={"work": slow}, name=name) for name in "AB"], tools, apart=0.1)
    assert len(calls) == len(set(calls)) == 8


def test_two_processes_never_take_the_same_job(tools: Tools, tmp_path: Path) -> None:
    deploy(tools, process("works", [job()]))
    for _ in range(30):
        begin(tools, "works", now())
    context = get_context("spawn")
    shifts = [
        context.Process(target=_shift, args=(tools.database.url, str(tmp_path / name))) for name in "AB"
    ]
    for shift in shifts:
        shift.start()
    for shift in shifts:
        shift.join(60)
        assert shift.exitcode == 0
    calls = [(tmp_path / name).read_text().split() for name in "AB"]
    assert sorted(calls[0] + calls[1], key=lambda key: int(key.split("-")[0])) == [
        f"{case}-2" for case in range(1, 31)
    ]


def _shift(url: str, told: str) -> None:
    """A worker in a process of its own, until no case runs."""
    import faultload

    tools = faultload.tools_for(url, f"folder:{Path(told).parent}")
    Path(told).touch()

    def write(leased: jobs.Leased, _: Tools) -> Outcome:
        with Path(told).open("a") as file:
            file.write(leased.idempotency_key + "\n")
        time.sleep(0.02)
        return Outcome()

    run([Worker(tools, now, handlers={"work": write})], tools)
    tools.database.dispose()


def _lease(tools: Tools, worker: str, at: datetime, others: Sequence[str] = ()) -> jobs.Held | None:
    with tools.database.begin() as connection:
        return jobs.lease(connection, worker=worker, at=at, lasting=LEASE, others=others)


def test_a_clock_that_is_a_little_behind_does_not_steal_a_lease(tools: Tools) -> None:
    deploy(tools, process("works", [job()]))
    begin(tools, "works")
    at = THURSDAY + MINUTE
    assert _lease(tools, "A", at + SECOND) is not None
    assert _lease(tools, "B", at) is None
    assert _lease(tools, "B", at - timedelta(hours=1)) is None, "not due yet by this clock"


def test_a_lease_counts_from_when_it_is_taken_however_long_the_look_took(tools: Tools) -> None:
    deploy(tools, process("works", [job()]))
    begin(tools, "works")
    moments: list[datetime] = []

    def clock() -> datetime:
        """Every reading is two minutes after the one before."""
        moments.append(THURSDAY + len(moments) * 2 * MINUTE)
        return moments[-1]

    leases: list[tuple[datetime, datetime]] = []

    def look(_: jobs.Leased, tools: Tools) -> Outcome:
        with tools.database.read() as connection:
            leases.append((moments[-1], connection.execute(select(Job.leased_until)).scalar_one()))
        return Outcome()

    Worker(tools, clock, handlers={"work": look}).work()
    ((called, ends),) = leases
    assert len(moments) > 3
    assert ends > called


def test_a_worker_leaves_the_types_of_others_alone(tools: Tools) -> None:
    deploy(tools, process("works", [job()]), process("else", [job(type="elsewhere")]))
    begin(tools, "else")
    begin(tools, "works")
    held = _lease(tools, "A", THURSDAY, others=["elsewhere"])
    assert held is not None
    assert held.type == "work"
    assert _lease(tools, "A", THURSDAY, others=["elsewhere"]) is None


def test_a_type_that_is_done_outside_is_left_to_others_and_seen_in_the_numbers(
    tools: Tools, driver: Driver
) -> None:
    deploy(tools, process("works", [job()]), process("else", [job(type="elsewhere")]))
    other = begin(tools, "else")
    done = begin(tools, "works")
    worker = Worker(tools, lambda: THURSDAY, handlers={"work": lambda *_: Outcome()}, outside=["elsewhere"])
    worker.settle(THURSDAY)
    with tools.database.read() as connection:
        found = health.standing(connection, THURSDAY + MINUTE, messages_due=[], handled=["work"])
    assert (driver.state(done), driver.state(other), driver.incidents(other)) == ("completed", "running", [])
    assert (found.due["job"], found.due["other job"]) == (0, 1)
    assert found.oldest["other job"] == 60


def test_a_type_that_nobody_says_they_do_is_an_incident(tools: Tools, driver: Driver) -> None:
    deploy(tools, process("else", [job(type="elsewhere", retries=1)]))
    case = begin(tools, "else")
    Worker(tools, lambda: THURSDAY, outside=["abroad"]).settle(THURSDAY)
    (incident,) = driver.incidents(case)
    assert "No handler does jobs of type 'elsewhere'" in incident


def test_a_type_from_the_data_of_a_case_names_no_metric(tools: Tools) -> None:
    deploy(tools, process("works", [job(type="=reference", retries=1)]))
    begin(tools, "works")
    kinds: list[tuple[str, bool]] = []
    worker = Worker(tools, lambda: THURSDAY, observe=lambda kind, _, well: kinds.append((kind, well)))
    worker.settle(THURSDAY)
    assert kinds == [("other", False)]


# --- time-outs and pauses -----------------------------------------------------------------------------


def _due(tools: Tools) -> datetime:
    with tools.database.read() as connection:
        return connection.execute(select(Job.due_at)).scalar_one()


def test_after_a_time_out_the_next_try_waits_for_the_end_of_the_lease(tools: Tools) -> None:
    deploy(tools, process("works", [job(timeLimit="PT0.05S", retryBackoff="PT1S")]))
    begin(tools, "works")
    over = threading.Event()

    def hang(*_: object) -> Outcome:
        over.wait(5)
        return Outcome()

    Worker(tools, lambda: THURSDAY, handlers={"work": hang}).work()
    over.set()
    assert _due(tools) == THURSDAY + LEASE


@pytest.mark.parametrize("limit", ["PT5M", "PT0S", "=&quot;soon&quot;"])
def test_a_time_limit_that_no_lease_outlasts_is_an_incident_that_says_so(
    limit: str, tools: Tools, driver: Driver
) -> None:
    deploy(tools, process("works", [job(retries=1, timeLimit=limit)]))
    case = begin(tools, "works")
    calls: list[int] = []

    def count(*_: object) -> Outcome:
        calls.append(1)
        return Outcome()

    Worker(tools, lambda: THURSDAY, handlers={"work": count}).settle(THURSDAY)
    (incident,) = driver.incidents(case)
    assert ("'timeLimit'" in incident, calls) == (True, [])


def test_a_pause_between_tries_is_six_hours_at_most(tools: Tools) -> None:
    deploy(tools, process("works", [job(retries=99, retryBackoff="P2D")]))
    begin(tools, "works")
    held = _lease(tools, "A", THURSDAY)
    assert held is not None
    with tools.database.begin() as connection:
        jobs.fail(connection, job=held, worker="A", why="no luck", at=THURSDAY)
        connection.execute(update(Job).values(attempts=60, due_at=THURSDAY))
    assert _due(tools) == THURSDAY
    held = _lease(tools, "A", THURSDAY)
    assert held is not None
    with tools.database.begin() as connection:
        jobs.fail(connection, job=held, worker="A", why="no luck", at=THURSDAY)
    assert _due(tools) == THURSDAY + timedelta(hours=6)


# --- timers --------------------------------------------------------------------------------------------


def test_two_workers_fire_each_timer_once(tools: Tools) -> None:
    deploy(tools, process("waits", [timer(after="PT1S")]))
    started = now() - MINUTE
    for _ in range(60):
        begin(tools, "waits", started)
    run([Worker(tools, now, name=name) for name in "AB"], tools)
    with tools.database.read() as connection:
        query = select(func.count()).where(History.kind == "timer fired")
        assert connection.execute(query).scalar_one() == 60


LATE = (
    '<bpmn:boundaryEvent id="Late" attachedToRef="Task_Look"><bpmn:outgoing>g1</bpmn:outgoing>'
    "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    '</bpmn:boundaryEvent><bpmn:endEvent id="End_Late"><bpmn:incoming>g1</bpmn:incoming></bpmn:endEvent>'
    '<bpmn:sequenceFlow id="g1" sourceRef="Late" targetRef="End_Late" />'
)


def test_a_task_completed_as_its_time_runs_out_has_one_outcome(tools: Tools) -> None:
    deploy(tools, process("races", [task()], beside=LATE))
    count, at = 60, THURSDAY + timedelta(hours=2)
    for _ in range(count):
        begin(tools, "races")
    with tools.database.read() as connection:
        open_tasks = list(connection.execute(select(UserTask.id).order_by(UserTask.id.desc())).scalars())
    mona = Actor("mona", (Role("manager", team="Team 1"),))
    completed: list[int] = []

    def complete() -> None:
        for task_id in open_tasks:
            try:
                with tools.database.begin() as connection:
                    user_tasks.complete(
                        connection, tools.library, task_id=task_id, values={"note": "done"}, by=mona, at=at
                    )
                completed.append(task_id)
            except RefusedCommandError:
                continue

    def fire() -> None:
        Worker(tools, lambda: at, name=threading.current_thread().name).settle(at)

    threads = [threading.Thread(target=each) for each in (complete, fire, fire)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until_all_are_done(tools)
    with tools.database.read() as connection:
        query = select(History.kind, History.instance_id).where(
            History.kind.in_(["timer fired", "task completed"])
        )
        outcomes = connection.execute(query).all()
    assert len(outcomes) == len({case for _, case in outcomes}) == count
    assert [kind for kind, _ in outcomes].count("task completed") == len(completed)


def test_due_timers_do_not_wait_until_all_jobs_are_done(tools: Tools) -> None:
    deploy(tools, process("works", [job()]), process("waits", [timer(after="PT1S")]))
    at = THURSDAY + MINUTE
    for _ in range(40):
        begin(tools, "works", THURSDAY)
    last = begin(tools, "waits", at)
    clock = [at]
    done: list[int] = []

    def slow(*_: object) -> Outcome:
        clock[0] = at + 2 * SECOND  # the timer falls due while jobs are done
        time.sleep(0.1)
        done.append(1)
        return Outcome()

    worker = Worker(tools, lambda: clock[0], handlers={"work": slow})
    worker.work()
    worker.work()
    with tools.database.read() as connection:
        state = connection.execute(select(Instance.state).where(Instance.id == last)).scalar_one()
    assert state == "completed"
    assert len(done) < 40
