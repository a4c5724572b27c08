"""The stories together take every sequence flow of every diagram."""

import pkgutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import dialect
from engine.db.tables import Instance
from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes import stories
from tests.processes.conftest import BEFORE

pytestmark = [pytest.mark.database, pytest.mark.timeout(900)]
DIAGRAMS = sorted((Path(__file__).parents[2] / "bpmn").glob("*/*.bpmn"))
TELLERS = [
    import_module(f"{stories.__name__}.{each.name}") for each in pkgutil.iter_modules(stories.__path__)
]


def test_every_sequence_flow_is_taken_by_one_of_the_stories(
    tools: Tools, record_property: Callable[[str, object], None]
) -> None:
    for teller in TELLERS:
        for story in teller.STORIES:
            story(Driver(tools, BEFORE), tools)

    with tools.database.read() as connection:
        cases = connection.execute(select(Instance.id)).scalars().all()
    driver = Driver(tools, BEFORE)
    taken = {
        f"{event.fields['process']}/{flow}"
        for case in cases
        for event in driver.history(case)
        for flow in event.fields.get("flows", ())
    }
    drawn = {
        f"{process.id}/{flow}"
        for path in DIAGRAMS
        for process in dialect.read(path.read_bytes()).processes.values()
        for flow in process.flows
    }
    record_property("coverage", f"{len(drawn & taken)} of {len(drawn)} sequence flows taken")
    assert drawn - taken == set()
