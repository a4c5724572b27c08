"""Draws processes of a few elements, and lets the database refuse what one case writes."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from sqlalchemy import text

from engine.db import Database
from engine.runtime import cases, deployments
from engine.worker.handlers import Tools
from tests.engine.conftest import THURSDAY

Element = tuple[str, str]
"""The id of an element, and its drawing with a gap for its flows."""

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="tests">"""
KEYED = """<bpmn:message id="M_{name}" name="{name}"><bpmn:extensionElements>
    <zeebe:subscription correlationKey="={key}" /></bpmn:extensionElements></bpmn:message>"""
SIGNAL = '<bpmn:signal id="S_{name}" name="{name}" />'


def message(name: str, key: str = "reference") -> str:
    return KEYED.format(name=name, key=escape(key))


def signal(name: str) -> str:
    return SIGNAL.format(name=name)


def timer(element: str = "Wait", after: str = "PT1H") -> Element:
    return element, (
        f'<bpmn:intermediateCatchEvent id="{element}">{{flows}}<bpmn:timerEventDefinition>'
        f"<bpmn:timeDuration>{after}</bpmn:timeDuration></bpmn:timerEventDefinition>"
        "</bpmn:intermediateCatchEvent>"
    )


def task(element: str = "Task_Look") -> Element:
    return element, (
        f'<bpmn:userTask id="{element}"><bpmn:extensionElements><zeebe:userTask />'
        '<zeebe:formDefinition formId="note" bindingType="deployment" />'
        '<zeebe:assignmentDefinition candidateGroups="manager" /><zeebe:properties>'
        '<zeebe:property name="guidance" value="SCH-XC-138" /></zeebe:properties>'
        "</bpmn:extensionElements>{flows}</bpmn:userTask>"
    )


def job(element: str = "Work", type: str = "work", retries: int = 3, **headers: str) -> Element:
    given = "".join(f'<zeebe:header key="{key}" value="{value}" />' for key, value in headers.items())
    return element, (
        f'<bpmn:serviceTask id="{element}"><bpmn:extensionElements>'
        f'<zeebe:taskDefinition type="{type}" retries="{retries}" />'
        f"<zeebe:taskHeaders>{given}</zeebe:taskHeaders></bpmn:extensionElements>{{flows}}</bpmn:serviceTask>"
    )


def catch(kind: str, name: str, element: str = "Catch") -> Element:
    reference = f"{kind[0].upper()}_{name}"
    return element, (
        f'<bpmn:intermediateCatchEvent id="{element}">{{flows}}'
        f'<bpmn:{kind}EventDefinition {kind}Ref="{reference}" /></bpmn:intermediateCatchEvent>'
    )


def throw_signal(name: str, element: str = "Throw") -> Element:
    return element, (
        f'<bpmn:intermediateThrowEvent id="{element}">{{flows}}'
        f'<bpmn:signalEventDefinition signalRef="S_{name}" /></bpmn:intermediateThrowEvent>'
    )


def send(name: str, key: str, to_live: str = "", element: str = "Send") -> Element:
    lives = f'<zeebe:header key="timeToLive" value="{to_live}" />' if to_live else ""
    return element, (
        f'<bpmn:intermediateThrowEvent id="{element}"><bpmn:extensionElements>'
        '<zeebe:taskDefinition type="publish-message" /><zeebe:taskHeaders>'
        f'<zeebe:header key="name" value="{name}" />'
        f'<zeebe:header key="correlationKey" value="={escape(key)}" />{lives}</zeebe:taskHeaders>'
        "</bpmn:extensionElements>{flows}<bpmn:messageEventDefinition /></bpmn:intermediateThrowEvent>"
    )


def process(
    process_id: str, elements: Sequence[Element], *, start: str = "", top: str = "", beside: str = ""
) -> dict[str, bytes]:
    """One after another, from a start event (with `start` in it) to an end event."""
    ids = ["Start", *(element for element, _ in elements), "End"]
    drawn = [f'<bpmn:startEvent id="Start"><bpmn:outgoing>f0</bpmn:outgoing>{start}</bpmn:startEvent>']
    for number, (_, xml) in enumerate(elements):
        flows = f"<bpmn:incoming>f{number}</bpmn:incoming><bpmn:outgoing>f{number + 1}</bpmn:outgoing>"
        drawn.append(xml.replace("{flows}", flows))
    drawn.append(f'<bpmn:endEvent id="End"><bpmn:incoming>f{len(elements)}</bpmn:incoming></bpmn:endEvent>')
    drawn += [
        f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}" />'
        for number, (source, target) in enumerate(pairwise(ids))
    ]
    body = "\n".join([*drawn, beside])
    whole = (
        f'{HEAD}<bpmn:process id="{process_id}" name="{process_id}" isExecutable="true">{body}</bpmn:process>'
        f"{top}</bpmn:definitions>"
    )
    return {f"{process_id}/{process_id}.bpmn": whole.encode()}


def foreseen(work: Element, code: str) -> dict[str, bytes]:
    """A process `works` of one element, with an error event on its border and behind that the task `Mend`.

    The event catches `code`, or without one every error.
    """
    reference = 'errorRef="E"' if code else ""
    _, mend = task("Mend")
    beside = (
        f'<bpmn:boundaryEvent id="Refused" attachedToRef="{work[0]}"><bpmn:outgoing>x0</bpmn:outgoing>'
        f"<bpmn:errorEventDefinition {reference} /></bpmn:boundaryEvent>"
        + mend.replace("{flows}", "<bpmn:incoming>x0</bpmn:incoming><bpmn:outgoing>x1</bpmn:outgoing>")
        + '<bpmn:endEvent id="Mended"><bpmn:incoming>x1</bpmn:incoming></bpmn:endEvent>'
        '<bpmn:sequenceFlow id="x0" sourceRef="Refused" targetRef="Mend" />'
        '<bpmn:sequenceFlow id="x1" sourceRef="Mend" targetRef="Mended" />'
    )
    top = f'<bpmn:error id="E" name="{code}" errorCode="{code}" />' if code else ""
    return process("works", [work], beside=beside, top=top)


def deploy(tools: Tools, *files: dict[str, bytes]) -> None:
    for each in files:
        with tools.database.begin() as connection:
            deployments.deploy(connection, files=each, by="analyst", at=THURSDAY)


def begin(tools: Tools, process_id: str, at: object = THURSDAY) -> int:
    """Start a case; its number. No worker looks at it."""
    with tools.database.begin() as connection:
        return cases.start(
            connection,
            tools.library,
            process_id=process_id,
            service_urn="SC000001",
            variables={},
            team="Team 1",
            by="planner",
            at=at,  # type: ignore[arg-type]
        ).id


def refuse_tasks(database: Database, case: int, *, code: str = "54000") -> None:
    """Let the database refuse every task of one case from now on, with an SQLSTATE."""
    with database.begin() as connection:
        connection.execute(
            text(
                f"CREATE FUNCTION refuse_{case}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF NEW.instance_id = {case} THEN "
                f"RAISE EXCEPTION 'too large for a page' USING ERRCODE = '{code}'; "
                "END IF; RETURN NEW; END $$"
            )
        )
        connection.execute(
            text(
                f"CREATE TRIGGER refuse_{case} BEFORE INSERT ON user_task "
                f"FOR EACH ROW EXECUTE FUNCTION refuse_{case}()"
            )
        )


def take_tasks(database: Database, case: int) -> None:
    """Mend what `refuse_tasks` broke."""
    with database.begin() as connection:
        connection.execute(text(f"DROP TRIGGER refuse_{case} ON user_task"))
