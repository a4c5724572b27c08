"""One loop for everything that is due: cases behind the calendar, timers, messages, jobs."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from engine.clock import Clock
from engine.runtime import messages, migration, recounting, timers
from engine.runtime.errors import CaseBusyError
from engine.worker import faults
from engine.worker.doing import Doing, Observer, StuckError
from engine.worker.handlers import HANDLERS, Handler, Tools
from engine.worker.resting import REST, Resting

PAUSE = 0.5
"""Seconds between two looks when nothing was due."""

LONGEST_PAUSE = 5.0
"""Seconds between two looks while the database is away."""

TURN = 5.0
"""Seconds that timers, or messages, have in one look before the others have their turn."""

TRIES = 3
"""How often something fails before it is an incident."""

PAGE = 100
TIDY = timedelta(hours=1)
"""How often what is kept for undoing is looked through."""

T = TypeVar("T")

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One thing that is due. `stop` makes an incident of it when it fails again and again."""

    kind: str
    key: Hashable
    reference: str = ""  # of its case
    act: Callable[[Connection, datetime], bool]
    stop: Callable[[Connection, str, datetime], bool] | None = None


class Worker:
    """Does what is due; any number of workers may share a database."""

    def __init__(
        self,
        tools: Tools,
        clock: Clock,
        *,
        handlers: Mapping[str, Handler] = HANDLERS,
        outside: Collection[str] = (),
        name: str = "",
        observe: Observer = unobserved,
    ) -> None:
        """`name` tells workers apart; by default the machine and process say it.

        Jobs of the types `outside` are left to workers of others. Of any other type without a handler they
        fail, and become incidents.
        """
        self._tools, self._clock, self._observe = tools, clock, observe
        self._resting = Resting()
        self._tidied: datetime | None = None
        self.name = name or f"{socket.gethostname()}-{os.getpid()}-{threading.get_ident()}"
        self._doing = Doing(tools, self.name, handlers=handlers, outside=outside, observe=observe)

    @property
    def hanging(self) -> int:
        """How many handlers were given up and still run."""
        return self._doing.hanging

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set, whatever happens to a database. Raises `StuckError`."""
        self._doing.stop = stop
        failures = 0
        while not stop.is_set():
            pause = PAUSE
            try:
                if self.work().any:
                    pause = 0.0
                self._tools.library.settle()
                failures = 0
            except StuckError:
                raise
            except Exception as error:  # the worker is an edge
                failures += 1
                pause = min(PAUSE * 2**failures, LONGEST_PAUSE)
                if faults.is_away(error):
                    log.error("the database is away; looking again in %s s: %s", pause, faults.told(error))
                else:
                    log.exception("this look failed; looking again in %s s", pause)
            stop.wait(pause)

    def work(self, at: datetime | None = None) -> WorkDone:
        """One look: everything that is due, by the clock, or at `at` as if the clock stood still."""
        now = self._clock if at is None else lambda: at
        self._tidy(now)
        return WorkDone(self._recount(now), self._timers(now), self._messages(now), self._doing.do_due(now))

    def settle(self, at: datetime, *, rounds: int = 1000) -> None:
        """Look until nothing is due any more at `at`; for demos and tests, which own the clock."""
        for _ in range(rounds):
            if not self.work(at).any:
                return
        raise RuntimeError(f"Still busy after {rounds} rounds: a process goes round in circles.")

    def _tidy(self, now: Clock) -> None:
        at = now()
        self._resting.tidy(at)
        if self._tidied is None or abs(at - self._tidied) >= TIDY:  # a clock may be put back
            self._try(Piece(kind="tidying", key="tidying", act=_forget), now)
            self._tidied = at

    def _recount(self, now: Clock) -> int:
        def page(connection: Connection, last: tuple[int, str] | None) -> list[tuple[int, str]]:
            found = recounting.behind(connection, after=0 if last is None else last[0], limit=PAGE)
            return list(found.items())

        return self._each(page, lambda case: self._follow(*case, now))

    def _follow(self, case: int, reference: str, now: Clock) -> bool:
        def act(connection: Connection, at: datetime) -> bool:
            return recounting.follow(connection, self._tools.library, instance_id=case, at=at)

        def stop(connection: Connection, why: str, at: datetime) -> bool:
            return recounting.stop(connection, instance_id=case, why=why, at=at)

        return self._try(
            Piece(kind="recount", key=("case", case), reference=reference, act=act, stop=stop), now
        )

    def _timers(self, now: Clock) -> int:
        def page(connection: Connection, last: timers.Due | None) -> list[timers.Due]:
            return timers.due(connection, now(), after=None if last is None else last.place, limit=PAGE)

        return self._each(page, lambda timer: self._fire(timer, now))

    def _fire(self, timer: timers.Due, now: Clock) -> bool:
        def act(connection: Connection, at: datetime) -> bool:
            return timers.fire(connection, self._tools.library, timer=timer, at=at)

        def stop(connection: Connection, why: str, at: datetime) -> bool:
            return timers.stop(connection, timer=timer, why=why, at=at)

        key = ("timer", timer.id)
        return self._try(Piece(kind="timer", key=key, reference=timer.reference, act=act, stop=stop), now)

    def _messages(self, now: Clock) -> int:
        def page(connection: Connection, last: messages.Waiting | None) -> list[messages.Waiting]:
            return messages.waiting(connection, now(), after=0 if last is None else last.id, limit=PAGE)

        return self._each(page, lambda message: self._deliver(message, now))

    def _deliver(self, message: messages.Waiting, now: Clock) -> bool:
        """Deliver to all who can have it now, each in its own transaction, then see whether that is all."""
        with self._tools.database.read() as connection:
            found = messages.receivers(connection, message, now())
        done = False
        for receiver in found:
            done |= self._hand(receiver, now)

        def end(connection: Connection, at: datetime) -> bool:
            return messages.end(connection, message=message, at=at)

        return self._try(Piece(kind="message", key=("end", message.id), act=end), now) or done

    def _hand(self, receiver: messages.Receiver, now: Clock) -> bool:
        def act(connection: Connection, at: datetime) -> bool:
            return messages.deliver(connection, self._tools.library, to=receiver, at=at)

        def stop(connection: Connection, why: str, at: datetime) -> bool:
            return messages.stop(connection, receiver=receiver, why=why, at=at)

        piece = Piece(kind="message", key=receiver, reference=receiver.reference, act=act, stop=stop)
        return self._try(piece, now)

    # --- what all have in common -------------------------------------------------------------------

    def _each(self, page: Callable[[Connection, T | None], Sequence[T]], move: Callable[[T], bool]) -> int:
        """Move each of what is due for a while: how many were.

        It is read on page by page, past what rests or is held by another command, which would otherwise hold
        up all that is due behind it.
        """
        done, last, ends = 0, None, time.monotonic() + TURN
        while True:
            with self._tools.database.read() as connection:
                found = page(connection, last)
            for each in found:
                done += move(each)
                if time.monotonic() > ends or self._doing.stop.is_set():
                    return done
            if len(found) < PAGE:
                return done
            last = found[-1]

    def _try(self, piece: Piece, now: Clock) -> bool:
        """Do one thing; what fails rests and stops nothing else. Raises when the database is away."""
        at = now()
        if self._resting.holds(piece.key, at):
            return False
        began = time.perf_counter()
        try:
            with self._tools.database.begin() as connection:
                done = piece.act(connection, at)
        except CaseBusyError:
            log.info("%s: its case is busy", piece.kind, extra={"case": piece.reference})
            self._resting.wait(piece.key, at)
            return False
        except Exception as error:  # the worker is an edge
            if faults.is_away(error):
                raise
            log.exception("%s failed; trying again in %s", piece.kind, REST, extra={"case": piece.reference})
            self._observe(piece.kind, time.perf_counter() - began, False)
            if self._resting.fail(piece.key, at) >= TRIES:
                self._stop(piece, error, at)
            return False
        self._resting.forget(piece.key)
        if done:
            self._observe(piece.kind, time.perf_counter() - began, True)
        return done

    def _stop(self, piece: Piece, error: Exception, at: datetime) -> None:
        """Make an incident of what fails again and again, where there is a case to have it."""
        if piece.stop is None:
            return
        try:
            with self._tools.database.begin() as connection:
                stopped = piece.stop(connection, faults.told(error), at)
        except Exception as again:  # the same fault may forbid this too; it is tried after the next rest
            if faults.is_away(again):
                raise
            log.exception("%s: no incident can be opened", piece.kind, extra={"case": piece.reference})
            return
        if stopped:
            self._resting.forget(piece.key)


def _forget(connection: Connection, at: datetime) -> bool:
    return bool(migration.forget(connection, at=at))
