"""The due date that a model writes for a task that meets no deadline: a day in London."""

from datetime import date
from html import escape

import pytest
from smallmodels import begin, deploy, process, task
from sqlalchemy import select

from engine.db.tables import UserTask
from engine.simulation import Driver
from engine.worker.handlers import Tools

pytestmark = pytest.mark.database


def _started(tools: Tools, schedule: str) -> int:
    element, drawn = task()
    drawn = drawn.replace("<zeebe:userTask />", f"<zeebe:userTask /><zeebe:taskSchedule {schedule} />")
    deploy(tools, process("dated", [(element, drawn)]))
    return begin(tools, "dated")


def _dates(tools: Tools) -> tuple[date | None, date | None]:
    with tools.database.read() as connection:
        due, follow_up = connection.execute(select(UserTask.due_date, UserTask.follow_up_date)).one()
    return due, follow_up


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("2026-12-24T23:30:00Z", date(2026, 12, 24)),
        ("2026-07-24T23:30:00Z", date(2026, 7, 25)),
        ('=date("2026-12-24")', date(2026, 12, 24)),
        ('=date and time("2026-07-24T23:30:00Z")', date(2026, 7, 25)),
        ('="2026-12-24"', date(2026, 12, 24)),
        ("=null", None),
    ],
)
def test_a_date_is_taken_as_it_is_written_or_computed(
    written: str, day: date | None, tools: Tools, driver: Driver
) -> None:
    said = escape(written)
    case = _started(tools, f'dueDate="{said}" followUpDate="{said}"')
    assert (_dates(tools), driver.incidents(case)) == ((day, day), [])


NONE = ['="soon"', "=5", "=true", '=[date("2026-12-24")]', '=time("10:00:00")']
OUTSIDE = [
    '=date("99999-01-01")',
    '="0001-01-01T00:00:00+14:00"',
    '=date and time("9999-12-31T23:00:00-14:00")',
]


@pytest.mark.parametrize("written", NONE + OUTSIDE)
def test_what_is_no_date_is_an_incident_and_the_task_can_be_done(
    written: str, tools: Tools, driver: Driver
) -> None:
    case = _started(tools, f'dueDate="{escape(written)}"')
    (incident,) = driver.incidents(case)
    assert "It is no due or follow-up date" in incident
    assert _dates(tools) == (None, None)
    driver.do(case, "Task_Look")
    assert driver.state(case) == "completed"
