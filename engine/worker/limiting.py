"""Runs a handler in a thread of its own, so that one that hangs does not hold up everything else."""

import contextvars
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Generic, TypeVar

from engine.worker.handlers import HandlerError

MOST_HANGING = 8
"""How many abandoned threads a worker bears before it takes no more jobs."""

T = TypeVar("T")


class TookTooLongError(HandlerError):
    """A handler did not end in its time. What it does later is not recorded."""

    def __init__(self, limit: timedelta) -> None:
        super().__init__(
            f"The handler did not end within {limit.total_seconds():g} seconds. See what it waits for; "
            "give the task a longer header 'timeLimit' if the work is really that long."
        )


class _Call(threading.Thread, Generic[T]):
    """One call; a daemon, because a thread that hangs must not keep the process from ending."""

    def __init__(self, act: Callable[[], T]) -> None:
        super().__init__(name="job", daemon=True)
        self._act, self._context = act, contextvars.copy_context()
        self.result: T
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self._context.run(self._act)
        except BaseException as error:  # it is told in the worker's own thread, whatever it is
            self.error = error


class Limiter:
    """Calls with a time limit, and counts those that were given up and still run."""

    def __init__(self) -> None:
        self._hanging: list[threading.Thread] = []

    @property
    def is_full(self) -> bool:
        """Whether so many calls hang that no new one should begin."""
        self._hanging = [thread for thread in self._hanging if thread.is_alive()]
        return len(self._hanging) >= MOST_HANGING

    def call(self, act: Callable[[], T], limit: timedelta) -> T:
        """What `act` gives. Raises what it raises, and `TookTooLongError`."""
        call = _Call(act)
        call.start()
        call.join(limit.total_seconds())
        if call.is_alive():
            self._hanging.append(call)
            raise TookTooLongError(limit)
        if isinstance(call.error, Exception):
            raise call.error
        if call.error is not None:
            raise HandlerError(f"The handler tried to end the worker: {call.error!r}.") from call.error
        return call.result
