"""What must hold whatever was killed: no step lost, doubled or half done, and every case can be completed."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from faultload import work_off
from sqlalchemy import Connection, func, select, text, update

from engine import history
from engine.clock import Clock
from engine.db import Database
from engine.db.tables import (
    History,
    Incident,
    Instance,
    Job,
    JobState,
    Message,
    OutgoingMail,
    ProcessDefinition,
    Subscription,
    Timer,
    Token,
    UserTask,
    UserTaskState,
)
from engine.history import EventKind
from engine.runtime import operator
from engine.runtime.user_tasks import Actor, Role
from engine.worker.handlers import Tools
from tests.engine.faults.arrivals import Arrival
from tests.engine.faults.deployment import until

MOMENT = timedelta(seconds=1)
MENDER = Actor("mender", (Role("administrator"),))
Step = tuple[str, str]
"""A kind of fact in the history, and the element (of a message its name)."""


@dataclass(frozen=True)
class Expected:
    """The steps that every case of a process takes once, and those that it may take once."""

    always: frozenset[Step]
    sometimes: frozenset[Step] = frozenset()


TASK, TIMER, JOB = EventKind.TASK_COMPLETED.value, EventKind.TIMER_FIRED.value, EventKind.JOB_DONE.value
TAKEN = EventKind.MESSAGE_RECEIVED.value
EXPECTED = {
    "skeleton": Expected(
        frozenset({(TASK, "Task_Visit"), (TASK, "Task_Write"), (TASK, "Task_Approve"), (JOB, "Send_Report")}),
        frozenset({(TIMER, "Timer_Late"), (TASK, "Task_Chase")}),
    ),
    "relay_sender": Expected(frozenset({(TIMER, "Timer_Soon"), (JOB, "Tell_Sent"), (TASK, "Task_Sent")})),
    "relay_receiver": Expected(
        frozenset({(TAKEN, "Baton"), (JOB, "Tell_Received"), (TASK, "Task_Received")})
    ),
}


def complete_everything(tools: Tools, clock: Clock) -> None:
    """Do all that is left: what dead workers held comes back, what ran out of tries is mended."""
    until(lambda: not _at_work(tools.database))
    with tools.database.begin() as connection:
        connection.execute(update(Job).values(leased_until=None))
    _work_off_all(tools, clock)
    while stopped := _stopped(tools.database):
        for incident in stopped:
            _retry(tools, incident, clock())
        _work_off_all(tools, clock)
        assert not set(stopped) & set(_stopped(tools.database)), "what was mended goes on"


def _work_off_all(tools: Tools, clock: Clock) -> None:
    more = 1
    while more:
        began = clock()
        more = work_off(tools, clock) + _came_soon(tools.database, began)


def _at_work(database: Database) -> int:
    """How many others the server does something for: it sees the death of a client when it has done it."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()"
    )
    with database.read() as connection:
        return int(connection.execute(others).scalar_one())


def _came_soon(database: Database, at: datetime) -> int:
    """How many timers are due a moment after `at`, as those of a relay are."""
    with database.read() as connection:
        query = select(func.count()).select_from(Timer).where(Timer.due_at.between(at, at + MOMENT))
        return connection.execute(query).scalar_one()


def _stopped(database: Database) -> list[int]:
    with database.read() as connection:
        return list(connection.execute(select(Incident.id).where(Incident.resolved_at.is_(None))).scalars())


def _retry(tools: Tools, incident: int, at: datetime) -> None:
    with tools.database.begin() as connection:
        operator.retry_incident(connection, tools.library, incident_id=incident, by=MENDER, at=at)


def check_all(database: Database, *, at_least: int) -> int:
    """Hold every case to the invariants; how many there are."""
    with database.read() as connection:
        cases = connection.execute(
            select(Instance.id, Instance.state, ProcessDefinition.process_id).join(
                ProcessDefinition, ProcessDefinition.id == Instance.definition_id
            )
        ).all()
        steps = _steps(connection)
        letters = connection.execute(select(OutgoingMail.instance_id, OutgoingMail.recipients)).all()
        messages = Counter(connection.execute(select(Message.state)).scalars())
        held, breaks = history.verify(connection)
        left = _left(connection)
    assert len(cases) >= at_least
    assert Counter(state for _, state, _ in cases) == {"completed": len(cases)}, f"left: {left}, {messages}"
    for case, _, process_id in cases:
        expected = EXPECTED[process_id]
        assert set(steps[case].values()) == {1}, f"case {case} did a step twice: {steps[case]}"
        assert expected.always <= steps[case].keys() <= expected.always | expected.sometimes, f"case {case}"
    processes = Counter(process_id for _, _, process_id in cases)
    assert sorted(case for case, _ in letters) == sorted(c for c, _, each in cases if each == "skeleton")
    assert all(recipients == ["provider@example.org"] for _, recipients in letters), "recorded once"
    assert processes["relay_sender"] == processes["relay_receiver"] == messages["delivered"]
    assert messages.total() == messages["delivered"]
    assert (breaks, left) == ([], dict.fromkeys(left, 0))
    assert held > 0
    return len(cases)


def _steps(connection: Connection) -> dict[int, Counter[Step]]:
    """How often each case did what, as its history tells."""
    what = func.coalesce(History.element, History.fields["message"].astext)
    query = (
        select(History.instance_id, History.kind, what, func.count())
        .where(History.kind.in_([TASK, TIMER, JOB, TAKEN]))
        .group_by(History.instance_id, History.kind, what)
    )
    found: dict[int, Counter[Step]] = defaultdict(Counter)
    for case, kind, element, count in connection.execute(query):
        found[case][kind, element] = count
    return found


def _left(connection: Connection) -> dict[str, int]:
    """What is still there to do, by name."""
    open_now = {
        "tasks": UserTask.state.in_([UserTaskState.OPEN, UserTaskState.CLAIMED]),
        "jobs": Job.state != JobState.DONE,
        "incidents": Incident.resolved_at.is_(None),
    }
    found = {
        name: connection.execute(select(func.count()).where(holds)).scalar_one()
        for name, holds in open_now.items()
    }
    for table in (Token, Timer, Subscription):
        found[table.__tablename__] = connection.execute(select(func.count()).select_from(table)).scalar_one()
    return found


def check_arrivals(database: Database, arrived: Sequence[Arrival], *, repeats_at_most: int) -> int:
    """Hold what arrived outside to what the history says was done; how many effects came again.

    Each effect arrives, under one key, which is its job's; only a death between effect and record lets one
    come again.
    """
    query = select(Instance.reference, Job.element, Job.idempotency_key).join(
        Instance, Instance.id == Job.instance_id
    )
    with database.read() as connection:
        keys = {(reference, element): key for reference, element, key in connection.execute(query)}
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for reference, element, key in arrived:
        seen[reference, element].add(key.strip("<>").partition("@")[0])
    assert seen == {each: {key} for each, key in keys.items()}
    again = len(arrived) - len(seen)
    assert again <= repeats_at_most, Counter(arrived).most_common(again)
    return again
