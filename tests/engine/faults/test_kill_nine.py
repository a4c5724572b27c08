"""Pulling the plug: whatever is killed at whatever moment, no step is lost and none is done twice."""

import random
import time
from pathlib import Path

import faultload
import pytest
from peers import free_port

from engine.clock import now
from tests.engine.faults.arrivals import Log
from tests.engine.faults.clients import Person
from tests.engine.faults.conftest import ROUNDS
from tests.engine.faults.deployment import OwnPostgres, is_alive, settings_for, until
from tests.engine.faults.forked import ForkedPart
from tests.engine.faults.invariants import check_all, check_arrivals, complete_everything

pytestmark = pytest.mark.timeout(300 + 20 * ROUNDS)
WORKERS_HIT = {"web": 0, "worker": 1, "load": 1, "postgres": 2}
"""How many of those that do jobs (the load program does too) may have one out when each is killed."""


def victims(draw: random.Random, names: list[str]) -> list[str]:
    """Each as often as the others, in no order."""
    found: list[str] = []
    while len(found) < ROUNDS:
        found += draw.sample(names, len(names))
    return found[:ROUNDS]


def test_nothing_is_lost_or_done_twice_whatever_part_of_a_deployment_is_killed(
    furnished: OwnPostgres, tmp_path: Path, log: Log
) -> None:
    draw = random.Random(20261203)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = settings_for(furnished.url, log.mail, address, hook=log.hook)
    load = ["load", furnished.url, log.mail, log.hook]
    parts = {
        "web": ForkedPart(["sccif", "web", "--port", str(port)], settings, tmp_path / "web.log"),
        "worker": ForkedPart(["sccif", "worker"], settings, tmp_path / "worker.log"),
        "load": ForkedPart(load, settings, tmp_path / "load.log"),
    }
    people = [Person("ivy", address), Person("mona", address)]
    killed = dict.fromkeys([*parts, "postgres"], 0)
    try:
        until(lambda: is_alive(address))
        for person in people:
            person.start()
        for victim in victims(draw, list(killed)):
            until(lambda: is_alive(address))
            time.sleep(draw.uniform(0.1, 1.2))
            killed[victim] += 1
            if victim == "postgres":
                furnished.kill()
                furnished.start_again()
            else:
                parts[victim].kill()
                parts[victim].start()
            if not parts["load"].is_running:  # it ends when the database goes; the others must not
                parts["load"].start()
        until(lambda: any(person.completed for person in people))
        assert parts["web"].is_running
        assert parts["worker"].is_running
    finally:
        for person in people:
            if person.is_alive():
                person.go_home()
        for part in parts.values():
            part.kill()

    tools = faultload.tools_for(furnished.url, log.mail, log.hook)
    complete_everything(tools, now)
    cases = check_all(tools.database, at_least=3)
    dead = sum(number * WORKERS_HIT[victim] for victim, number in killed.items())
    again = check_arrivals(tools.database, log.arrived, repeats_at_most=dead)
    tools.database.dispose()
    by_hand = sum(person.completed for person in people)
    assert by_hand > 0, "nobody got anything done through the pages"
    (tmp_path / "counts.txt").write_text(
        f"killed {killed}; {cases} cases, {by_hand} tasks by hand; "
        f"{len(log.arrived)} effects, {again} of them again\n"
    )
