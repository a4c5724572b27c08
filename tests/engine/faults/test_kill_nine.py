"""Pulling the plug: whatever moment a process is killed at, no step is lost and none is done twice."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import faultload
import pytest
from sqlalchemy import func, insert, select

from engine import check, history
from engine.clock import now
from engine.db import Database
from engine.db.tables import History, Instance, Job, OutgoingMail, Service
from engine.runtime import calendars, deployments

ROUNDS = int(os.environ.get("SCCIF_FAULT_ROUNDS", "4"))
MODELS = Path(__file__).parents[1] / "models"
STEPS = {"Task_Visit": 1, "Task_Write": 1, "Task_Approve": 1}


@pytest.fixture
def deployed(database: Database) -> Database:
    with database.begin() as connection:
        calendars.ensure_first(connection, at=now())
        deployments.deploy(connection, files=check.read_folder(MODELS), by="analyst", at=now())
        connection.execute(
            insert(Service).values(
                urn="SC000001",
                name="Example House",
                setting="secure children's home",
                region="North",
                local_authority="Exampleshire",
                provider_name="Example Care",
                provider_email="provider@example.org",
            )
        )
    return database


def _killed_after(seconds: float, url: str, mail: Path) -> None:
    """Run the load for a moment, then end it as a power cut would."""
    program = [sys.executable, faultload.__file__, url, str(mail)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        time.sleep(seconds)
        process.kill()


def test_nothing_is_lost_or_done_twice_when_the_working_process_is_killed(
    deployed: Database, database_url: str, tmp_path: Path
) -> None:
    draw = random.Random(20261203)
    for _ in range(ROUNDS):
        _killed_after(draw.uniform(0.05, 0.6), database_url, tmp_path)

    tools = faultload.tools_for(database_url, tmp_path)
    with deployed.begin() as connection:  # what a dead worker had taken comes back when its lease ends
        connection.execute(Job.__table__.update().values(leased_until=None))
    while faultload.work_off(tools):
        pass

    with deployed.read() as connection:
        cases = connection.execute(select(Instance.id, Instance.state)).all()
        done = connection.execute(
            select(History.instance_id, History.element).where(History.kind == "task completed")
        ).all()
        sent = connection.execute(select(func.count()).select_from(OutgoingMail)).scalar_one()
        breaks = history.verify(connection)[1]
    tools.database.dispose()
    assert len(cases) > ROUNDS, "some round must have got further than its first case"
    assert {state for _, state in cases} == {"completed"}
    for case, _ in cases:
        assert Counter(element for of, element in done if of == case) == STEPS
    assert (sent, breaks) == (len(cases), [])
