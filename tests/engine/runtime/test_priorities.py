"""The priority of a task: a number, or an incident that leaves the task to be done and can be retried."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from engine import check, feel
from engine.db.tables import Incident, UserTask
from engine.runtime import deployments, operator
from engine.runtime.user_tasks import Actor, Role
from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.engine.conftest import MODELS, THURSDAY

pytestmark = pytest.mark.database
WRITE = '<bpmn:userTask id="Task_Write" name="Write the report">\n      <bpmn:extensionElements>'
RIM = Actor("rita", (Role("administrator"),))


@pytest.fixture
def urgent(tools: Tools) -> None:
    """The skeleton, with the priority of writing computed."""
    files = dict(check.read_folder(MODELS))
    drawn = files["skeleton.bpmn"].decode()
    assert WRITE in drawn
    drawn = drawn.replace(WRITE, f'{WRITE}<zeebe:priorityDefinition priority="=level" />')
    drawn = drawn.replace('value="agreed_later" />\n        <z', 'value="agreed_later, level" />\n        <z')
    with tools.database.begin() as connection:
        deployments.deploy(
            connection, files=files | {"skeleton.bpmn": drawn.encode()}, by="analyst", at=THURSDAY
        )


def _to_writing(driver: Driver, level: feel.Value) -> int:
    case = driver.start("skeleton", "SC000001", {"lead": "ivy", "level": level}, team="Team 1", by="planner")
    driver.do(case, "Task_Visit")
    return case


def _priority(tools: Tools) -> int:
    with tools.database.read() as connection:
        return connection.execute(
            select(UserTask.priority).where(UserTask.element == "Task_Write")
        ).scalar_one()


@pytest.mark.parametrize(("level", "priority"), [(Decimal(100), 100), ("7", 7), (Decimal(0), 0), (None, 50)])
@pytest.mark.usefixtures("urgent")
def test_a_computed_priority_is_that_of_the_task(
    tools: Tools, driver: Driver, level: feel.Value, priority: int
) -> None:
    case = _to_writing(driver, level)
    assert (_priority(tools), driver.incidents(case)) == (priority, [])


@pytest.mark.parametrize("level", ["high", Decimal(101), Decimal(-1), Decimal("1.5"), "", True, ["7"]])
@pytest.mark.usefixtures("urgent")
def test_a_priority_that_is_no_number_is_an_incident_and_the_task_can_be_done(
    tools: Tools, driver: Driver, level: feel.Value
) -> None:
    case = _to_writing(driver, level)
    (incident,) = driver.incidents(case)
    assert "is no whole number from 0 to 100" in incident
    assert (_priority(tools), driver.open(case)) == (50, ["Task_Write"])
    driver.do(case, "Task_Write")
    assert driver.incidents(case) == []


@pytest.mark.usefixtures("urgent")
def test_a_priority_is_worked_out_again_when_its_incident_is_retried(tools: Tools, driver: Driver) -> None:
    case = _to_writing(driver, "high")
    with tools.database.begin() as connection:
        operator.set_variable(
            connection,
            tools.library,
            instance_id=case,
            name="level",
            value=Decimal(90),
            reason="it was mistyped",
            by=RIM,
            at=driver.at,
        )
        incident = connection.execute(select(Incident.id)).scalar_one()
        operator.retry_incident(connection, tools.library, incident_id=incident, by=RIM, at=driver.at)
    assert (_priority(tools), driver.incidents(case)) == (90, [])
