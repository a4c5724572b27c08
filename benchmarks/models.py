"""Writes the processes that are measured: user tasks in a row, each with a form, a lane and a value.

After every task i with i % 10 = 5 stands a gateway on data, after every task with i % 10 = 8 a decision, so
that a long process has the same density of both as a short one. Each task sets one integer; there are five
names in turn, so that a case holds the same data at any age (`own_names` gives every task a name of its own).
"""

import json
from collections.abc import Iterator
from itertools import pairwise
from xml.sax.saxutils import quoteattr

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
LANES = ("Inspector", "Manager")

GROUPS = b"""groups:
  - {id: inspector, name: Inspector, lanes: [Inspector], relation: any}
  - {id: manager, name: Manager, lanes: [Manager], relation: team}
"""


def bundle(*lengths: int, own_names: bool = False) -> dict[str, bytes]:
    """The files to deploy for processes of these many tasks: a role file, a table, forms, diagrams."""
    files = {"groups.yaml": GROUPS, "grade.dmn": decision(), "bench_timer.bpmn": waiting()}
    files["bench_loop.bpmn"] = looping()
    files["ask_x1.form"] = form("x1")
    for length in lengths:
        name = name_of(length, own_names=own_names)
        files[f"{name}.bpmn"] = process(length, own_names=own_names)
        for number in range(1, length + 1):
            asked = variable(number, own_names=own_names)
            files[f"ask_{asked}.form"] = form(asked)
    return files


def waiting() -> bytes:
    """A process that waits for a day, for measuring timers."""
    name = "bench_timer"
    return (
        f'<definitions xmlns="{BPMN}" xmlns:zeebe="{ZEEBE}" id="d_{name}" targetNamespace="urn:bench">'
        f'<process id="{name}" name="Waits a day" isExecutable="true">'
        '<startEvent id="StartEvent"><outgoing>f0</outgoing></startEvent>'
        '<intermediateCatchEvent id="Wait"><incoming>f0</incoming><outgoing>f1</outgoing>'
        "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
        '</intermediateCatchEvent><endEvent id="EndEvent"><incoming>f1</incoming></endEvent>'
        '<sequenceFlow id="f0" sourceRef="StartEvent" targetRef="Wait"/>'
        '<sequenceFlow id="f1" sourceRef="Wait" targetRef="EndEvent"/></process></definitions>'
    ).encode()


def looping() -> bytes:
    """A process that asks for one task again and again, for cases with a long history."""
    name, ask = "bench_loop", variable(1)
    return (
        f'<definitions xmlns="{BPMN}" xmlns:zeebe="{ZEEBE}" id="d_{name}" targetNamespace="urn:bench">'
        f'<process id="{name}" name="One task again and again" isExecutable="true">'
        f'<laneSet id="lanes"><lane id="lane" name="{LANES[0]}">'
        f"<flowNodeRef>{task_id(1)}</flowNodeRef></lane></laneSet>"
        '<startEvent id="StartEvent"><outgoing>f0</outgoing></startEvent>'
        f'<userTask id="{task_id(1)}" name="Again"><extensionElements><zeebe:userTask/>'
        f'<zeebe:formDefinition formId="ask_{ask}" bindingType="deployment"/></extensionElements>'
        "<incoming>f0</incoming><incoming>f2</incoming><outgoing>f1</outgoing></userTask>"
        '<exclusiveGateway id="Gateway" default="f3"><incoming>f1</incoming><outgoing>f2</outgoing>'
        '<outgoing>f3</outgoing></exclusiveGateway><endEvent id="EndEvent"><incoming>f3</incoming></endEvent>'
        f'<sequenceFlow id="f0" sourceRef="StartEvent" targetRef="{task_id(1)}"/>'
        f'<sequenceFlow id="f1" sourceRef="{task_id(1)}" targetRef="Gateway"/>'
        f'<sequenceFlow id="f2" sourceRef="Gateway" targetRef="{task_id(1)}">'
        f"<conditionExpression>= {ask} &gt;= 0</conditionExpression></sequenceFlow>"
        '<sequenceFlow id="f3" sourceRef="Gateway" targetRef="EndEvent"/></process></definitions>'
    ).encode()


def form(name: str) -> bytes:
    """A form with one question: the whole number `name`."""
    question = {"id": f"field_{name}", "key": name, "type": "number", "label": "Amount"}
    told = {"id": f"ask_{name}", "type": "default", "schemaVersion": 16, "components": [question]}
    return json.dumps(told).encode()


def name_of(length: int, *, own_names: bool = False) -> str:
    """The id of the process with this many tasks."""
    return f"bench_{length:03}" + ("_own" if own_names else "")


def task_id(number: int) -> str:
    """The id of a task; as long for the last as for the first, so that bytes can be compared."""
    return f"Task_{number:04}"


