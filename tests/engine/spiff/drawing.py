"""Draws small BPMN models for tests, element by element, as the modeller would write them."""

import itertools
from collections.abc import Iterable

_numbers = itertools.count(1)
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t" id="document">'
)


def document(*processes: str, extra: str = "") -> bytes:
    return (HEAD + extra + "".join(processes) + "</bpmn:definitions>").encode()


def process(*parts: str, id: str = "p", **attributes: str) -> str:
    return element("process", id, *parts, **{"isExecutable": "true", **attributes})


def element(tag: str, id: str, *inner: str, **attributes: str) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<bpmn:{tag} id="{id}"{written}>{"".join(inner)}</bpmn:{tag}>'


def extensions(*inner: str) -> str:
    return "<bpmn:extensionElements>" + "".join(inner) + "</bpmn:extensionElements>"


def start(id: str = "s", *inner: str, **attributes: str) -> str:
    return element("startEvent", id, *inner, **attributes)


def end(id: str = "e", *inner: str) -> str:
    return element("endEvent", id, *inner)


def user(id: str, *inner: str, ext: str = "", **attributes: str) -> str:
    form = extensions("<zeebe:userTask/>", '<zeebe:formDefinition formId="f"/>', ext)
    return element("userTask", id, form, *inner, **attributes)


def script(id: str, expression: str, result: str, *ext: str) -> str:
    written = f'<zeebe:script expression="{expression}" resultVariable="{result}"/>'
    return element("scriptTask", id, extensions(written, *ext))


def service(id: str, *inner: str, type: str = "work", ext: str = "", retries: str = "3") -> str:
    written = f'<zeebe:taskDefinition type="{type}" retries="{retries}"/>'
    return element("serviceTask", id, extensions(written, ext), *inner)


def headers(**values: str) -> str:
    written = "".join(f'<zeebe:header key="{key}" value="{value}"/>' for key, value in values.items())
    return f"<zeebe:taskHeaders>{written}</zeebe:taskHeaders>"


def call(id: str, process_id: str, *ext: str, inner: str = "", **flags: str) -> str:
    written = "".join(f' {name}="{value}"' for name, value in flags.items())
    called = f'<zeebe:calledElement processId="{process_id}"{written}/>'
    return element("callActivity", id, extensions(called, *ext), inner)


def sub(id: str, *inner: str, **attributes: str) -> str:
    return element("subProcess", id, *inner, **attributes)


def handler(id: str, start_id: str, definition: str, *inner: str, interrupting: bool) -> str:
    begin = start(start_id, definition, isInterrupting=str(interrupting).lower())
    return sub(id, begin, *inner, triggeredByEvent="true")


def boundary(id: str, host: str, definition: str, *, interrupting: bool = True) -> str:
    return element(
        "boundaryEvent", id, definition, attachedToRef=host, cancelActivity=str(interrupting).lower()
    )


def catch(id: str, definition: str) -> str:
    return element("intermediateCatchEvent", id, definition)


def throw(id: str, *inner: str) -> str:
    return element("intermediateThrowEvent", id, *inner)


def flow(source: str, target: str, condition: str = "", id: str = "") -> str:
    written = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    flow_id = id or f"flow_{next(_numbers)}"
    return element("sequenceFlow", flow_id, written, sourceRef=source, targetRef=target)


def flows(*pairs: tuple[str, ...]) -> str:
    return "".join(flow(*pair) for pair in pairs)


def chain(*ids: str) -> str:
    return flows(*itertools.pairwise(ids))


def mapping(inputs: Iterable[tuple[str, str]] = (), outputs: Iterable[tuple[str, str]] = ()) -> str:
    def written(kind: str, pairs: Iterable[tuple[str, str]]) -> str:
        return "".join(f'<zeebe:{kind} source="{source}" target="{target}"/>' for source, target in pairs)

    return f"<zeebe:ioMapping>{written('input', inputs)}{written('output', outputs)}</zeebe:ioMapping>"


def each(collection: str, *, sequential: bool = False, until: str = "", **attributes: str) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    condition = f"<bpmn:completionCondition>{until}</bpmn:completionCondition>" if until else ""
    loop = extensions(f'<zeebe:loopCharacteristics inputCollection="{collection}"{written}/>')
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"{loop}{condition}</bpmn:multiInstanceLoopCharacteristics>"
    )


def timer(**time: str) -> str:
    ((kind, value),) = time.items()
    tag = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}[kind]
    return f"<bpmn:timerEventDefinition><bpmn:{tag}>{value}</bpmn:{tag}></bpmn:timerEventDefinition>"


def condition(expression: str) -> str:
    inner = f"<bpmn:condition>{expression}</bpmn:condition>"
    return f"<bpmn:conditionalEventDefinition>{inner}</bpmn:conditionalEventDefinition>"


def link(name: str) -> str:
    return f'<bpmn:linkEventDefinition name="{name}"/>'


MESSAGE = '<bpmn:messageEventDefinition messageRef="msg1"/>'
SIGNAL = '<bpmn:signalEventDefinition signalRef="sig1"/>'
ERROR = '<bpmn:errorEventDefinition errorRef="err1"/>'
ESCALATION = '<bpmn:escalationEventDefinition escalationRef="esc1"/>'
TERMINATE = "<bpmn:terminateEventDefinition/>"
NAMES = (
    '<bpmn:message id="msg1" name="hello">'
    + extensions('<zeebe:subscription correlationKey="= ref"/>')
    + '</bpmn:message><bpmn:signal id="sig1" name="go"/>'
    '<bpmn:error id="err1" name="wrong" errorCode="E1"/>'
    '<bpmn:escalation id="esc1" name="higher" escalationCode="X1"/>'
)
