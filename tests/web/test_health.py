"""What load balancers and monitors are told, and who is told the numbers."""

import json
import logging
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Connection, delete, insert, text, update

from engine.db import Database
from engine.db.tables import Incident, Instance, Job, ProcessDefinition, StartEvent, Subscription, Timer
from engine.runtime import messages
from engine.runtime.cases import Case
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.test_tasks import claimed
from web import logs
from web.edge import EXTENSION, Edge

Open = Callable[[str], Browser]


def _read(told: str) -> dict[tuple[str, str], float]:
    """Value by the metric's name and its labels' values."""
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
    }


def test_a_process_is_alive_whatever_the_database_does(app: Flask) -> None:
    away = Database("postgresql+psycopg://nowhere.invalid/none")
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], database=away)
    client = app.test_client()
    assert client.get("/healthz").get_json() == {"status": "alive"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["why"]) == (503, "The database does not answer.")


def test_a_process_is_ready_with_the_newest_schema_and_models(app: Flask, database: Database) -> None:
    client = app.test_client()
    assert client.get("/readyz").get_json() == {"status": "ready"}
    with database.begin() as connection:
        connection.execute(delete(StartEvent))
        connection.execute(delete(ProcessDefinition))
    assert "Deploy the models" in client.get("/readyz").get_json()["why"]
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert "The database is at migration 0001" in client.get("/readyz").get_json()["why"]


def test_the_numbers_tell_what_waits_and_what_was_done(app: Flask, browser: Open, case: Case) -> None:
    browser("ivy").get("/tasks")
    found = _read(app.test_client().get("/metrics").text)
    assert found["sccif_cases", "running"] == 1
    assert found["sccif_open_tasks", "open"] + found.get(("sccif_open_tasks", "claimed"), 0) == 1
    assert found["sccif_lag_seconds", "timer"] == 0
    assert found["sccif_request_seconds_count", "inbox.mine GET 2xx"] >= 1


def _due(app: Flask) -> dict[str, tuple[float, float]]:
    """How many are due and for how many seconds, by what."""
    found = _read(app.test_client().get("/metrics").text)
    return {
        what: (found["sccif_due", what], found["sccif_lag_seconds", what])
        for what in ("timer", "job", "message")
    }


def test_what_is_due_is_counted_with_how_long_it_waits(
    app: Flask, database: Database, case: Case, clock: Clock
) -> None:
    _add_work(database, case, at=clock.at - timedelta(minutes=5))
    with database.begin() as connection:
        _expect(connection, case, "answer")
        _send(connection, "answer", at=clock.at - timedelta(minutes=2))
    assert _due(app) == {"timer": (1, 300), "job": (1, 300), "message": (1, 120)}


def test_what_no_worker_could_do_now_is_not_due(
    app: Flask, database: Database, case: Case, clock: Clock
) -> None:
    _add_work(database, case, at=clock.at - timedelta(days=30))
    with database.begin() as connection:
        connection.execute(update(Instance).values(state="suspended"))
        _send(connection, "nobody waits for it", at=clock.at - timedelta(days=20))
    assert set(_due(app).values()) == {(0, 0)}
    with database.begin() as connection:
        connection.execute(update(Instance).values(state="running"))
        connection.execute(update(Job).values(leased_by="w", leased_until=clock.at + timedelta(minutes=1)))
    found = _due(app)
    assert (found["job"], found["timer"][0]) == ((0, 0), 1)


def test_a_message_that_nobody_took_is_due_when_its_time_is_over(
    app: Flask, database: Database, clock: Clock
) -> None:
    with database.begin() as connection:
        _send(connection, "late", at=clock.at - timedelta(days=20), lasting=timedelta(days=20, seconds=-7))
    assert _due(app)["message"] == (1, 7)


def test_what_has_stopped_is_counted_by_its_kind(
    app: Flask, database: Database, case: Case, clock: Clock
) -> None:
    _add_work(database, case, at=clock.at)
    opened = {"instance_id": case.id, "token_id": 1, "element": "A", "opened_at": clock.at}
    with database.begin() as connection:
        connection.execute(update(Job).values(state="failed"))
        for kind in ("job", "job", "deadline"):
            connection.execute(
                insert(Incident).values(kind=kind, message="It is down", remedy="Mend it", **opened)
            )
    found = _read(app.test_client().get("/metrics").text)
    assert (found["sccif_incidents", "job"], found["sccif_incidents", "deadline"]) == (2, 1)
    assert found["sccif_jobs", "failed"] == 1


def _add_work(database: Database, case: Case, *, at: datetime) -> None:
    """A timer and a job of the case, due at that moment."""
    mine = {"instance_id": case.id, "token_id": 1, "element": "A", "due_at": at}
    job = {"type": "post", "headers": {}, "state": "waiting", "retries": 3, "created_at": at}
    with database.begin() as connection:
        connection.execute(insert(Timer).values(key="T", **mine))
        connection.execute(insert(Job).values(idempotency_key="1-1", **job, **mine))


