"""Running cases on a new version of their process: seen before, carried out, and taken back."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import check, history
from engine.db.tables import (
    CaseMigration,
    Deadline,
    Instance,
    ProcessDefinition,
    Subscription,
    Timer,
    Token,
    UserTask,
)
from engine.runtime import deployments, migration
from engine.runtime.errors import DefinitionMissingError, NotPermittedError
from engine.runtime.migration.undoing import KeptNoLongerError, MovedOnError
from engine.simulation import Driver
from tests.engine.conftest import MODELS
from tests.engine.operations.conftest import ANA, MONA, Office

Start = Callable[[], int]
RENAME = {"Task_Write": "Task_Draft"}

CALLER = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="outer" name="Outer" isExecutable="true">
    <bpmn:startEvent id="S"><bpmn:outgoing>o1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:callActivity id="Call" name="Inspect"><bpmn:extensionElements>
      <zeebe:calledElement processId="skeleton" bindingType="deployment" propagateAllParentVariables="true"
        propagateAllChildVariables="false" /></bpmn:extensionElements>
      <bpmn:incoming>o1</bpmn:incoming><bpmn:outgoing>o2</bpmn:outgoing></bpmn:callActivity>
    <bpmn:endEvent id="E"><bpmn:incoming>o2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="o1" sourceRef="S" targetRef="Call" />
    <bpmn:sequenceFlow id="o2" sourceRef="Call" targetRef="E" />
  </bpmn:process></bpmn:definitions>"""


