"""How long a job may take, as its task says; and cutting off a peer that would make it longer."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from engine.dialect.durations import TimeFormatError, parse_duration
from engine.runtime.jobs import Leased
from engine.worker.handlers.base import HandlerError

USUAL = timedelta(minutes=1)
LONGEST = timedelta(minutes=4)
"""A lease must outlast every handler; see `engine.worker.doing.LEASE`."""


def limit_of(job: Leased) -> timedelta:
    """The time a job may take: its header `timeLimit` (PT30S), a minute without. Raises `HandlerError`."""
    text = job.headers.get("timeLimit", "")
    if not text:
        return USUAL
    try:
        found = parse_duration(text).elapsed
    except TimeFormatError as error:
        raise HandlerError(f"The task header 'timeLimit' is wrong: {error}") from error
    if not timedelta(0) < found <= LONGEST:
        minutes = int(LONGEST.total_seconds() // 60)
        raise HandlerError(f"The task header 'timeLimit' must lie between PT1S and PT{minutes}M.")
    return found


class CutOffError(Exception):
    """A connection was ended because its time was over."""


@contextmanager
def cut_off_after(seconds: float, connected: socket.socket) -> Iterator[None]:
    """End a connection when its time is over, however often its peer says a little.

    A socket's own time-out begins again with every byte that comes. Raises `CutOffError`.
    """
    over = threading.Event()

    def cut() -> None:
        over.set()
        try:
            socket.socket.shutdown(connected, socket.SHUT_RDWR)  # of the socket below any TLS
        except OSError:
            return  # the peer was faster

    timer = threading.Timer(max(seconds, 0), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if over.is_set():  # also where what came until then looks whole
            raise CutOffError
