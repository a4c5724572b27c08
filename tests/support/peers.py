"""Other machines, as real servers on this one."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


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
