"""A message starts the newest version of every process that waits for it, once, as a case of its own."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from engine import feel
from engine.db.tables import Delivery, Instance, Message, Variable
from engine.history import EventKind
from engine.runtime import deployments, messages
from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.engine.conftest import THURSDAY

pytestmark = pytest.mark.database

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="tests">"""
SENDER = f"""{HEAD}
  <bpmn:process id="sender" name="Sender" isExecutable="true">
    <bpmn:extensionElements><zeebe:properties>
      <zeebe:property name="startVariables" value="to" />
    </zeebe:properties></bpmn:extensionElements>
    <bpmn:startEvent id="Start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:endEvent id="End_Told">
      <bpmn:extensionElements>
        <zeebe:taskDefinition type="publish-message" />
        <zeebe:taskHeaders>
          <zeebe:header key="name" value="Concern" />
          <zeebe:header key="correlationKey" value="=reference" />
          <zeebe:header key="timeToLive" value="P30D" />
        </zeebe:taskHeaders>
        <zeebe:ioMapping>
          <zeebe:input source="=reference" target="reference" />
          <zeebe:input source="=reference" target="told_by" />
          <zeebe:input source="=to" target="service" />
        </zeebe:ioMapping>
      </bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming>
      <bpmn:messageEventDefinition id="Definition_Told" />
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="Start" targetRef="End_Told" />
  </bpmn:process>
</bpmn:definitions>"""
RECEIVER = """{head}
  <bpmn:process id="{id}" name="Receiver" isExecutable="true">
    <bpmn:startEvent id="Start_{message}">
      <bpmn:outgoing>f1</bpmn:outgoing>
      <bpmn:messageEventDefinition messageRef="Message_1" />
    </bpmn:startEvent>
    <bpmn:userTask id="Task_Look">
      <bpmn:extensionElements>
        <zeebe:userTask /><zeebe:formDefinition formId="note" bindingType="deployment" />
        <zeebe:assignmentDefinition candidateGroups="manager" />
        <zeebe:properties><zeebe:property name="guidance" value="SCH-XC-138" /></zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="End"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="Start_{message}" targetRef="Task_Look" />
    <bpmn:sequenceFlow id="f2" sourceRef="Task_Look" targetRef="End" />
  </bpmn:process>
  <bpmn:message id="Message_1" name="{message}" />
</bpmn:definitions>"""

WAITER = f"""{HEAD}
  <bpmn:process id="waiter" name="Waiter" isExecutable="true">
    <bpmn:startEvent id="Start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:intermediateCatchEvent id="Event_First">
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
      <bpmn:messageEventDefinition messageRef="Message_First" />
    </bpmn:intermediateCatchEvent>
    <bpmn:intermediateCatchEvent id="Event_Second">
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing>
      <bpmn:messageEventDefinition messageRef="Message_Second" />
    </bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="End"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="Start" targetRef="Event_First" />
    <bpmn:sequenceFlow id="f2" sourceRef="Event_First" targetRef="Event_Second" />
    <bpmn:sequenceFlow id="f3" sourceRef="Event_Second" targetRef="End" />
  </bpmn:process>
  <bpmn:message id="Message_First" name="First">
    <bpmn:extensionElements><zeebe:subscription correlationKey="=reference" /></bpmn:extensionElements>
  </bpmn:message>
  <bpmn:message id="Message_Second" name="Second">
    <bpmn:extensionElements><zeebe:subscription correlationKey="=reference" /></bpmn:extensionElements>
  </bpmn:message>
</bpmn:definitions>"""


def receiver(process_id: str, message: str = "Concern") -> dict[str, bytes]:
    drawn = RECEIVER.format(head=HEAD, id=process_id, message=message)
    return {f"{process_id}/{process_id}.bpmn": drawn.encode()}


def deploy(tools: Tools, files: dict[str, bytes]) -> None:
    with tools.database.begin() as connection:
        deployments.deploy(connection, files=files, by="analyst", at=THURSDAY)


