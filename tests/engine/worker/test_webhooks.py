"""Webhooks: JSON posted with its key to the listed hosts, and to no other, however the address is dressed."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from engine import feel
from engine.runtime.jobs import Leased
from engine.worker.handlers import HandlerError, Tools
from engine.worker.handlers.webhook import call_webhook


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


def test_a_refusal_and_an_answer_that_is_no_json_are_failures_to_try_again(
    peer: Peer, posting: Tools
) -> None:
    address = f"http://{peer.host}/in"
    peer.answer = (503, {}, b"")
    with pytest.raises(HandlerError, match="answered 503"):
        call_webhook(job(url=address), posting)
    peer.answer = (200, {}, b"<html>")
    with pytest.raises(HandlerError, match="no JSON"):
        call_webhook(job(url=address, resultVariable="x"), posting)
    with pytest.raises(HandlerError, match="'url' is missing"):
        call_webhook(job(), posting)
