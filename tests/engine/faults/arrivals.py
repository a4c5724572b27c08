"""Where outside effects arrive: a mail and a web server of the test's own, which log whatever comes."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from aiosmtpd.smtp import Envelope, Session
from peers import mail_server

REFERENCE = re.compile(r"\(([^()]+)\)$")
LETTER = "Send_Report"
"""The one element of the skeleton that sends e-mail."""


class Arrival(NamedTuple):
    """One effect as the other side saw it: for which case and element, under which key."""

    reference: str
    element: str
    key: str


class Log:
    """All arrivals, in order; `mail` and `hook` are the addresses at which they arrive."""

    def __init__(self, mail: str, hook: str) -> None:
        self.mail, self.hook = mail, hook
        self.arrived: list[Arrival] = []  # appending is one step for all threads


class _Mailbox:
    def __init__(self) -> None:
        self.log: Log

    async def handle_DATA(  # noqa: N802 - the name is the server library's
        self, server: object, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content)
        reference = REFERENCE.search(str(message["Subject"]))
        assert reference is not None
        self.log.arrived.append(Arrival(reference[1], LETTER, str(message["Message-ID"])))
        return "250 OK"


class _Hook(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.log: Log

    def handle_error(self, request: object, client_address: object) -> None:
        """Callers are killed in the middle of what they say."""


class _Answering(BaseHTTPRequestHandler):
    server: _Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told = json.loads(body)
        self.server.log.arrived.append(
            Arrival(told["case"], told["element"], self.headers["Idempotency-Key"])
        )
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""


@contextmanager
def counted() -> Iterator[Log]:
    """Both servers, and what arrived at them."""
    mailbox, hook = _Mailbox(), _Hook()
    with mail_server(mailbox) as port, hook:
        log = Log(f"smtp://127.0.0.1:{port}", f"http://127.0.0.1:{hook.server_address[1]}")
        mailbox.log = hook.log = log
        thread = threading.Thread(target=hook.serve_forever)
        thread.start()
        try:
            yield log
        finally:
            hook.shutdown()
            thread.join()
