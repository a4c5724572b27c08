"""Other machines, as real servers on this one."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


PATIENCE = 5.0
"""How long a slow peer goes on, in seconds: longer than any call of a test may take."""


@contextmanager
def dripping(answer: Callable[[socket.socket], None], then: bytes) -> Iterator[int]:
    """A server that answers one caller and then says `then` ten times a second; its port."""

    def serve() -> None:
        caller, _ = listening.accept()
        with caller:
            answer(caller)
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                try:
                    caller.sendall(then)
                except OSError:
                    return
                time.sleep(0.1)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


@contextmanager
def mail_server(handler: object, **settings: Any) -> Iterator[int]:
    """An SMTP server that asks `handler`; its port."""
    port = free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port, **settings)
    server.start()
    try:
        yield port
    finally:
        server.stop()
