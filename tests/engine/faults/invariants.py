"""What must hold whatever was killed: no step lost, doubled or half done, and every case can be completed."""

from collections import Counter

from faultload import work_off
from sqlalchemy import func, select, update

from engine import history
from engine.clock import Clock
from engine.db import Database
from engine.db.tables import (
    History,
    Incident,
    Instance,
    Job,
    OutgoingMail,
    Subscription,
    Timer,
    Token,
    UserTask,
    UserTaskState,
)
from engine.runtime import operator
from engine.runtime.user_tasks import Actor, Role
from engine.worker.handlers import Tools

STEPS = {"Task_Visit": 1, "Task_Write": 1, "Task_Approve": 1}
MENDER = Actor("mender", (Role("administrator"),))


def complete_everything(tools: Tools, clock: Clock) -> None:
    """Do all that is left: what dead workers held comes back, what ran out of tries is mended."""
    database = tools.database
    with database.begin() as connection:
        connection.execute(update(Job).values(leased_until=None))
        stopped = list(
            connection.execute(select(Incident.id).where(Incident.resolved_at.is_(None))).scalars()
        )
    for incident in stopped:
        with database.begin() as connection:
            operator.retry_incident(connection, tools.library, incident_id=incident, by=MENDER, at=clock())
    while work_off(tools, clock):
        pass


def check_all(database: Database, *, at_least: int) -> int:
    """Hold every case to the invariants; how many there are. Only for cases of the skeleton."""
    with database.read() as connection:
        cases = connection.execute(select(Instance.id, Instance.state)).all()
        done = connection.execute(
            select(History.instance_id, History.element, func.count())
            .where(History.kind == "task completed")
            .group_by(History.instance_id, History.element)
        ).all()
        letters = connection.execute(
            select(History.instance_id, func.count())
            .where(History.kind == "job done")
            .group_by(History.instance_id)
        ).all()
        sent = connection.execute(
            select(OutgoingMail.instance_id, func.count()).group_by(OutgoingMail.instance_id)
        ).all()
        held, breaks = history.verify(connection)
        left = {
            table.__tablename__: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (Token, Timer, Subscription)
        }
        open_tasks = connection.execute(
            select(func.count()).where(UserTask.state.in_([UserTaskState.OPEN, UserTaskState.CLAIMED]))
        ).scalar_one()
    assert len(cases) >= at_least
    assert Counter(state for _, state in cases) == {"completed": len(cases)}
    counted = {(case, element): count for case, element, count in done}
    for case, _ in cases:
        assert {element: counted.get((case, element)) for element in STEPS} == STEPS, f"case {case}"
    assert set(counted.values()) <= {1}, "a step was done twice"
    assert dict(map(tuple, letters)) == dict(map(tuple, sent)) == {case: 1 for case, _ in cases}
    assert (breaks, open_tasks, left) == ([], 0, {"token": 0, "timer": 0, "subscription": 0})
    assert held > 0
    return len(cases)