def send(driver: Driver, urn: str | None = "SC000001") -> int:
    """The number of a case that sends the message for a service."""
    to: feel.Value = {"urn": urn} if urn else None
    return driver.start("sender", "SC000001", {"to": to}, team="Team 1", by="planner")


def started(tools: Tools, by: int) -> list[int]:
    with tools.database.read() as connection:
        query = select(Instance.id).where(Instance.started_by_instance_id == by).order_by(Instance.id)
        return list(connection.execute(query).scalars())


@pytest.fixture(autouse=True)
def _sender(tools: Tools) -> None:
    deploy(tools, {"sender/sender.bpmn": SENDER.encode()})


def test_a_message_starts_a_case_linked_to_its_sender(driver: Driver, tools: Tools) -> None:
    deploy(tools, receiver("follow_up"))
    sender = send(driver)
    (case,) = started(tools, sender)
    assert driver.open(case) == ["Task_Look"]
    with tools.database.read() as connection:
        row = connection.execute(
            select(Instance.team, Instance.region, Instance.service_urn, Instance.started_by).where(
                Instance.id == case
            )
        ).one()
    assert row == ("Team 1", "North", "SC000001", "system")


def test_the_payload_becomes_its_variables_but_not_its_reference(driver: Driver, tools: Tools) -> None:
    deploy(tools, receiver("follow_up"))
    (case,) = started(tools, send(driver))
    query = select(Instance.id, Instance.reference)
    with tools.database.read() as connection:
        references = {row.id: row.reference for row in connection.execute(query)}
    begun = next(event for event in driver.history(case) if event.kind == EventKind.CASE_STARTED)
    assert begun.personal is not None
    assert begun.personal["reference"] == references[case]
    assert begun.personal["told_by"] in references.values()
    assert begun.personal["told_by"] != references[case]


def test_output_mappings_of_the_start_say_what_is_kept_of_the_payload(driver: Driver, tools: Tools) -> None:
    mapped = (
        "<bpmn:extensionElements><zeebe:ioMapping>"
        '<zeebe:output source="=told_by" target="concern_of" />'
        "</zeebe:ioMapping></bpmn:extensionElements>"
    )
    begins = '<bpmn:startEvent id="Start_Concern">'
    (drawn,) = receiver("follow_up").values()
    deploy(tools, {"follow_up/follow_up.bpmn": drawn.replace(begins.encode(), (begins + mapped).encode())})
    (case,) = started(tools, send(driver))
    with tools.database.read() as connection:
        kept = select(Variable.name).where(Variable.instance_id == case, Variable.scope_id == 0)
        names = set(connection.execute(kept).scalars())
    assert names == {"service", "setting", "reference", "concern_of"}


def test_every_process_that_waits_is_started_once(driver: Driver, tools: Tools) -> None:
    deploy(tools, receiver("follow_up") | receiver("watch"))
    sender = send(driver)
    driver.pass_days(40)
    assert len(started(tools, sender)) == 2


def test_the_next_message_starts_the_next_case(driver: Driver, tools: Tools) -> None:
    deploy(tools, receiver("follow_up"))
    senders = [send(driver), send(driver)]
    assert [len(started(tools, sender)) for sender in senders] == [1, 1]


def test_a_case_that_had_one_message_takes_the_next(driver: Driver, tools: Tools) -> None:
    deploy(tools, {"waiter/waiter.bpmn": WAITER.encode()})
    case = driver.start("waiter", "SC000001", {}, team="Team 1", by="planner")
    with tools.database.read() as connection:
        reference = connection.execute(select(Instance.reference).where(Instance.id == case)).scalar_one()
    for name in ("First", "Second"):
        assert driver.state(case) == "running"
        with tools.database.begin() as connection:
            messages.publish(
                connection,
                name=name,
                correlation_key=reference,
                payload={},
                expires_at=THURSDAY + timedelta(days=1),
                at=THURSDAY,
            )
        driver.travel(THURSDAY)
    assert driver.state(case) == "completed"


