"""The database restarts while people and a worker are at work: both go on, and nothing is lost."""

from collections.abc import Callable
from pathlib import Path

import faultload
import pytest
from peers import free_port

from engine.clock import now
from engine.worker.handlers import Tools
from tests.engine.faults.arrivals import Log
from tests.engine.faults.clients import Person
from tests.engine.faults.deployment import OwnPostgres, is_alive, settings_for, until
from tests.engine.faults.forked import ForkedPart
from tests.engine.faults.invariants import check_all, check_arrivals, complete_everything

CASES = 8
"""Begun before each restart: more than is done until it comes."""


def _in_order(server: OwnPostgres) -> None:
    server.stop()
    server.start_again()


def _killed(server: OwnPostgres) -> None:
    server.kill()
    server.start_again()


def _begin(tools: Tools, log: Log) -> None:
    for _ in range(CASES):
        faultload.start_case(tools)
        faultload.start_relay(tools, log.hook)


@pytest.mark.timeout(300)
def test_people_and_the_worker_go_on_when_the_database_restarts_under_them(
    furnished: OwnPostgres, tmp_path: Path, log: Log
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = settings_for(furnished.url, log.mail, address, hook=log.hook)
    parts = [
        ForkedPart(["sccif", "web", "--port", str(port)], settings, tmp_path / "web.log"),
        ForkedPart(["sccif", "worker"], settings, tmp_path / "worker.log"),
    ]
    people = [Person("ivy", address), Person("mona", address)]
    tools = faultload.tools_for(furnished.url, log.mail, log.hook)

    def both_go_on() -> Callable[[], bool]:
        tasks, effects = _done(people), len(log.arrived)
        return lambda: _done(people) >= tasks + 3 and len(log.arrived) >= effects + 3

    try:
        until(lambda: is_alive(address))
        for person in people:
            person.start()
        for restart in (_in_order, _killed):
            _begin(tools, log)
            until(both_go_on())
            restart(furnished)
            tools.database.dispose()
            until(both_go_on())
        assert all(part.is_running for part in parts)
    finally:
        for person in people:
            if person.is_alive():
                person.go_home()
        for part in parts:
            part.kill()
    complete_everything(tools, now)
    check_all(tools.database, at_least=6 * CASES)
    check_arrivals(tools.database, log.arrived, repeats_at_most=3)  # two restarts, and the end
    tools.database.dispose()


def _done(people: list[Person]) -> int:
    return sum(person.completed for person in people)
