"""Webhooks: JSON posted with its key to the listed hosts, and to no other, however the address is dressed."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from peers import dripping

from engine import feel
from engine.runtime.jobs import Leased
from engine.worker.handlers import HandlerError, RejectedError, Tools
from engine.worker.handlers.time_limit import limit_of
from engine.worker.handlers.webhook import call_webhook
from engine.worker.limiting import Limiter


class Peer(ThreadingHTTPServer):
    """Keeps what it is sent; answers what it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.calls: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: tuple[int, dict[str, str], bytes] = (200, {}, b"{}")

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Answering(BaseHTTPRequestHandler):
    server: Peer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((self.path, dict(self.headers), body))
        status, headers, answer = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def peer() -> Iterator[Peer]:
    with Peer() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def posting(tools: Tools, peer: Peer) -> Tools:
    return replace(tools, webhook_hosts=frozenset({f"http://{peer.host}", "hooks.example"}))


def job(**headers: str) -> Leased:
    variables = {"grade": "good", "day": feel.evaluate('date("2026-12-03")', {}), "secret": "kept"}
    return Leased(
        id=1, instance_id=1, token_id=2, element="Tell", type="webhook", headers=headers, attempts=1,
        retries=3, idempotency_key="1-2", reference="SCH-2026-00001", deployment_id=1, variables=variables,
        environment=feel.Environment(at=None),
    )  # fmt: skip


def test_a_webhook_posts_the_named_variables_with_its_key(peer: Peer, posting: Tools) -> None:
    peer.answer = (201, {}, b'{"number": 7.50}')
    outcome = call_webhook(
        job(url=f"http://{peer.host}/in?x=1", variables="grade, day", resultVariable="receipt"), posting
    )
    ((path, headers, body),) = peer.calls
    assert (path, headers["Idempotency-Key"]) == ("/in?x=1", "1-2")
    assert json.loads(body) == {
        "case": "SCH-2026-00001", "element": "Tell", "job": "1-2",
        "variables": {"grade": "good", "day": "2026-12-03"},
    }  # fmt: skip
    assert feel.to_json(outcome.result["receipt"]) == {"number": feel.evaluate("7.50", {})}


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest",
        "http://localhost/",
        "https://hooks.example.attacker.example/",
        "http://hooks.example/",
        "https://hooks.example:8443/",
        "https://hooks.example@attacker.example/",
        "https://user:password@hooks.example/",
        "file:///etc/passwd",
        "//hooks.example/",
        "https://hooks.example:port/",
    ],
)
def test_a_webhook_reaches_no_host_that_is_not_listed(address: str, posting: Tools) -> None:
    with pytest.raises(HandlerError):
        call_webhook(job(url=address), posting)


def test_a_redirection_is_not_followed(peer: Peer, posting: Tools) -> None:
    peer.answer = (307, {"Location": f"http://{peer.host}/elsewhere"}, b"")
    with pytest.raises(HandlerError, match="answered 307"):
        call_webhook(job(url=f"http://{peer.host}/in"), posting)
    assert len(peer.calls) == 1


@pytest.mark.parametrize(
    ("status", "is_final"), [(404, True), (422, True), (401, False), (403, False), (409, False), (429, False)]
)
def test_only_a_refusal_for_good_is_a_bpmn_error(
    status: int, is_final: bool, peer: Peer, posting: Tools
) -> None:
    peer.answer = (status, {}, b"")
    with pytest.raises(HandlerError, match=f"answered {status}") as raised:
        call_webhook(job(url=f"http://{peer.host}/in"), posting)
    assert isinstance(raised.value, RejectedError) is is_final


def test_a_failure_and_an_answer_that_is_no_json_are_tried_again(peer: Peer, posting: Tools) -> None:
    address = f"http://{peer.host}/in"
    peer.answer = (503, {}, b"")
    with pytest.raises(HandlerError, match="answered 503"):
        call_webhook(job(url=address), posting)
    peer.answer = (200, {}, b"<html>")
    with pytest.raises(HandlerError, match="no JSON"):
        call_webhook(job(url=address, resultVariable="x"), posting)
    with pytest.raises(HandlerError, match="'url' is missing"):
        call_webhook(job(), posting)


# --- peers that take their time -------------------------------------------------------------------------


@contextmanager
def slow_peer(first: bytes, again: bytes) -> Iterator[str]:
    """A server that reads a request, answers `first`, and then says `again` ten times a second."""

    def answer(caller: socket.socket) -> None:
        caller.recv(65536)
        caller.sendall(first)

    with dripping(answer, again) as port:
        yield f"127.0.0.1:{port}"


LONG_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"


@pytest.mark.parametrize(
    ("scheme", "first", "again"),
    [
        ("http", LONG_ANSWER, b"x"),
        ("http", b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        ("http", b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        ("http", b"HTTP/1.1 200 OK\r\n", b"X"),
        ("https", b"\x16\x03\x03\x20\x00", b"x"),
    ],
    ids=["an answer that drips", "one without an end", "endless Continue", "a dripping header", "slow TLS"],
)
def test_a_call_ends_in_its_time_however_often_a_peer_says_a_little(
    posting: Tools, scheme: str, first: bytes, again: bytes
) -> None:
    with slow_peer(first, again) as host:
        named = host if scheme == "https" else f"http://{host}"
        began = time.monotonic()
        with pytest.raises(HandlerError, match=r"did not end its answer within 0\.9 seconds"):
            call_webhook(
                job(url=f"{scheme}://{host}/", timeLimit="PT1S", resultVariable="x"),
                replace(posting, webhook_hosts=frozenset({named})),
            )
        assert time.monotonic() - began < 2


def test_an_answer_that_is_too_large_is_not_read_to_its_end(posting: Tools) -> None:
    endless = LONG_ANSWER.replace(b"100000", b"9999999999") + b"x" * (257 * 1024)
    with slow_peer(endless, b"x") as host, pytest.raises(HandlerError, match="larger than 256 KiB"):
        call_webhook(
            job(url=f"http://{host}/"), replace(posting, webhook_hosts=frozenset({f"http://{host}"}))
        )


def test_a_call_over_tls_reaches_whom_the_certificate_names(
    posting: Tools, peer: Peer, certificate: ssl.SSLContext
) -> None:
    peer.socket = certificate.wrap_socket(peer.socket, server_side=True)
    tools = replace(posting, webhook_hosts=frozenset({peer.host}))
    call_webhook(job(url=f"https://{peer.host}/in"), tools)
    ((path, headers, _),) = peer.calls
    assert (path, headers["Host"]) == ("/in", peer.host)


def test_slow_peers_leave_no_thread_behind(posting: Tools) -> None:
    before = threading.active_count()
    with slow_peer(LONG_ANSWER, b"x") as host:
        tools = replace(posting, webhook_hosts=frozenset({f"http://{host}"}))
        slow = job(url=f"http://{host}/", timeLimit="PT1S")
        with pytest.raises(HandlerError, match="did not end its answer"):
            Limiter().call(lambda: call_webhook(slow, tools), limit_of(slow))
    assert threading.active_count() == before
