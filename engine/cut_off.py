"""Ends a connection whose peer takes longer than it may."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class CutOffError(Exception):
    """A connection was ended because its time was over."""


class CutOff:
    """The time that a connection has; it may be made only after the time has begun."""

    def __init__(self) -> None:
        self.is_over = False
        self._lock = threading.Lock()
        self._watched: socket.socket | None = None

    def watch(self, fileno: int) -> None:
        """End this connection, whatever runs over it, when the time is over."""
        with self._lock:
            self._watched = socket.socket(fileno=os.dup(fileno))
            if self.is_over:
                self._shut(self._watched)

    def cut(self) -> None:
        """The time is over."""
        with self._lock:
            self.is_over = True
            if self._watched is not None:
                self._shut(self._watched)

    def forget(self) -> None:
        """The connection is not watched any more."""
        if self._watched is not None:
            self._watched.close()

    def _shut(self, watched: socket.socket) -> None:
        try:
            watched.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the peer was faster


@contextmanager
def cut_off_after(seconds: float) -> Iterator[CutOff]:
    """End a connection when its time is over, however often its peer says a little.

    A socket's own time-out begins again with every byte that comes. Raises `CutOffError`, also where what
    came until then looks whole.
    """
    cut_off = CutOff()
    timer = threading.Timer(max(seconds, 0), cut_off.cut)
    timer.daemon = True
    timer.start()
    try:
        yield cut_off
    finally:
        timer.cancel()
        timer.join()
        cut_off.forget()
        if cut_off.is_over:
            raise CutOffError
