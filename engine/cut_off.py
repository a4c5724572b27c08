"""Ends a connection whose peer takes longer than it may."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class CutOffError(Exception):
    """A connection was ended because its time was over."""


@contextmanager
def cut_off_after(seconds: float, connected: socket.socket) -> Iterator[None]:
    """End a connection when its time is over, however often its peer says a little.

    A socket's own time-out begins again with every byte that comes. Raises `CutOffError`, also where what
    came until then looks whole.
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
        if over.is_set():
            raise CutOffError
