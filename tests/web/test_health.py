"""What load balancers and monitors are told, and who is told the numbers."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import delete, text

from engine.db import Database
from engine.db.tables import ProcessDefinition, StartEvent
from engine.runtime.cases import Case
from tests.web.browser import Browser
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
    assert found["sccif_lag_seconds", "other job"] == 0
    assert found["sccif_request_seconds_count", "inbox.mine GET 2xx"] >= 1
    assert found["sccif_steps_total", "web"] >= 1


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
