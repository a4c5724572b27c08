"""One loop for everything that is due: cases behind the calendar, timers, messages, jobs."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import psycopg
from sqlalchemy.exc import OperationalError

from engine.clock import Clock
from engine.runtime import jobs, messages, recounting, timers
from engine.worker.handlers import HANDLERS, Handler, HandlerError, Tools

LEASE = timedelta(minutes=5)
PAUSE = 0.5
"""Seconds between two looks when nothing was due."""

REST = timedelta(minutes=1)
AWAY = (OperationalError, psycopg.OperationalError)
"""What the driver says when the database is away; everything else is the fault of one case."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WorkDone:
    """How much one look did."""

    recounted: int
    timers: int
    messages: int
    jobs: int

    @property
    def any(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.recounted or self.timers or self.messages or self.jobs)


class Worker:
    """Does what is due; any number of workers may share a database."""

    def __init__(
        self, tools: Tools, clock: Clock, *, handlers: Mapping[str, Handler] = HANDLERS, name: str = ""
    ) -> None:
        """`name` tells workers apart; by default the machine and process say it."""
        self._tools, self._clock, self._handlers = tools, clock, handlers
        self._resting: dict[int, datetime] = {}
        self.name = name or f"{socket.gethostname()}-{os.getpid()}-{threading.get_ident()}"

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set. A database that is away is waited for."""
        while not stop.is_set():
            try:
                done = self.work(self._clock())
            except AWAY:
                log.exception("the database is away; trying again")
                done = WorkDone(0, 0, 0, 0)
                stop.wait(PAUSE * 4)
            if not done.any:
                stop.wait(PAUSE)

    def work(self, at: datetime) -> WorkDone:
        """One look: everything that is due at `at`."""
        return WorkDone(self._recount(at), self._timers(at), self._messages(at), self._jobs(at))

    def settle(self, at: datetime, *, rounds: int = 1000) -> None:
        """Look until nothing is due any more at `at`; for demos and tests, which own the clock."""
        for _ in range(rounds):
            if not self.work(at).any:
                return
        raise RuntimeError(f"Still busy after {rounds} rounds: a process goes round in circles.")

    def _recount(self, at: datetime) -> int:
        with self._tools.database.read() as connection:
            behind = recounting.behind(connection)
        return sum(self._safely(case, at, partial(self._follow, case, at)) for case in behind)

    def _follow(self, instance_id: int, at: datetime) -> bool:
        with self._tools.database.begin() as connection:
            return recounting.follow(connection, self._tools.library, instance_id=instance_id, at=at)

    def _timers(self, at: datetime) -> int:
        with self._tools.database.read() as connection:
            due = timers.due(connection, at)
        return sum(self._safely(timer.instance_id, at, partial(self._fire, timer, at)) for timer in due)

    def _fire(self, timer: timers.Due, at: datetime) -> bool:
        with self._tools.database.begin() as connection:
            return timers.fire(connection, self._tools.library, timer=timer, at=at)

    def _messages(self, at: datetime) -> int:
        with self._tools.database.read() as connection:
            waiting = messages.waiting(connection, at)
        return sum(self._safely(-message.id, at, partial(self._deliver, message, at)) for message in waiting)

    def _deliver(self, message: messages.Waiting, at: datetime) -> bool:
        with self._tools.database.begin() as connection:
            return messages.deliver(connection, self._tools.library, message=message, at=at)

    def _safely(self, key: int, at: datetime, act: Callable[[], bool]) -> bool:
        """Do one thing; a fault in one case rests that case for a while and never stops the others."""
        if self._resting.get(key, at) > at:
            return False
        try:
            return act()
        except AWAY:
            raise
        except Exception:  # the worker is an edge
            log.exception("case or message %s cannot be moved; looking again in %s", abs(key), REST)
            self._resting[key] = at + REST
            return False

    def _jobs(self, at: datetime) -> int:
        done = 0
        while True:
            with self._tools.database.begin() as connection:
                job = jobs.lease(connection, self._tools.library, worker=self.name, at=at, lasting=LEASE)
            if job is None:
                return done
            self._do(job, at)
            done += 1

    def _do(self, job: jobs.Leased, at: datetime) -> None:
        try:
            outcome = self._handler(job)(job, self._tools)
            with self._tools.database.begin() as connection:
                recorded = jobs.finish(
                    connection, self._tools.library, job=job, worker=self.name, result=outcome.result, at=at
                )
                if recorded and outcome.record is not None:
                    outcome.record(connection)
        except AWAY:
            raise
        except HandlerError as error:
            self._failed(job, str(error), at)
        except Exception as error:  # the worker is an edge: one bad job must not stop the others
            log.exception("job %s of case %s failed", job.type, job.reference)
            self._failed(job, f"{type(error).__name__}: {error}", at)

    def _handler(self, job: jobs.Leased) -> Handler:
        handler = self._handlers.get(job.type)
        if handler is None:
            raise HandlerError(
                f"No handler does jobs of type '{job.type}'. Correct the task's type or add a handler."
            )
        return handler

    def _failed(self, job: jobs.Leased, why: str, at: datetime) -> None:
        log.warning("job %s of case %s: %s", job.type, job.reference, why)
        with self._tools.database.begin() as connection:
            jobs.fail(connection, job=job, worker=self.name, why=why, at=at)
