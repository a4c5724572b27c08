"""One loop for everything that is due: cases behind the calendar, timers, messages, jobs."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import psycopg
from sqlalchemy.exc import OperationalError

from engine.clock import Clock
from engine.runtime import jobs, messages, migration, recounting, timers
from engine.runtime.errors import CaseBusyError
from engine.worker.handlers import HANDLERS, Handler, HandlerError, Outcome, Tools, checked
from engine.worker.handlers.time_limit import limit_of
from engine.worker.limiting import Limiter

LEASE = timedelta(minutes=5)
PAUSE = 0.5
"""Seconds between two looks when nothing was due."""

LOOK = 5.0
"""Seconds of doing jobs before timers and messages have their turn again."""

PATIENCE = 6
"""How often a worker waits for a busy case before it leaves a job that is done to be done once more."""

REST = timedelta(minutes=1)
TIDY = timedelta(hours=1)
"""How often what is kept for undoing is looked through."""

AWAY = (OperationalError, psycopg.OperationalError)
"""What the driver says when the database is away; everything else is the fault of one case."""

Observer = Callable[[str, float, bool], None]
"""Is told of each thing done: its kind (recount, timer, message or a job's type), seconds, success."""

log = logging.getLogger(__name__)


def unobserved(kind: str, seconds: float, well: bool) -> None:
    """Nobody counts."""


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
        self,
        tools: Tools,
        clock: Clock,
        *,
        handlers: Mapping[str, Handler] = HANDLERS,
        name: str = "",
        observe: Observer = unobserved,
    ) -> None:
        """`name` tells workers apart; by default the machine and process say it."""
        self._tools, self._clock, self._handlers = tools, clock, handlers
        self._observe, self._limiter = observe, Limiter()
        self._resting: dict[int, datetime] = {}
        self._tidied: datetime | None = None
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
        self._tidy(at)
        return WorkDone(self._recount(at), self._timers(at), self._messages(at), self._jobs(at))

    def settle(self, at: datetime, *, rounds: int = 1000) -> None:
        """Look until nothing is due any more at `at`; for demos and tests, which own the clock."""
        for _ in range(rounds):
            if not self.work(at).any:
                return
        raise RuntimeError(f"Still busy after {rounds} rounds: a process goes round in circles.")

    def _tidy(self, at: datetime) -> None:
        if self._tidied is None or abs(at - self._tidied) >= TIDY:  # a clock may be put back
            with self._tools.database.begin() as connection:
                migration.forget(connection, at=at)
            self._tidied = at

    def _recount(self, at: datetime) -> int:
        with self._tools.database.read() as connection:
            behind = recounting.behind(connection)
        return sum(self._safely("recount", case, at, partial(self._follow, case, at)) for case in behind)

    def _follow(self, instance_id: int, at: datetime) -> bool:
        with self._tools.database.begin() as connection:
            return recounting.follow(connection, self._tools.library, instance_id=instance_id, at=at)

    def _timers(self, at: datetime) -> int:
        with self._tools.database.read() as connection:
            due = timers.due(connection, at)
        return sum(
            self._safely("timer", timer.instance_id, at, partial(self._fire, timer, at)) for timer in due
        )

    def _fire(self, timer: timers.Due, at: datetime) -> bool:
        with self._tools.database.begin() as connection:
            return timers.fire(connection, self._tools.library, timer=timer, at=at)

    def _messages(self, at: datetime) -> int:
        with self._tools.database.read() as connection:
            waiting = messages.waiting(connection, at)
        return sum(
            self._safely("message", -message.id, at, partial(self._deliver, message, at))
            for message in waiting
        )

    def _deliver(self, message: messages.Waiting, at: datetime) -> bool:
        with self._tools.database.begin() as connection:
            return messages.deliver(connection, self._tools.library, message=message, at=at)

    def _safely(self, kind: str, key: int | None, at: datetime, act: Callable[[], bool]) -> bool:
        """Do one thing; a fault in one case rests that case for a while and never stops the others."""
        if key is not None and at < self._resting.get(key, at) <= at + REST:
            return False  # one that rests longer was sent to rest by a clock that was put back since
        began = time.perf_counter()
        try:
            done = act()
        except AWAY:
            raise
        except Exception:  # the worker is an edge
            log.exception("%s %s cannot be moved; looking again in %s", kind, key, REST)
            if key is not None:
                self._resting[key] = at + REST
            self._observe(kind, time.perf_counter() - began, False)
            return False
        if key is not None:
            self._resting.pop(key, None)
        if done:
            self._observe(kind, time.perf_counter() - began, True)
        return done

    # --- jobs -----------------------------------------------------------------------------------

    def _jobs(self, at: datetime) -> int:
        """Do jobs for a while, not for longer: leases count from `at`, and timers wait meanwhile."""
        done, began = 0, time.perf_counter()
        while time.perf_counter() - began < LOOK and not self._limiter.is_full:
            with self._tools.database.begin() as connection:
                held = jobs.lease(connection, worker=self.name, at=at, lasting=LEASE)
            if held is None:
                return done
            self._safely(held.type, None, at, partial(self._do, held, at))
            done += 1
        return done

    def _do(self, job: jobs.Held, at: datetime) -> bool:
        try:
            if job.is_spent:
                raise HandlerError(
                    f"{job.retries} workers stopped while they did this job. See why, then retry."
                )
            outcome = self._outcome(job, at)
        except AWAY:
            raise
        except HandlerError as error:
            return self._failed(job, str(error), at)
        except Exception as error:  # the worker is an edge: one bad job must not stop the others
            log.exception("job %s failed", job.type, extra={"case": job.reference})
            return self._failed(job, f"{type(error).__name__}: {error}", at)
        return self._record(job, outcome, at)

    def _outcome(self, job: jobs.Held, at: datetime) -> Outcome:
        handler = self._handlers.get(job.type)
        if handler is None:
            raise HandlerError(
                f"No handler does jobs of type '{job.type}'. Correct the task's type or add a handler."
            )
        with self._tools.database.read() as connection:
            leased = jobs.read(connection, self._tools.library, job=job, at=at)
        given = self._limiter.call(partial(handler, leased, self._tools), limit_of(leased))
        return checked(given)

    def _record(self, job: jobs.Held, outcome: Outcome, at: datetime) -> bool:
        """Record what is done. The effect is out in the world, so a busy case is waited for."""
        for attempt in range(PATIENCE):
            try:
                with self._tools.database.begin() as connection:
                    recorded = jobs.finish(
                        connection,
                        self._tools.library,
                        job=job,
                        worker=self.name,
                        result=outcome.result,
                        at=at,
                    )
                    if recorded and outcome.record is not None:
                        outcome.record(connection)
                return recorded
            except CaseBusyError:
                log.warning(
                    "job %s is done, its case is busy (%s)",
                    job.type,
                    attempt + 1,
                    extra={"case": job.reference},
                )
        return False

    def _failed(self, job: jobs.Held, why: str, at: datetime) -> bool:
        log.warning("job %s: %s", job.type, why, extra={"case": job.reference})
        with self._tools.database.begin() as connection:
            jobs.fail(connection, job=job, worker=self.name, why=why, at=at)
        return False
