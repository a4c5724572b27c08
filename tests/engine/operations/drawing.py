"""Small processes drawn for one rule each, with a form that the skeleton's models hold."""

from collections.abc import Mapping
from itertools import pairwise

from engine import check
from engine.runtime import deployments, migration
from tests.engine.conftest import MODELS
from tests.engine.operations.conftest import ANA, Office

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d"'
    ' targetNamespace="http://bpmn.io/schema/bpmn">'
)
BY_LEAD = '<zeebe:assignmentDefinition candidateGroups="lead" />'
COMPLAINT = (
    '<bpmn:message id="{}" name="{}"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=reference" /></bpmn:extensionElements></bpmn:message>'
)


def drawn(*parts: str, id: str = "p", beside: str = "") -> bytes:
    """A file with one process; `beside` holds its messages."""
    body = "".join(parts)
    return (
        f'{HEAD}{beside}<bpmn:process id="{id}" name="{id}" isExecutable="true">{body}</bpmn:process>'
        "</bpmn:definitions>"
    ).encode()


def node(kind: str, id: str, extensions: str = "", inner: str = "", **attributes: str) -> str:
    """An element; its flows are told by `way` alone."""
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    told = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>" if extensions else ""
    return f'<bpmn:{kind} id="{id}" name="{id}"{written}>{told}{inner}</bpmn:{kind}>'


def task(id: str, extensions: str = "", inner: str = "") -> str:
    """A user task of the case's lead."""
    form = '<zeebe:userTask /><zeebe:formDefinition formId="note" bindingType="deployment" />'
    return node("userTask", id, form + BY_LEAD + extensions, inner)


def job(id: str, type: str, told: str = "") -> str:
    """An automatic step that is tried once; `told` is a header in FEEL."""
    headers = f'<zeebe:taskHeaders><zeebe:header key="told" value="{told}" /></zeebe:taskHeaders>'
    return node("serviceTask", id, f'<zeebe:taskDefinition type="{type}" retries="1" />{headers}')


def call(id: str, process_id: str) -> str:
    """A call of another process, which is handed all variables."""
    return node(
        "callActivity",
        id,
        f'<zeebe:calledElement processId="{process_id}" bindingType="deployment"'
        ' propagateAllParentVariables="true" propagateAllChildVariables="false" />',
    )


def timer(time: str, kind: str = "Duration") -> str:
    return f"<bpmn:timerEventDefinition><bpmn:time{kind}>{time}</bpmn:time{kind}></bpmn:timerEventDefinition>"


def message(id: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{id}" />'


def condition(text: str) -> str:
    return (
        "<bpmn:conditionalEventDefinition>"
        f'<bpmn:condition xsi:type="bpmn:tFormalExpression">={text}</bpmn:condition>'
        "</bpmn:conditionalEventDefinition>"
    )


def way(*ids: str) -> str:
    """Flows from each element to the next."""
    return "".join(
        f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}" />' for a, b in pairwise(ids)
    )


def put(office: Office, **files: bytes) -> None:
    """Deploy these processes beside the skeleton."""
    found = dict(check.read_folder(MODELS)) | {f"{name}.bpmn": content for name, content in files.items()}
    with office.tools.database.begin() as connection:
        deployments.deploy(connection, files=found, by="ana", at=office.driver.at)


def begin(office: Office, id: str = "p", **variables: object) -> int:
    """Start a case led by Ivy."""
    given = {"lead": "ivy", **variables}
    return office.driver.start(id, "SC000001", given, team="Team 1", by="planner")  # type: ignore[arg-type]  # plain


def move(
    office: Office, case: int, id: str = "p", version: int = 2, rename: Mapping[str, str] | None = None
) -> None:
    """Move a case to another version of a process."""
    with office.tools.database.read() as connection:
        to = migration.target(
            connection, office.tools.library, process_id=id, version=version, rename=rename or {}
        )
    office.order(migration.migrate, instance_id=case, to=to, reason="A new version", by=ANA)


def undo(office: Office, case: int) -> None:
    """Take the last move back."""
    office.order(migration.undo, instance_id=case, reason="Too early", by=ANA)
