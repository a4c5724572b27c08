"""Does jobs: takes one, calls its handler, records what became of it."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from engine.clock import Clock
from engine.runtime import jobs
from engine.runtime.errors import CaseBusyError
from engine.worker import faults
from engine.worker.handlers import Handler, HandlerError, Outcome, RejectedError, Tools, checked
from engine.worker.handlers.time_limit import LONGEST, limit_of
from engine.worker.limiting import Limiter, TookTooLongError

LEASE = timedelta(minutes=5)
BATCH = 1.0
"""Seconds of doing jobs before timers and messages have their turn again; a job once begun is ended."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds between two tries to record what became of a job."""

OTHER = "other"
"""What a job is counted as when its type has no handler: types may come from the data of cases."""

Observer = Callable[[str, float, bool], None]
"""Is told of each thing done: its kind (recount, timer, message or a job's type), seconds, success."""

log = logging.getLogger(__name__)


class StuckError(Exception):
    """So many handlers hang, for so long, that this process will do no job any more."""

    def __init__(self, hanging: int) -> None:
        super().__init__(
            f"{hanging} handlers hang and do not end; this process does no jobs any more and has to be "
            "started anew. See in the log which jobs took too long, and what they wait for."
        )


class Doing:
    """Does the jobs of one worker, one after another."""

    def __init__(
        self,
        tools: Tools,
        name: str,
        *,
        handlers: Mapping[str, Handler],
        outside: Collection[str],
        observe: Observer,
    ) -> None:
        """Jobs of the types `outside` are left to workers of others; of any other type without a handler they
        fail, so that a type that nobody does is seen."""
        self._tools, self._name, self._handlers = tools, name, handlers
        self._outside = outside
        self._observe, self._limiter = observe, Limiter()
        self._full_since: float | None = None
        self.stop = threading.Event()

    @property
    def hanging(self) -> int:
        """How many handlers were given up and still run."""
        return self._limiter.hanging

    def do_due(self, now: Clock) -> int:
        """Do jobs for a while: how many. Raises `StuckError`."""
        done, ends = 0, time.monotonic() + BATCH
        while time.monotonic() < ends and not self.stop.is_set() and not self._is_full():
            with self._tools.database.begin() as connection:
                held = jobs.lease(
                    connection, worker=self._name, at=now(), lasting=LEASE, others=self._outside
                )
            if held is None:
                break
            self._do(held, now)
            done += 1
        return done

    def _is_full(self) -> bool:
        if not self._limiter.is_full:
            self._full_since = None
        elif self._full_since is None:
            self._full_since = time.monotonic()
            log.error("%s handlers hang; no job is begun until one of them ends", self._limiter.hanging)
        elif time.monotonic() - self._full_since > LONGEST.total_seconds():
            raise StuckError(self._limiter.hanging)
        return self._full_since is not None

    def _do(self, job: jobs.Held, now: Clock) -> None:
        began, well = time.perf_counter(), False
        try:
            well = self._attempt(job, now)
        except Exception as error:  # the worker is an edge: one bad job must not stop the others
            if faults.is_away(error):
                raise
            log.exception("job %s: what became of it was not recorded", job.type, extra=_about(job))
        kind = job.type if job.type in self._handlers else OTHER
        self._observe(kind, time.perf_counter() - began, well)

    def _attempt(self, job: jobs.Held, now: Clock) -> bool:
        taken = now()
        try:
            if job.is_spent:
                raise HandlerError(
                    f"{job.retries} workers stopped while they did this job. See why, then retry."
                )
            outcome = self._outcome(job, now)
        except RejectedError as error:
            return self._rejected(job, error, now)
        except TookTooLongError as error:  # it may still be at work as long as its lease lasts
            return self._failed(job, str(error), now, not_before=taken + LEASE)
        except HandlerError as error:
            return self._failed(job, str(error), now)
        except Exception as error:  # whatever a handler raises
            if faults.is_away(error):
                raise
            log.exception("job %s failed", job.type, extra=_about(job))
            return self._failed(job, faults.told(error), now)
        return self._done(job, outcome, now)

    def _outcome(self, job: jobs.Held, now: Clock) -> Outcome:
        handler = self._handlers.get(job.type)
        if handler is None:
            raise HandlerError(
                f"No handler does jobs of type '{job.type}'. Correct the task's type or add a handler."
            )
        with self._tools.database.read() as connection:
            leased = jobs.read(connection, self._tools.library, job=job, at=now())
        given = self._limiter.call(partial(handler, leased, self._tools), limit_of(leased))
        return checked(given)

    # --- recording ------------------------------------------------------------------------------

    def _done(self, job: jobs.Held, outcome: Outcome, now: Clock) -> bool:
        """Record a job as done; where it cannot be, it is an incident: once more would repeat its effect."""

        def finish(connection: Connection) -> bool:
            recorded = jobs.finish(
                connection,
                self._tools.library,
                job=job,
                worker=self._name,
                result=outcome.result,
                at=now(),
            )
            if recorded and outcome.record is not None:
                outcome.record(connection)
            return recorded

        try:
            return self._recorded(job, finish, now)
        except Exception as error:  # whatever it is, the effect is out in the world
            return self._unrecorded(job, "The work was done", error, now)

    def _rejected(self, job: jobs.Held, error: RejectedError, now: Clock) -> bool:
        """Let the case go the way that its model foresees, or tell people."""
        log.warning("job %s is rejected: %s", job.type, error, extra=_about(job))

        def reject(connection: Connection) -> bool:
            jobs.reject(
                connection,
                self._tools.library,
                job=job,
                worker=self._name,
                code=error.code,
                said=faults.storable(error.said),
                remedy=error.remedy,
                at=now(),
            )
            return False

        try:
            return self._recorded(job, reject, now)
        except Exception as other:  # what does not pass would be met at every try
            if _is_waited_for(other):
                raise  # it may be had again, since nothing was done
            return self._unrecorded(job, f"The work was rejected ({error.said})", other, now)

    def _unrecorded(self, job: jobs.Held, what: str, error: Exception, now: Clock) -> bool:
        """Whatever is wrong with an outcome, or with what follows in the case, is an incident."""
        log.error("job %s: its outcome cannot be recorded", job.type, extra=_about(job), exc_info=error)
        why = (
            f"{what}, but its outcome cannot be recorded. {faults.told(error)} "
            "A retry does the work once more."
        )
        return self._failed(job, why, now, is_final=True)

    def _failed(
        self,
        job: jobs.Held,
        why: str,
        now: Clock,
        *,
        not_before: datetime | None = None,
        is_final: bool = False,
    ) -> bool:
        why = faults.storable(why)
        log.warning("job %s: %s", job.type, why, extra=_about(job))

        def fail(connection: Connection) -> bool:
            return jobs.fail(
                connection,
                job=job,
                worker=self._name,
                why=why,
                at=now(),
                not_before=not_before,
                is_final=is_final,
            )

        self._recorded(job, fail, now)
        return False

    def _recorded(self, job: jobs.Held, act: Callable[[Connection], bool], now: Clock) -> bool:
        """Write what became of a job; False when the lease was lost.

        The effect is out in the world, so what passes is waited for: a busy case, a database that is away.
        Raises what does not pass.
        """
        ends, pause = time.monotonic() + LEASE.total_seconds(), FIRST_PAUSE
        while True:
            try:
                with self._tools.database.begin() as connection:
                    return act(connection)
            except Exception as error:
                if not _is_waited_for(error):
                    raise
                if self.stop.is_set() or time.monotonic() > ends:
                    raise
                log.warning("job %s is recorded later: %s", job.type, faults.told(error), extra=_about(job))
            self.stop.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            self._renew(job, now)

    def _renew(self, job: jobs.Held, now: Clock) -> None:
        """Keep the job from others meanwhile."""
        try:
            with self._tools.database.begin() as connection:
                jobs.renew(connection, job=job, worker=self._name, at=now(), lasting=LEASE)
        except Exception as error:
            if not faults.passes(error):
                raise
            log.info("the lease is not renewed: %s", faults.told(error), extra=_about(job))


def _is_waited_for(error: Exception) -> bool:
    return isinstance(error, CaseBusyError) or faults.passes(error)


def _about(job: jobs.Held) -> dict[str, str]:
    return {"case": job.reference}
