"""Three years in the life of a service: inspected again and again, and nothing is left over."""

from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import feel, history, simulation
from engine.clock import LONDON
from engine.db.tables import Instance, Service
from engine.runtime import calendars
from engine.simulation import Driver
from engine.workdays import Calendar
from engine.worker.handlers import Tools
from tests.processes.inspection import TEAM, day

pytestmark = [pytest.mark.database, pytest.mark.timeout(900)]
MODELS = Path(__file__).parents[2] / "bpmn"
SECURE_HOME = (
    ("full_inspection/good", date(2024, 6, 3)),
    ("assurance_inspection/no_concerns", date(2025, 1, 13)),
    ("full_inspection/complaint", date(2025, 6, 2)),
    ("assurance_inspection/no_concerns", date(2025, 12, 15)),  # over Christmas
    ("full_inspection/good", date(2026, 6, 1)),
    ("assurance_inspection/no_concerns", date(2027, 3, 15)),  # over Easter
)
AGENCY = (
    ("agency_inspection/good", date(2024, 6, 3)),
    ("agency_inspection/good", date(2027, 4, 12)),  # within the three years that start on 1 April
)

CHILDRENS_HOME = (
    ("record_outcome/good", date(2024, 6, 3)),
    ("interim_inspection/sustained", date(2024, 12, 16)),  # over Christmas
    ("record_outcome/good", date(2025, 6, 2)),
    ("interim_inspection/sustained", date(2026, 1, 12)),
    ("record_outcome/good", date(2026, 6, 1)),
    ("interim_inspection/sustained", date(2027, 3, 15)),  # over Easter
)


@pytest.fixture
def driver(tools: Tools) -> Driver:
    return Driver(tools, datetime(2024, 6, 3, 8, tzinfo=LONDON))


def live(driver: Driver, urn: str, life: tuple[tuple[str, date], ...]) -> list[int]:
    """Every inspection of a life, one after the other; their cases."""
    calendar = Calendar.england(calendars.FIRST_YEAR, calendars.LAST_YEAR)
    cases = []
    for scenario, begin in life:
        process, _, name = scenario.partition("/")
        script = simulation.read(MODELS / process / "scenarios" / f"{name}.yaml")
        driver.travel(datetime(begin.year, begin.month, begin.day, 8, tzinfo=LONDON))
        people: dict[str, feel.Value] = {
            "lead_inspector": "ivy",
            "inspection_team": TEAM,
            "education_inspector": "edda",
            "health_inspector": "hale",
            "planned_first_day": day(calendar.next_working_day(begin)),
        }
        cases.append(driver.start(process, urn, people, team="Team", by="planner"))
        for at, step in script.moments(begin, calendar):
            driver.travel(at)
            simulation.perform(driver, cases[-1], step)
    driver.pass_days(60)  # until what was sent is published
    return cases


@pytest.mark.parametrize(
    ("urn", "life"), [("SC000001", SECURE_HOME), ("CH000001", CHILDRENS_HOME), ("AS000001", AGENCY)]
)
def test_three_years_leave_nothing_open_and_a_whole_history(
    driver: Driver, tools: Tools, urn: str, life: tuple[tuple[str, date], ...]
) -> None:
    assert (life[-1][1] - life[0][1]).days > 365 * 2.75
    assert all(later > earlier for (_, earlier), (_, later) in pairwise(life))

    cases = live(driver, urn, life)

    assert [driver.state(case) for case in cases] == ["completed"] * len(life)
    assert [driver.incidents(case) for case in cases] == [[]] * len(life)
    states = {state for case in cases for _, state in driver.deadlines(case).values()}
    assert not states & {"running", "missed"}, states
    with tools.database.read() as connection:
        rows, broken = history.verify(connection)
        query = select(Service.last_inspection, Service.last_overall).where(Service.urn == urn)
        last = connection.execute(query).one()
        started = connection.execute(select(Instance.id).where(Instance.service_urn == urn)).scalars().all()
    assert (rows > 50 * len(life), broken) == (True, [])
    assert last.last_inspection is not None
    assert last.last_inspection >= life[-1][1]
    assert sorted(started) == sorted(cases)  # a good service starts nothing further
