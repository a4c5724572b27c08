"""Starts a server again that ended by itself, such as one the system killed for want of memory."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.postgres.server import Server

_LOOK_SECONDS = 1.0
_LONGEST_SECONDS = 60.0
"""The longest wait before another try, where the server does not start; the first is a second."""


@contextmanager
def kept(server: Server, *, log: Callable[[str], None]) -> Iterator[None]:
    """Start `server` again whenever it ends before the block does; `log` is told so, and what prevents it."""
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(server, over, log), name="keeper")
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _keep(server: Server, over: threading.Event, log: Callable[[str], None]) -> None:
    pause = _LOOK_SECONDS
    while not over.wait(pause):
        try:
            if not server.is_alive and server.revive(unless=over.is_set):
                log("PostgreSQL had ended by itself; it has been started again.")
            pause = _LOOK_SECONDS
        except Exception as error:  # the keeper is an edge: whatever it is, such as no memory, may pass
            pause = min(2 * pause, _LONGEST_SECONDS)
            log(
                f"PostgreSQL could not be looked after; the next try is in {pause:.0f} s. "
                f"{type(error).__name__}: {error}"
            )
