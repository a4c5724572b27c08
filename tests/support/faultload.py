"""A program that works on every open case as fast as it can, to be killed at any moment.

Starts cases, then completes whatever task is open and does whatever is due, round after round.
"""

import itertools
import random
import secrets
import time

from sqlalchemy import select

from engine import feel
from engine.clock import Clock, london_date, now
from engine.db import Database
from engine.db.tables import UserTask, UserTaskState
from engine.runtime import cases, user_tasks
from engine.runtime.errors import RefusedCommandError
from engine.runtime.library import Library
from engine.runtime.user_tasks import Actor, Role
from engine.worker import Worker
from engine.worker.handlers import Tools
from engine.worker.mail import mail_for

ROLES = (Role("manager", team="Team 1"),)
SENDER = "inspections@example.org"


def tools_for(url: str, mail: str, hook: str = "") -> Tools:
    """What a worker needs, on the test's database; `hook` is the address that webhooks may reach."""
    return Tools(
        database=Database(url, pool_size=2),
        library=Library(),
        mail=mail_for(mail),
        sender=SENDER,
        address="http://127.0.0.1",
        secret_key="only for tests, long enough to be taken",
        webhook_hosts=frozenset({hook}),
    )


def work_off(tools: Tools, clock: Clock = now, *, share: float = 1.0) -> int:
    """Complete a share of the open tasks once and do what is due; how many tasks are open then."""
    complete_open(tools, clock, share=share)
    Worker(tools, clock).settle(clock())
    return len(_open_tasks(tools))


def complete_open(tools: Tools, clock: Clock = now, *, share: float = 1.0) -> int:
    """Complete a share of the open tasks once, each as the one who has claimed it; how many were open."""
    found = _open_tasks(tools)
    for task_id, assignee in (each for each in found if random.random() < share):
        try:
            with tools.database.begin() as connection:
                values = {"visited_on": feel.Date.of(london_date(clock()))}
                by = Actor(assignee or "ivy", ROLES)
                user_tasks.complete(
                    connection, tools.library, task_id=task_id, values=values, by=by, at=clock()
                )
        except RefusedCommandError:
            continue
    return len(found)


def _open_tasks(tools: Tools) -> list[tuple[int, str | None]]:
    """Every open task, and who has claimed it."""
    query = select(UserTask.id, UserTask.assignee).where(
        UserTask.state.in_([UserTaskState.OPEN, UserTaskState.CLAIMED])
    )
    with tools.database.read() as connection:
        return [(task, assignee) for task, assignee in connection.execute(query)]


def start_case(tools: Tools, clock: Clock = now) -> None:
    """Start one more case of the skeleton."""
    _start(tools, clock, {"skeleton": {"lead": "ivy"}})


def start_relay(tools: Tools, hook: str, clock: Clock = now) -> None:
    """Start two cases that go on by themselves: one waits for the message of the other."""
    given: dict[str, feel.Value] = {"baton": secrets.token_hex(8), "hook": f"{hook}/told"}
    _start(tools, clock, {"relay_sender": given, "relay_receiver": given})


def _start(tools: Tools, clock: Clock, wanted: dict[str, dict[str, feel.Value]]) -> None:
    """Start a case of each process, all or none."""
    with tools.database.begin() as connection:
        for process_id, variables in wanted.items():
            cases.start(
                connection,
                tools.library,
                process_id=process_id,
                service_urn="SC000001",
                variables=variables,
                team="Team 1",
                by="planner",
                at=clock(),
            )


def work_for_ever(url: str, mail: str, hook: str) -> None:
    """Start cases and work on them until somebody ends this process."""
    ours = tools_for(url, mail, hook)
    for _ in itertools.count():
        start_case(ours)
        start_relay(ours, hook)
        work_off(ours, share=0.3)  # the rest is for the people at their browsers
        time.sleep(0.05)