def _expect(connection: Connection, case: Case, name: str) -> None:
    """Let the case wait for a message."""
    waits = {"token_id": 1, "key": "M", "element": "M", "kind": "message", "correlation_key": "1"}
    connection.execute(insert(Subscription).values(instance_id=case.id, name=name, **waits))


def _send(
    connection: Connection, name: str, *, at: datetime, lasting: timedelta = timedelta(days=60)
) -> None:
    messages.publish(connection, name=name, correlation_key="1", payload={}, expires_at=at + lasting, at=at)


def test_a_method_that_http_does_not_know_gets_no_line_of_its_own(app: Flask) -> None:
    client = app.test_client()
    for method in ("EVIL1", "EVIL2"):
        client.open("/healthz", method=method)
    told = client.get("/metrics").text
    assert 'method="other"' in told
    assert "EVIL" not in told


def test_steps_are_commands_on_cases_and_nothing_else(app: Flask, browser: Open, case: Case) -> None:
    before = steps(app)
    ivy = browser("ivy")
    assert steps(app) == before
    address = claimed(ivy)
    assert steps(app) == before + 1
    ivy.post(f"{address}/draft", {"notes": "A calm home"})
    assert steps(app) == before + 1


def steps(app: Flask) -> float:
    return _read(app.test_client().get("/metrics").text).get(("sccif_steps_total", "web"), 0)


def test_a_process_whose_connections_are_all_in_use_is_not_ready(app: Flask, database: Database) -> None:
    small = Database(database.url, pool_size=1, pool_timeout=0.1)
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], database=small)
    held = [small.engine.connect() for _ in range(2)]
    ready = app.test_client().get("/readyz")
    why = "All connections to the database are in use."
    assert (ready.status_code, ready.get_json()["why"]) == (503, why)
    for each in held:
        each.close()
    assert app.test_client().get("/readyz").status_code == 200
    small.dispose()


def test_a_process_whose_database_takes_calls_and_never_answers_is_soon_told_not_to_be_ready(
    app: Flask,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        away = Database(f"postgresql+psycopg://u:p@127.0.0.1:{port}/none?connect_timeout=2")
        app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], database=away)
        ready = app.test_client().get("/readyz")
    assert (ready.status_code, ready.get_json()["why"]) == (503, "The database does not answer.")


def test_a_process_whose_database_is_too_slow_is_not_ready(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.health.ANSWER_S", 1)
    with database.begin() as connection:
        connection.execute(text("LOCK TABLE process_definition IN ACCESS EXCLUSIVE MODE"))
        ready = app.test_client().get("/readyz")
    assert (ready.status_code, ready.get_json()["why"]) == (503, "The database does not answer.")


@pytest.mark.parametrize(
    ("token", "address", "headers", "status"),
    [
        ("", "127.0.0.1", {}, 200),
        ("", "192.0.2.7", {}, 404),
        ("", "127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 404),
        ("a long secret", "192.0.2.7", {"Authorization": "Bearer a long secret"}, 200),
        ("a long secret", "127.0.0.1", {}, 404),
        ("a long secret", "192.0.2.7", {"Authorization": "Bearer another"}, 404),
    ],
)
def test_the_numbers_are_for_this_machine_or_for_holders_of_the_token(
    token: str, address: str, headers: dict[str, str], status: int, app: Flask
) -> None:
    known: Edge = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = replace(known, settings=replace(known.settings, metrics_token=token))
    asked = app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert asked.status_code == status


def test_a_line_of_the_log_names_its_request_and_case(
    app: Flask, browser: Open, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    mona = browser("mona")
    caplog.handler.addFilter(logs.with_context)
    with caplog.at_level(logging.INFO, logger=logs.REQUESTS):
        answer = mona.client.get(f"/cases/{case.reference}", headers={"X-Request-ID": "from-the-proxy"})
    (record,) = [each for each in caplog.records if each.name == logs.REQUESTS]
    told = json.loads(logs.Json().format(record))
    assert (told["request"], told["case"]) == ("from-the-proxy", case.reference)
    assert (told["message"], told["status"]) == ("GET /cases/<reference> 200", 200)
    assert answer.headers["X-Request-ID"] == "from-the-proxy"


def test_a_request_id_that_could_forge_a_line_is_not_taken(app: Flask) -> None:
    answer = app.test_client().get("/healthz", headers={"X-Request-ID": "x" * 65})
    assert len(answer.headers["X-Request-ID"]) == 16


def test_an_unknown_log_format_is_refused_with_what_to_set() -> None:
    with pytest.raises(logs.LogFormatError, match="'text' or 'json'"):
        logs.configure({"SCCIF_LOG": "xml"})
