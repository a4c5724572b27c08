"""Messages go to one waiting case in their time, signals to all who wait; who fails blocks no other."""

from datetime import datetime, timedelta

import pytest
from smallmodels import (
    begin,
    catch,
    deploy,
    message,
    process,
    refuse_tasks,
    send,
    signal,
    take_tasks,
    task,
    throw_signal,
)
from sqlalchemy import select

from engine.db.tables import Incident, Message
from engine.runtime import messages, operator
from engine.runtime.user_tasks import Actor, Role
from engine.simulation import Driver
from engine.worker import Worker
from engine.worker.handlers import Tools
from tests.engine.conftest import THURSDAY

pytestmark = pytest.mark.database

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ADA = Actor("ada", (Role("administrator"),))
STOP = signal("Stop")
NEWS = message("News", '"k"')


@pytest.fixture
def worker(tools: Tools) -> Worker:
    return Worker(tools, lambda: THURSDAY)


def publish(tools: Tools, *, until: datetime, at: datetime = THURSDAY) -> None:
    with tools.database.begin() as connection:
        messages.publish(connection, name="News", correlation_key="k", payload={}, expires_at=until, at=at)


def states(tools: Tools) -> list[str]:
    with tools.database.read() as connection:
        return list(connection.execute(select(Message.state).order_by(Message.id)).scalars())


def _suspend(tools: Tools, case: int) -> None:
    with tools.database.begin() as connection:
        operator.suspend(connection, tools.library, instance_id=case, reason="Wait.", by=ADA, at=THURSDAY)


def _resume(tools: Tools, case: int, at: datetime) -> None:
    with tools.database.begin() as connection:
        operator.resume(connection, tools.library, instance_id=case, reason="Go on.", by=ADA, at=at)


# --- signals --------------------------------------------------------------------------------------


def test_a_signal_reaches_every_case_that_waits_for_it(tools: Tools, worker: Worker, driver: Driver) -> None:
    deploy(tools, process("waits", [catch("signal", "Stop")], top=STOP))
    deploy(tools, process("sends", [throw_signal("Stop")], top=STOP))
    waiting = [begin(tools, "waits") for _ in range(3)]
    begin(tools, "sends")
    worker.settle(THURSDAY)
    assert [driver.state(case) for case in waiting] == ["completed"] * 3
    assert set(states(tools)) == {"delivered"}


def test_a_signal_reaches_every_token_of_a_case_that_waits_for_it(
    tools: Tools, worker: Worker, driver: Driver
) -> None:
    beside = (
        '<bpmn:boundaryEvent id="Told" cancelActivity="false" attachedToRef="Task_Look">'
        '<bpmn:outgoing>g1</bpmn:outgoing><bpmn:signalEventDefinition signalRef="S_Stop" />'
        '</bpmn:boundaryEvent><bpmn:endEvent id="End_Told"><bpmn:incoming>g1</bpmn:incoming></bpmn:endEvent>'
        '<bpmn:sequenceFlow id="g1" sourceRef="Told" targetRef="End_Told" />'
        '<bpmn:boundaryEvent id="Heard" cancelActivity="false" attachedToRef="Task_Look">'
        '<bpmn:outgoing>h1</bpmn:outgoing><bpmn:signalEventDefinition signalRef="S_Stop" />'
        '</bpmn:boundaryEvent><bpmn:endEvent id="End_Heard"><bpmn:incoming>h1</bpmn:incoming></bpmn:endEvent>'
        '<bpmn:sequenceFlow id="h1" sourceRef="Heard" targetRef="End_Heard" />'
    )
    deploy(tools, process("waits", [task()], top=STOP, beside=beside))
    deploy(tools, process("sends", [throw_signal("Stop")], top=STOP))
    case = begin(tools, "waits")
    begin(tools, "sends")
    worker.settle(THURSDAY)
    ended = {event.element for event in driver.history(case) if event.kind == "element completed"}
    assert {"End_Told", "End_Heard"} <= ended
    received = [event for event in driver.history(case) if event.kind == "message received"]
    assert len(received) == 1, "the case has it once"


