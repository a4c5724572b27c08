"""Gives every request an id and logs it with what it cost."""

import logging
import re
import secrets
import time

from flask import Flask, g, request
from flask.wrappers import Response

from web import logs

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")

log = logging.getLogger(logs.REQUESTS)


def install(app: Flask) -> None:
    """Gives every request an id (the proxy's, where it sends one), and logs each with what it cost."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    logs.request_id.set(given if _GIVEN.fullmatch(given) else secrets.token_hex(8))
    logs.case.set(str((request.view_args or {}).get("reference", "")))
    g.log_began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers[HEADER] = logs.request_id.get()
    took = time.perf_counter() - g.get("log_began", time.perf_counter())
    known = {"case": g.get("case_reference") or logs.case.get()}
    log.info(
        "%s %s %s",
        request.method,
        request.url_rule.rule if request.url_rule is not None else "(no route)",
        response.status_code,
        extra={"milliseconds": round(took * 1000, 1), "status": response.status_code, **known},
    )
    return response
