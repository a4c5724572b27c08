"""What a load balancer and a monitor ask: is the process alive, can it work, how does the work stand."""

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolSpentError

from engine.cut_off import CutOffError
from engine.db import SchemaMismatchError
from engine.db.migrate import require_current
from engine.queries import health
from engine.runtime import messages
from engine.worker.handlers import HANDLERS
from web import edge, metrics
from web.access import for_anyone

blueprint = Blueprint("health", __name__)

ANSWER_S = 3
"""How long the database may take to answer `/readyz`; a new connection may take five seconds more."""

COUNTED = 10_000
"""Messages that are due are counted up to here."""


@blueprint.get("/healthz")
@for_anyone
def healthz() -> ResponseReturnValue:
    """The process answers; nothing else is asked, so that a database that is away restarts no process."""
    return {"status": "alive"}


@blueprint.get("/readyz")
@for_anyone
def readyz() -> ResponseReturnValue:
    """Whether requests should come here: 503 with the reason when not."""
    why = _why_not_ready()
    return ({"status": "ready"}, 200) if why is None else ({"status": "not ready", "why": why}, 503)


@blueprint.get("/metrics")
@for_anyone
def scraped() -> ResponseReturnValue:
    """For holders of the token; without a token set, for this machine alone."""
    if not _may_scrape():
        abort(404)
    with edge.reading() as connection:
        at = edge.now()
        due = messages.waiting(connection, at, limit=COUNTED)
        found = health.standing(connection, at, messages_due=[each.id for each in due], handled=HANDLERS)
    return Response(metrics.told(found), content_type="text/plain; version=0.0.4; charset=utf-8")


def _why_not_ready() -> str | None:
    try:
        with edge.reading_within(ANSWER_S) as connection:
            require_current(connection)
            deployed = health.has_models(connection)
    except SchemaMismatchError as error:
        return str(error)
    except PoolSpentError:
        return "All connections to the database are in use."
    except (OperationalError, CutOffError):
        return "The database does not answer."
    return None if deployed else "No process is deployed. Deploy the models: sccif deploy bpmn"


def _may_scrape() -> bool:
    token = edge.edge().settings.metrics_token
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and ip_address(request.remote_addr or "0.0.0.0").is_loopback
