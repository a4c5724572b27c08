"""Posts JSON to another system: only to hosts that an administrator has listed, and never onwards."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import closing
from decimal import Decimal
from typing import Any
from urllib.parse import SplitResult, urlsplit

from engine import feel
from engine.cut_off import CutOffError, cut_off_after
from engine.db import json
from engine.dialect import WEBHOOK_REFUSED
from engine.runtime.jobs import Leased
from engine.worker.handlers.base import HandlerError, Outcome, RejectedError, Tools, header
from engine.worker.handlers.time_limit import for_the_peer

SECONDS = 20
"""How long a peer may be silent."""

NOT_FINAL = frozenset({401, 403, 407, 408, 409, 423, 425, 429})
"""The answers 4xx that say "not you", which an administrator mends, or "not now" (RFC 9110, 4918, 8470,
6585)."""

LARGEST_ANSWER = 256 * 1024
_PORTS = {"https": 443, "http": 80}


def call_webhook(job: Leased, tools: Tools) -> Outcome:
    """Headers: `url`, `variables` (names to send), `resultVariable` (takes the JSON answer); the last two may
    be left out.

    The request carries the job's idempotency key, the same at every try. Any answer but 2xx is a failure;
    redirections are not followed. An answer 4xx
    that judges the call is the BPMN error `webhook-refused`. The call ends within
    the job's time limit, however slow the peer is.
    """
    url = _allowed(header(job, "url"), tools.webhook_hosts)
    names = [name.strip() for name in job.headers.get("variables", "").split(",") if name.strip()]
    body = json.encode(
        {
            "case": job.reference,
            "element": job.element,
            "job": job.idempotency_key,
            "variables": {name: _plain(job.variables.get(name)) for name in names},
        }
    )
    headers = {"Content-Type": "application/json", "Idempotency-Key": job.idempotency_key}
    answer = _post(url, body, headers, within=for_the_peer(job))
    wanted = job.headers.get("resultVariable")
    return Outcome(result={wanted: _value(answer)} if wanted else {})


def _allowed(address: str, hosts: frozenset[str]) -> SplitResult:
    """The address, if it is on the list. Raises `HandlerError`."""
    url = urlsplit(address)
    try:
        port = url.port or _PORTS.get(url.scheme)
    except ValueError as error:
        raise HandlerError(f"The address '{address}' cannot be read: {error}.") from error
    named = f"{url.hostname}:{port}"
    unencrypted = "http://" if url.scheme == "http" else ""
    short = {f"{unencrypted}{url.hostname}"} if port == _PORTS.get(url.scheme) else set()
    if url.scheme not in _PORTS or not {f"{unencrypted}{named}", *short} & hosts:
        raise HandlerError(
            f"Webhooks may not reach '{url.scheme}://{named}'. An administrator can add the host to "
            "SCCIF_WEBHOOK_HOSTS."
        )
    if url.username is not None or url.password is not None:
        raise HandlerError("The address of a webhook must not hold a name or a password.")
    return url


def _post(url: SplitResult, body: bytes, headers: Mapping[str, str], *, within: float) -> bytes:
    """The answer. Made without the helpers that follow redirections or proxies of the environment."""
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    try:
        with (
            cut_off_after(within) as cut_off,
            closing(_connect(url, min(SECONDS, within))) as connection,
        ):
            cut_off.watch(connection.sock.fileno())
            status, answer = _exchange(connection, target, body, headers)
    except CutOffError as error:
        raise HandlerError(
            f"{url.hostname} did not end its answer within {within:g} seconds. See what it waits for, or "
            "give the task a longer header 'timeLimit'; then retry."
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise HandlerError(f"{url.hostname} did not take the call: {error}. Mend it, then retry.") from error
    if not 200 <= status < 300:
        said, remedy = f"{url.hostname} answered {status}.", "See its own records, then retry."
        if 400 <= status < 500 and status not in NOT_FINAL:
            raise RejectedError(WEBHOOK_REFUSED, said, remedy)
        raise HandlerError(f"{said} {remedy}")
    if len(answer) > LARGEST_ANSWER:
        raise HandlerError(f"The answer of {url.hostname} is larger than {LARGEST_ANSWER // 1024} KiB.")
    return answer


def _connect(url: SplitResult, seconds: float) -> http.client.HTTPConnection:
    """A connection whose socket is open, before any TLS is spoken: that too may take too long."""
    host = url.hostname or ""
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = kind(host, url.port)
    connection.sock = socket.create_connection((connection.host, connection.port), seconds)
    if url.scheme == "https":
        connection.sock = ssl.create_default_context().wrap_socket(
            connection.sock, server_hostname=host, do_handshake_on_connect=False
        )
    return connection


def _exchange(
    connection: http.client.HTTPConnection, target: str, body: bytes, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    """Post and read: the status and the answer, at most one byte longer than it may be."""
    if isinstance(connection.sock, ssl.SSLSocket):
        connection.sock.do_handshake()
    connection.request("POST", target, body, headers)
    response = connection.getresponse()
    return response.status, response.read(LARGEST_ANSWER + 1)


def _plain(value: feel.Value) -> Any:
    """JSON for strangers: dates and durations as their ISO 8601 text."""
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case None | bool() | str() | Decimal():
            return value
        case _:
            return str(value)


def _value(answer: bytes) -> feel.Value:
    try:
        return feel.from_json(json.decode(answer))
    except (ValueError, feel.NotJsonError) as error:
        raise HandlerError(
            f"The answer is no JSON: {error}. Leave out the header 'resultVariable'."
        ) from error
