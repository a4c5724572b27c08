"""The scenarios beside the diagrams, which people play with `sccif simulate`, can be played."""

from datetime import date, datetime
from pathlib import Path

import pytest

from engine import feel, simulation
from engine.clock import LONDON
from engine.runtime import calendars
from engine.simulation import Driver
from engine.simulation.scenario import perform
from engine.workdays import Calendar
from engine.worker.handlers import Tools
from tests.processes.inspection import TEAM, day

MODELS = Path(__file__).parents[2] / "bpmn"
BEGIN = date(2026, 12, 1)
SERVICES = {
    "secure children's home": "SC000001",
    "children's home": "CH000001",
    "adoption support agency": "AS000001",
}


@pytest.mark.database
@pytest.mark.parametrize("path", sorted(MODELS.glob("*/scenarios/*.yaml")), ids=lambda path: path.stem)
def test_every_scenario_can_be_played(tools: Tools, path: Path) -> None:
    scenario = simulation.read(path)
    calendar = Calendar.england(calendars.FIRST_YEAR, calendars.LAST_YEAR)
    people: dict[str, feel.Value] = {
        "lead_inspector": "ivy",
        "inspection_team": TEAM,
        "education_inspector": "edda",
        "health_inspector": "hale",
        "planned_first_day": day(calendar.next_working_day(BEGIN)),
    }
    driver = Driver(tools, datetime(2026, 12, 1, 8, tzinfo=LONDON))
    given = {"lead": "ivy"}
    told = {name: given.get(value, value) for name, value in scenario.variables.items()}
    case = driver.start(
        scenario.process, SERVICES[scenario.setting], people | told, team="Team", by="planner"
    )

    for at, step in scenario.moments(BEGIN, calendar):
        driver.travel(at)
        perform(driver, case, step)

    assert driver.incidents(case) == []


def test_a_scenario_for_a_setting_that_does_not_exist_is_refused_with_those_that_do(tmp_path: Path) -> None:
    file = tmp_path / "odd.yaml"
    file.write_text("{name: Odd, process: full_inspection, setting: hospital, steps: []}")

    with pytest.raises(simulation.ScenarioError, match=r"no setting 'hospital'.*adoption support agency"):
        simulation.read(file)