WAITER = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="http://bpmn.io/schema/bpmn">
  {message}
  <bpmn:process id="waiter" name="Waiter" isExecutable="true">
    <bpmn:startEvent id="S"><bpmn:outgoing>w1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:eventBasedGateway id="G"><bpmn:incoming>w1</bpmn:incoming><bpmn:outgoing>w2</bpmn:outgoing>
      <bpmn:outgoing>w3</bpmn:outgoing></bpmn:eventBasedGateway>
    <bpmn:intermediateCatchEvent id="T"><bpmn:incoming>w2</bpmn:incoming><bpmn:outgoing>w4</bpmn:outgoing>
      <bpmn:timerEventDefinition><bpmn:timeDuration>{wait}</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:intermediateCatchEvent>
    <bpmn:intermediateCatchEvent id="{other}">
      <bpmn:incoming>w3</bpmn:incoming><bpmn:outgoing>w5</bpmn:outgoing>{event}</bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="E"><bpmn:incoming>w4</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="F"><bpmn:incoming>w5</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="w1" sourceRef="S" targetRef="G" />
    <bpmn:sequenceFlow id="w2" sourceRef="G" targetRef="T" />
    <bpmn:sequenceFlow id="w3" sourceRef="G" targetRef="{other}" />
    <bpmn:sequenceFlow id="w4" sourceRef="T" targetRef="E" />
    <bpmn:sequenceFlow id="w5" sourceRef="{other}" targetRef="F" />
  </bpmn:process></bpmn:definitions>"""
"""A process that waits for whatever happens first: a time, and what the version says."""

SIGNAL = {
    "message": '<bpmn:signal id="Sig" name="all clear" />', "wait": "P9D", "other": "C",
    "event": '<bpmn:signalEventDefinition signalRef="Sig" />',
}  # fmt: skip
MESSAGE = {
    "message": '<bpmn:message id="Msg" name="answer"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=lead" /></bpmn:extensionElements></bpmn:message>',
    "wait": "P20D", "other": "M", "event": '<bpmn:messageEventDefinition messageRef="Msg" />',
}  # fmt: skip


def test_a_case_at_an_event_based_gateway_waits_for_what_the_new_version_waits_for_and_back(
    office: Office, driver: Driver
) -> None:
    for version in (SIGNAL, MESSAGE):
        files = dict(check.read_folder(MODELS)) | {"waiter.bpmn": WAITER.format(**version).encode()}
        with office.tools.database.begin() as connection:
            deployments.deploy(connection, files=files, by="ana", at=driver.at)
        if version is SIGNAL:
            case = driver.start("waiter", "SC000001", {"lead": "ivy"}, team="Team 1", by="planner")
    timers, signals = office.rows(Timer), waited_for(office)
    assert (len(timers), signals) == (1, [("C", "signal", "all clear", None)])
    with office.tools.database.read() as connection:
        to = migration.target(connection, office.tools.library, process_id="waiter", version=2, rename={})
    office.order(migration.migrate, instance_id=case, to=to, reason="A new version", by=ANA)
    assert office.rows(Timer) == timers
    assert waited_for(office) == [("M", "message", "answer", "ivy")]
    office.order(migration.undo, instance_id=case, reason="Too early", by=ANA)
    assert (office.rows(Timer), waited_for(office)) == (timers, signals)
    driver.travel(driver.at + timedelta(days=10))
    assert driver.state(case) == "completed"


def waited_for(office: Office) -> list[tuple[object, ...]]:
    return [(row.element, row.kind, row.name, row.correlation_key) for row in office.rows(Subscription)]


def deploy(office: Office, **changed: tuple[str, str]) -> None:
    """A new version of the skeleton with texts replaced."""
    files = dict(check.read_folder(MODELS))
    drawn = files["skeleton.bpmn"].decode()
    for old, new in changed.values():
        assert old in drawn
        drawn = drawn.replace(old, new)
    files["skeleton.bpmn"] = drawn.encode()
    with office.tools.database.begin() as connection:
        deployments.deploy(connection, files=files, by="ana", at=office.driver.at)


def aim(office: Office, rename: Mapping[str, str], version: int = 2) -> migration.Target:
    with office.tools.database.read() as connection:
        return migration.target(
            connection, office.tools.library, process_id="skeleton", version=version, rename=rename
        )


def move(office: Office, case: int, rename: Mapping[str, str] = RENAME, version: int = 2) -> None:
    to = aim(office, rename, version)
    office.order(migration.migrate, instance_id=case, to=to, reason="A new version", by=ANA)


def at_write(driver: Driver, start: Start) -> int:
    case = start()
    driver.do(case, "Task_Visit")
    return case


def test_a_preview_names_the_element_that_has_no_place_and_why(
    office: Office, driver: Driver, start: Start
) -> None:
    case = at_write(driver, start)
    deploy(office, name=("Task_Write", "Task_Draft"))
    with office.tools.database.read() as connection:
        bare, right = (
            migration.preview(
                connection, office.tools.library, instance_id=case, to=aim(office, each), at=driver.at
            )
            for each in ({}, RENAME)
        )
    assert bare.problems == {
        "Task_Write": "it has a token and is not in the new version; say what it is called there"
    }
    assert (right.problems, right.moves, right.versions) == ({}, (("Task_Write", "Task_Draft"),), (1,))
    assert driver.open(case) == ["Task_Write"]
    with pytest.raises(migration.NotMovableError, match="Task_Write"):
        move(office, case, {})


def test_a_moved_case_goes_on_in_the_new_version_with_its_task_and_its_due_dates(
    office: Office, driver: Driver, start: Start
) -> None:
    case = at_write(driver, start)
    due = driver.deadlines(case)
    deploy(office, name=("Task_Write", "Task_Draft"), label=("Write the report", "Draft the report"))
    move(office, case)
    (task,) = office.rows(UserTask, UserTask.state == "claimed")
    assert (task.element, task.name, task.assignee) == ("Task_Draft", "Draft the report", "ivy")
    assert driver.deadlines(case) == due
    versions = {each.definition_id for each in office.rows(Token)} | {office.rows(Instance)[0].definition_id}
    assert versions == {office.rows(ProcessDefinition)[-1].id}
    driver.do(case, "Task_Draft")
    driver.do(case, "Task_Approve")
    assert driver.state(case) == "completed"
    with office.tools.database.read() as connection:
        assert history.verify(connection)[1] == []


def test_a_running_timer_keeps_its_due_date_and_a_new_one_begins(
    office: Office, driver: Driver, start: Start
) -> None:
    case = at_write(driver, start)
    driver.do(case, "Task_Write")
    (timer,) = office.rows(Timer, Timer.token_id.is_not(None))
    reminder = (
        '<bpmn:boundaryEvent id="Timer_Soon" cancelActivity="false" attachedToRef="Task_Approve">'
        "<bpmn:outgoing>f9</bpmn:outgoing><bpmn:timerEventDefinition><bpmn:timeDuration>P2D"
        "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        '<bpmn:endEvent id="End_Soon"><bpmn:incoming>f9</bpmn:incoming></bpmn:endEvent>'
        '<bpmn:sequenceFlow id="f9" sourceRef="Timer_Soon" targetRef="End_Soon" />'
    )
    drawn = ('<bpmn:endEvent id="End_Chased">', reminder + '<bpmn:endEvent id="End_Chased">')
    chase, also = "<bpmn:flowNodeRef>Task_Chase", "<bpmn:flowNodeRef>{}</bpmn:flowNodeRef>"
    lane = (chase, also.format("Timer_Soon") + also.format("End_Soon") + chase)
    deploy(office, drawn=drawn, lane=lane)
    move(office, case, {})
    due = {each.key: each.due_at for each in office.rows(Timer, Timer.token_id.is_not(None))}
    assert due == {"Timer_Late": timer.due_at, "Timer_Soon": driver.at + timedelta(days=2)}


def test_a_case_moves_within_the_process_that_calls_it(office: Office, driver: Driver) -> None:
    files = dict(check.read_folder(MODELS)) | {"outer.bpmn": CALLER.encode()}
    with office.tools.database.begin() as connection:
        deployments.deploy(connection, files=files, by="ana", at=driver.at)
    case = driver.start("outer", "SC000001", {"lead": "ivy"}, team="Team 1", by="planner")
    driver.do(case, "Task_Visit")
    deploy(office, name=("Task_Write", "Task_Draft"))
    with office.tools.database.read() as connection:
        newest = max(
            connection.execute(
                select(ProcessDefinition.version).where(ProcessDefinition.process_id == "skeleton")
            ).scalars()
        )
        assert migration.cases_on_other_versions(connection, aim(office, RENAME, newest)) == [case]
    move(office, case, version=newest)
    assert driver.open(case) == ["Task_Draft"]
    for element in ("Task_Draft", "Task_Approve"):
        driver.do(case, element)
    assert driver.state(case) == "completed"


def test_an_undone_move_puts_tokens_tasks_and_deadlines_back(
    office: Office, driver: Driver, start: Start
) -> None:
    case = at_write(driver, start)
    tables = (Token, UserTask, Deadline, Timer, Instance)
    before = {table: office.rows(table) for table in tables}
    deploy(
        office,
        name=("Task_Write", "Task_Draft"),
        deadline=("deadline.report.", "deadline.letter."),
        timer=('deadline("report")', 'deadline("letter")'),
    )
    move(office, case)
    assert driver.deadlines(case)["report"][1] == "void"
    office.order(migration.undo, instance_id=case, reason="Too early", by=ANA)
    assert driver.deadlines(case)["letter"][1] == "void"
    for table in (Token, UserTask):
        assert office.rows(table) == before[table]
    assert [row for row in office.rows(Deadline) if row.key == "report"] == before[Deadline]
    assert [row for row in office.rows(Timer)] == before[Timer]
    assert office.rows(Instance)[0].definition_id == before[Instance][0].definition_id
    assert (office.rows(CaseMigration)[0].undone_by, office.rows(CaseMigration)[0].before) == ("ana", {})
    for element in ("Task_Write", "Task_Approve"):
        driver.do(case, element)
    assert driver.state(case) == "completed"
    with office.tools.database.read() as connection:
        assert history.verify(connection)[1] == []


def test_a_case_that_has_gone_on_is_not_put_back(office: Office, driver: Driver, start: Start) -> None:
    case = at_write(driver, start)
    deploy(office, name=("Task_Write", "Task_Draft"))
    move(office, case)
    driver.do(case, "Task_Draft")
    with pytest.raises(MovedOnError, match="has moved on"):
        office.order(migration.undo, instance_id=case, reason="Too late", by=ANA)


def test_what_undoing_needs_is_forgotten_when_the_case_goes_on(
    office: Office, driver: Driver, start: Start
) -> None:
    case = at_write(driver, start)
    deploy(office, name=("Task_Write", "Task_Draft"))
    move(office, case)
    assert "ivy" in str(kept(office))
    driver.do(case, "Task_Draft")
    assert kept(office) == [{}]


def test_a_move_can_be_undone_for_thirty_days(office: Office, driver: Driver, start: Start) -> None:
    case = start()
    deploy(office, name=("Task_Write", "Task_Draft"))
    move(office, case)
    driver.at += migration.KEPT
    assert kept(office) != [{}]
    driver.at += timedelta(seconds=1)
    assert kept(office) == [{}]
    with pytest.raises(KeptNoLongerError, match="more than 30 days ago"):
        office.order(migration.undo, instance_id=case, reason="Too late", by=ANA)


def kept(office: Office) -> list[object]:
    """What is kept of cases before their moves, after the worker has tidied up."""
    with office.tools.database.begin() as connection:
        migration.forget(connection, at=office.driver.at)
    return [row.before for row in office.rows(CaseMigration)]


def test_a_renaming_of_what_is_not_there_is_refused_before_anything_moves(
    office: Office, driver: Driver, start: Start
) -> None:
    at_write(driver, start)
    deploy(office, name=("Task_Write", "Task_Draft"))
    with pytest.raises(migration.RenameError, match="Task_Wrote is in no other version"):
        aim(office, {"Task_Wrote": "Task_Draft"})
    with pytest.raises(migration.RenameError, match="Task_Sketch is not in version 2"):
        aim(office, {"Task_Write": "Task_Sketch"})
    with pytest.raises(DefinitionMissingError, match="version 9"):
        aim(office, {}, 9)


def test_a_manager_does_not_move_cases_to_other_versions(
    office: Office, driver: Driver, start: Start
) -> None:
    case = at_write(driver, start)
    deploy(office, name=("Task_Write", "Task_Draft"))
    with pytest.raises(NotPermittedError):
        office.order(
            migration.migrate, instance_id=case, to=aim(office, RENAME), reason="A new version", by=MONA
        )