def test_a_signal_waits_for_a_suspended_case_and_for_no_other(
    tools: Tools, worker: Worker, driver: Driver
) -> None:
    deploy(tools, process("waits", [catch("signal", "Stop")], top=STOP))
    deploy(tools, process("sends", [throw_signal("Stop")], top=STOP))
    suspended, sender = begin(tools, "waits"), begin(tools, "sends")
    _suspend(tools, suspended)
    worker.settle(THURSDAY)
    late = begin(tools, "waits")
    worker.settle(THURSDAY + DAY)
    _resume(tools, suspended, THURSDAY + DAY)
    worker.settle(THURSDAY + DAY)
    assert (driver.state(suspended), driver.state(late)) == ("completed", "running")
    assert driver.incidents(sender) == []


def test_a_signal_that_nobody_waits_for_is_gone(tools: Tools, worker: Worker, driver: Driver) -> None:
    deploy(tools, process("waits", [catch("signal", "Stop")], top=STOP))
    deploy(tools, process("sends", [throw_signal("Stop")], top=STOP))
    sender = begin(tools, "sends")
    worker.settle(THURSDAY)
    case = begin(tools, "waits")
    worker.settle(THURSDAY + MINUTE)
    assert (driver.state(case), states(tools), driver.incidents(sender)) == ("running", ["delivered"], [])


def test_a_signal_starts_a_process_once_and_reaches_who_waits(
    tools: Tools, worker: Worker, driver: Driver
) -> None:
    begins = '<bpmn:signalEventDefinition signalRef="S_Stop" />'
    deploy(tools, process("waits", [catch("signal", "Stop")], top=STOP))
    deploy(tools, process("begun", [task()], top=STOP, start=begins))
    deploy(tools, process("sends", [throw_signal("Stop")], top=STOP))
    case, sender = begin(tools, "waits"), begin(tools, "sends")
    for number in range(3):
        worker.settle(THURSDAY + number * MINUTE)
    assert (driver.state(case), driver.open(sender + 1)) == ("completed", ["Task_Look"])
    with pytest.raises(Exception, match="No row"):
        driver.state(sender + 2)


# --- a time to live -------------------------------------------------------------------------------


def test_a_message_whose_time_is_over_is_never_delivered(
    tools: Tools, worker: Worker, driver: Driver
) -> None:
    deploy(tools, process("waits", [catch("message", "News")], top=NEWS))
    publish(tools, until=THURSDAY, at=THURSDAY - MINUTE)
    case = begin(tools, "waits")
    worker.settle(THURSDAY + 2 * DAY)
    assert (driver.state(case), states(tools)) == ("running", ["expired"])


def test_a_message_whose_worker_stopped_right_after_it_was_received_is_ended_by_the_next(
    tools: Tools, worker: Worker, driver: Driver
) -> None:
    deploy(tools, process("reads", [catch("message", "News")], top=NEWS))
    case = begin(tools, "reads")
    publish(tools, until=THURSDAY + DAY)
    with tools.database.begin() as connection:
        (waiting,) = messages.waiting(connection, THURSDAY)
        (receiver,) = messages.receivers(connection, waiting, THURSDAY)
        assert messages.deliver(connection, tools.library, to=receiver, at=THURSDAY)
    worker.settle(THURSDAY)
    assert (driver.state(case), states(tools)) == ("completed", ["delivered"])


def test_a_message_that_nobody_took_in_its_time_is_an_incident_of_its_sender(
    tools: Tools, worker: Worker, driver: Driver
) -> None:
    deploy(tools, process("sends", [send("News", '"k"', "PT1H")]))
    case = begin(tools, "sends")
    worker.settle(THURSDAY)
    assert driver.incidents(case) == []
    worker.settle(THURSDAY + timedelta(hours=1))
    assert driver.incidents(case) == ["News: Nobody took the message 'News' in its time."]


