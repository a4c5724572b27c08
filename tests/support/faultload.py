"""A program that works on every open case as fast as it can, to be killed at any moment.

Starts a case, then completes whatever task is open and does whatever job is due, round after round.
"""

import itertools
import random
import time
from pathlib import Path

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
from engine.worker.mail import FolderMail

IVY = Actor("ivy", (Role("manager", team="Team 1"),))


def tools_for(url: str, mail: Path) -> Tools:
    """What a worker needs, on the test's database."""
    return Tools(
        database=Database(url, pool_size=2),
        library=Library(),
        mail=FolderMail(mail),
        sender="inspections@example.org",
        address="http://127.0.0.1",
        secret_key="only for tests, long enough to be taken",
    )


def work_off(tools: Tools, clock: Clock = now, *, share: float = 1.0) -> int:
    """Complete a share of the open tasks once and do what is due; how many tasks were open."""
    found = complete_open(tools, clock, share=share)
    Worker(tools, clock).settle(clock())
    return found


def complete_open(tools: Tools, clock: Clock = now, *, share: float = 1.0) -> int:
    """Complete a share of the open tasks once; how many were open."""
    with tools.database.read() as connection:
        open_now = select(UserTask.id).where(UserTask.state.in_([UserTaskState.OPEN, UserTaskState.CLAIMED]))
        found = list(connection.execute(open_now).scalars())
    for task_id in (each for each in found if random.random() < share):
        try:
            with tools.database.begin() as connection:
                values = {"visited_on": feel.Date.of(london_date(clock()))}
                user_tasks.complete(
                    connection, tools.library, task_id=task_id, values=values, by=IVY, at=clock()
                )
        except RefusedCommandError:
            continue
    return len(found)


def start_case(tools: Tools, clock: Clock = now) -> None:
    """Start one more case."""
    with tools.database.begin() as connection:
        cases.start(
            connection,
            tools.library,
            process_id="skeleton",
            service_urn="SC000001",
            variables={"lead": "ivy"},
            team="Team 1",
            by="planner",
            at=clock(),
        )


def work_for_ever(url: str, mail: str) -> None:
    """Start cases and work on them until somebody ends this process."""
    ours = tools_for(url, Path(mail))
    for _ in itertools.count():
        start_case(ours)
        work_off(ours, share=0.3)  # the rest is for the people at their browsers
        time.sleep(0.05)
