"""What this process has done, and how the work stands, as Prometheus reads it."""

import time
from collections.abc import Iterator

from flask import Flask, g, request
from flask.wrappers import Response
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from engine.queries.health import Standing
from web.place import ListenError

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Other words that a client may send as a method are told together."""

ON_CASES = frozenset(
    {
        "inbox", "cases", "recording", "planning", "provider", "manage", "operating", "case_variables",
        "case_deadlines",
    }
)  # fmt: skip
"""The parts of the site whose commands are on cases; moves to another version tell how many there were."""

DRAFTS = frozenset({"inbox.save_draft", "provider.save"})
"""What is typed and kept for later is not a step of the case yet."""

SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
OF_THIS_PROCESS = CollectorRegistry()
ProcessCollector(registry=OF_THIS_PROCESS)

_requests = Histogram(
    "sccif_request_seconds",
    "Time to answer a request.",
    ["endpoint", "method", "status"],
    buckets=SECONDS,
    registry=OF_THIS_PROCESS,
)
_work = Histogram(
    "sccif_work_seconds",
    "Time of a worker for one timer, message or job.",
    ["kind", "outcome"],
    buckets=SECONDS,
    registry=OF_THIS_PROCESS,
)
_steps = Counter("sccif_steps", "Commands on cases carried out.", ["edge"], registry=OF_THIS_PROCESS)


def install(app: Flask) -> None:
    """Counts and times every request."""
    app.before_request(_begin)
    app.after_request(_end)


def worked(kind: str, seconds: float, well: bool) -> None:
    """Observes a worker (see `engine.worker.loop.Observer`)."""
    _work.labels(kind, "done" if well else "failed").observe(seconds)
    if well:
        _steps.labels("worker").inc()


def commanded(times: int) -> None:
    """Counts commands on cases that a page carried out."""
    _steps.labels("web").inc(times)


def listen(address: str) -> None:
    """Serve what this process has done at `host:port`, for a worker, which has no pages.

    Raises ListenError.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ListenError(f"SCCIF_METRICS is '{address}'. Set it to host:port, such as 127.0.0.1:9101.")
    start_http_server(int(port), addr=host, registry=OF_THIS_PROCESS)


def told(standing: Standing) -> bytes:
    """This process and the whole work, in Prometheus' text format."""
    whole = CollectorRegistry()
    whole.register(_Whole(standing))
    return generate_latest(OF_THIS_PROCESS) + generate_latest(whole)


class _Whole(Collector):
    """The same from every process: it is counted in the database."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def collect(self) -> Iterator[Metric]:
        now = self._standing
        for name, what, label, values in (
            ("sccif_cases", "Cases by state.", "state", now.cases),
            ("sccif_open_tasks", "Tasks that wait for a person.", "state", now.tasks),
            ("sccif_jobs", "Jobs to do, and those that have failed.", "state", now.jobs),
            ("sccif_incidents", "Paths that have stopped.", "kind", now.incidents),
            ("sccif_due", "Timers, jobs and messages whose time has come.", "what", now.due),
            ("sccif_lag_seconds", "How long the longest due one waits.", "what", now.oldest),
        ):
            family = GaugeMetricFamily(name, what, labels=[label])
            for key, value in values.items():
                family.add_metric([key], value)
            yield family


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    status = f"{response.status_code // 100}xx"
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    method = request.method if request.method in METHODS else "other"
    _requests.labels(request.endpoint or "none", method, status).observe(seconds)
    given = request.blueprint in ON_CASES and request.endpoint not in DRAFTS
    if given and request.method == "POST" and response.status_code == 303:  # each that succeeds redirects
        commanded(1)
    return response