def test_a_message_waits_for_a_process_that_is_deployed_later(driver: Driver, tools: Tools) -> None:
    sender = send(driver)
    assert started(tools, sender) == []
    deploy(tools, receiver("follow_up"))
    driver.pass_days(1)
    assert len(started(tools, sender)) == 1


def test_only_the_newest_version_of_a_process_is_started(driver: Driver, tools: Tools) -> None:
    deploy(tools, receiver("follow_up"))
    deploy(tools, receiver("follow_up", message="Something else"))
    assert started(tools, send(driver)) == []


def test_without_a_service_in_the_payload_it_is_the_senders(driver: Driver, tools: Tools) -> None:
    deploy(tools, receiver("follow_up"))
    assert len(started(tools, send(driver, urn=None))) == 1


def test_an_unknown_service_is_an_incident_of_the_sender(driver: Driver, tools: Tools) -> None:
    deploy(tools, receiver("follow_up"))
    sender = send(driver, urn="SC999999")
    assert started(tools, sender) == []
    (incident,) = driver.incidents(sender)
    assert "could not start 'follow_up'" in incident
    assert "SC999999" in incident


def _publish(tools: Tools) -> int:
    with tools.database.begin() as connection:
        return messages.publish(
            connection,
            name="Concern",
            correlation_key=None,
            payload={"service": {"urn": "SC000001"}},
            expires_at=THURSDAY + timedelta(days=1),
            at=THURSDAY,
        )


def _only(message: int) -> messages.Receiver:
    """The one process that the message starts."""
    return messages.Receiver(message_id=message, process_id="follow_up")


def _follow_ups(tools: Tools) -> int:
    with tools.database.read() as connection:
        return len(connection.execute(select(Delivery.instance_id)).all())


def test_a_start_that_was_not_committed_is_done_again_and_leaves_one_case(tools: Tools) -> None:
    deploy(tools, receiver("follow_up"))
    message = _publish(tools)
    with tools.database.begin() as connection:
        assert messages.deliver(connection, tools.library, to=_only(message), at=THURSDAY)
        connection.rollback()  # as when the worker is killed
    assert _follow_ups(tools) == 0
    for _ in range(2):
        with tools.database.begin() as connection:
            messages.deliver(connection, tools.library, to=_only(message), at=THURSDAY)
    assert _follow_ups(tools) == 1


def test_two_workers_cannot_start_it_twice(tools: Tools) -> None:
    deploy(tools, receiver("follow_up"))
    message = _publish(tools)
    with tools.database.begin() as first, tools.database.begin() as second:
        assert messages.deliver(first, tools.library, to=_only(message), at=THURSDAY)
        assert not messages.deliver(second, tools.library, to=_only(message), at=THURSDAY)
    assert _follow_ups(tools) == 1


def test_the_database_refuses_a_second_start_of_a_process_by_one_message(tools: Tools) -> None:
    deploy(tools, receiver("follow_up"))
    messages_sent = [_publish(tools), _publish(tools)]
    for message in messages_sent:
        with tools.database.begin() as connection:
            messages.deliver(connection, tools.library, to=_only(message), at=THURSDAY)
    first, second = messages_sent
    with tools.database.read() as connection:
        query = select(Delivery.instance_id).where(Delivery.message_id == second)
        case = connection.execute(query).scalar_one()
    again = insert(Delivery).values(message_id=first, instance_id=case, process_id="follow_up", at=THURSDAY)
    with pytest.raises(IntegrityError, match="ix_delivery_started"), tools.database.begin() as connection:
        connection.execute(again)


def test_a_message_that_started_all_it_could_is_delivered(driver: Driver, tools: Tools) -> None:
    deploy(tools, receiver("follow_up"))
    send(driver)
    with tools.database.read() as connection:
        assert connection.execute(select(Message.state)).scalars().all() == ["delivered"]