def variable(number: int, *, own_names: bool = False) -> str:
    """The variable a task sets."""
    return f"x{number:04}" if own_names else f"x{number % 5}"


def process(length: int, *, own_names: bool = False) -> bytes:
    """The diagram of a process, without its picture."""
    name = name_of(length, own_names=own_names)
    nodes = list(_nodes(length))
    flows = [(f"f{number}", *ends) for number, ends in enumerate(pairwise(node for node, _ in nodes))]
    rejected = [(f"r{node}", node, "Rejected") for node, kind in nodes if kind == "exclusiveGateway"]
    drawn = [
        _node(node, kind, [*flows, *rejected], own_names=own_names)
        for node, kind in [*nodes, ("Rejected", "endEvent")]
    ]
    lines = [_flow(*flow, own_names=own_names) for flow in [*flows, *rejected]]
    return (
        f'<definitions xmlns="{BPMN}" xmlns:zeebe="{ZEEBE}" id="d_{name}" targetNamespace="urn:bench">'
        f'<process id="{name}" name="{length} tasks" isExecutable="true">{_lanes(length, nodes)}'
        f"{''.join(drawn)}{''.join(lines)}</process></definitions>"
    ).encode()


def _nodes(length: int) -> Iterator[tuple[str, str]]:
    yield "StartEvent", "startEvent"
    for number in range(1, length + 1):
        yield task_id(number), "userTask"
        if number % 10 == 5:
            yield f"Gateway_{number:04}", "exclusiveGateway"
        if number % 10 == 8:
            yield f"Rule_{number:04}", "businessRuleTask"
    yield "EndEvent", "endEvent"


def _lanes(length: int, nodes: list[tuple[str, str]]) -> str:
    """Task by task from the one lane to the other; everything else stands in the first."""
    second = {task_id(number) for number in range(2, length + 1, 2)}
    names = [*(node for node, _ in nodes), "Rejected"]
    inside = [[n for n in names if n not in second], [n for n in names if n in second]]
    lanes = (
        f'<lane id="lane_{label}" name="{label}">'
        + "".join(f"<flowNodeRef>{node}</flowNodeRef>" for node in held)
        + "</lane>"
        for label, held in zip(LANES, inside, strict=True)
    )
    return f'<laneSet id="lanes">{"".join(lanes)}</laneSet>'


def _node(node: str, kind: str, flows: list[tuple[str, str, str]], *, own_names: bool) -> str:
    value = variable(int(node[-4:]), own_names=own_names) if node[-4:].isdigit() else ""
    match kind:
        case "userTask":
            inner = f'<zeebe:userTask/><zeebe:formDefinition formId="ask_{value}" bindingType="deployment"/>'
        case "businessRuleTask":
            inner = (
                '<zeebe:calledDecision decisionId="grade" resultVariable="grade" bindingType="deployment"/>'
            )
            inner += f'<zeebe:ioMapping><zeebe:input source="= {value}" target="amount"/></zeebe:ioMapping>'
        case _:
            inner = ""
    extension = f"<extensionElements>{inner}</extensionElements>" if inner else ""
    ends = "".join(f"<incoming>{flow}</incoming>" for flow, _, target in flows if target == node)
    ends += "".join(f"<outgoing>{flow}</outgoing>" for flow, source, _ in flows if source == node)
    default = f" default={quoteattr('r' + node)}" if kind == "exclusiveGateway" else ""
    return f'<{kind} id="{node}" name="{node}"{default}>{extension}{ends}</{kind}>'


def _flow(flow: str, source: str, target: str, *, own_names: bool) -> str:
    condition = ""
    if source.startswith("Gateway_") and target != "Rejected":
        value = variable(int(source[-4:]), own_names=own_names)
        condition = f"<conditionExpression>= {value} &gt;= 0</conditionExpression>"
    return f'<sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}">{condition}</sequenceFlow>'


def decision() -> bytes:
    """A table of three rows, UNIQUE."""
    rows = (("&lt; 10", "low"), ("[10..100)", "middle"), ("&gt;= 100", "high"))
    rules = "".join(
        f'<rule id="row_{name}"><inputEntry id="i_{name}"><text>{test}</text></inputEntry>'
        f'<outputEntry id="o_{name}"><text>"{name}"</text></outputEntry></rule>'
        for test, name in rows
    )
    return (
        f'<definitions xmlns="{DMN}" id="grades" name="Grades" namespace="urn:bench">'
        '<inputData id="in" name="amount"><variable id="v" name="amount" typeRef="number"/></inputData>'
        '<decision id="grade" name="Grade"><informationRequirement id="ir"><requiredInput href="#in"/>'
        '</informationRequirement><decisionTable id="t" hitPolicy="UNIQUE"><input id="c">'
        '<inputExpression id="e" typeRef="number"><text>amount</text></inputExpression></input>'
        f'<output id="o" name="grade" typeRef="string"/>{rules}</decisionTable></decision></definitions>'
    ).encode()