def test_a_message_without_a_time_to_live_waits_for_the_suspended_case_that_waits_for_it(
    tools: Tools, worker: Worker, driver: Driver
) -> None:
    deploy(tools, process("waits", [catch("message", "News")], top=NEWS))
    deploy(tools, process("sends", [send("News", '"k"')]))
    case = begin(tools, "waits")
    _suspend(tools, case)
    sender = begin(tools, "sends")
    worker.settle(THURSDAY + DAY)
    _resume(tools, case, THURSDAY + DAY)
    worker.settle(THURSDAY + DAY)
    assert (driver.state(case), driver.incidents(sender)) == ("completed", [])


# --- receivers that fail ----------------------------------------------------------------------------


def test_a_case_that_cannot_receive_a_message_keeps_it_from_no_other(
    tools: Tools, worker: Worker, driver: Driver
) -> None:
    deploy(tools, process("waits", [catch("message", "News"), task()], top=NEWS))
    bad, good = begin(tools, "waits"), begin(tools, "waits")
    refuse_tasks(tools.database, bad)
    publish(tools, until=THURSDAY + DAY)
    worker.settle(THURSDAY)
    assert (driver.open(good), states(tools)) == (["Task_Look"], ["delivered"])


def test_a_case_that_cannot_receive_a_signal_keeps_it_from_no_other(
    tools: Tools, worker: Worker, driver: Driver
) -> None:
    deploy(tools, process("waits", [catch("signal", "Stop"), task()], top=STOP))
    deploy(tools, process("sends", [throw_signal("Stop")], top=STOP))
    bad, good = begin(tools, "waits"), begin(tools, "waits")
    refuse_tasks(tools.database, bad)
    begin(tools, "sends")
    worker.settle(THURSDAY)
    assert driver.open(good) == ["Task_Look"]


@pytest.mark.parametrize("to_live", ["P1D", ""], ids=["with a time to live", "without"])
def test_a_message_that_its_only_receiver_cannot_take_is_an_incident_there_and_comes_with_the_retry(
    to_live: str, tools: Tools, worker: Worker, driver: Driver
) -> None:
    deploy(tools, process("waits", [catch("message", "News"), task()], top=NEWS))
    deploy(tools, process("sends", [send("News", '"k"', to_live)]))
    case, sender = begin(tools, "waits"), begin(tools, "sends")
    refuse_tasks(tools.database, case)
    for number in range(5):
        worker.settle(THURSDAY + number * 2 * MINUTE)
    (incident,) = driver.incidents(case)
    assert incident.startswith("Catch: The message 'News' cannot be received.")
    assert "too large for a page" in incident
    take_tasks(tools.database, case)
    with tools.database.begin() as connection:
        number = connection.execute(select(Incident.id)).scalar_one()
        operator.retry_incident(connection, tools.library, incident_id=number, by=ADA, at=THURSDAY)
    worker.settle(THURSDAY + timedelta(hours=1))
    assert (driver.open(case), driver.incidents(sender)) == (["Task_Look"], [])


def test_a_process_that_cannot_be_started_is_told_to_the_sender_and_keeps_the_message_from_nobody(
    tools: Tools, worker: Worker, driver: Driver
) -> None:
    begins = '<bpmn:messageEventDefinition messageRef="M_News" />'
    deploy(tools, process("aaa_bad", [task()], top=NEWS, start=begins))
    deploy(tools, process("waits", [catch("message", "News")], top=NEWS))
    deploy(tools, process("sends", [send("News", '"k"', "P1D")]))
    case, sender = begin(tools, "waits"), begin(tools, "sends")
    for number in range(sender + 1, sender + 9):
        refuse_tasks(tools.database, number)
    for number in range(5):
        worker.settle(THURSDAY + number * 2 * MINUTE)
    assert driver.state(case) == "completed"
    (incident,) = driver.incidents(sender)
    assert incident.startswith("News: The message 'News' could not start 'aaa_bad'.")
    assert states(tools) == ["refused"]
