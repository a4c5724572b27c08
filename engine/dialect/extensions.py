"""Reads the zeebe extension elements of one flow node; an extension we do not run is refused."""

from collections.abc import Mapping
from typing import TypedDict

from lxml import etree

from engine.dialect.expressions import Expression, expression
from engine.dialect.model import (
    Assignment,
    Binding,
    BindingType,
    CalledDecision,
    CalledElement,
    FormRef,
    IoMapping,
    LoopCharacteristics,
    Schedule,
    Script,
    TaskDefinition,
)
from engine.dialect.reading import Reading, extension, extensions
from engine.dialect.tags import FLOW_NODES
from engine.dialect.xml import BPMN, CAMUNDA_7, ZEEBE, child, children, local_name, namespace, text_of

EVERYWHERE = {"properties", "ioMapping"}
JOB = {"taskDefinition", "taskHeaders"}
OTHER_LOOPS = {
    "loopCardinality",
    "loopDataInputRef",
    "loopDataOutputRef",
    "inputDataItem",
    "outputDataItem",
    "complexBehaviorDefinition",
}
KNOWN: Mapping[str, frozenset[str]] = {
    "process": frozenset({"properties", "versionTag"}),
    "startEvent": frozenset({*EVERYWHERE, "formDefinition"}),
    "userTask": frozenset(
        {
            *EVERYWHERE,
            "userTask",
            "formDefinition",
            "assignmentDefinition",
            "taskSchedule",
            "priorityDefinition",
            "taskHeaders",
        }
    ),
    "businessRuleTask": frozenset({*EVERYWHERE, "calledDecision", "taskHeaders"}),
    "scriptTask": frozenset({*EVERYWHERE, "script", "taskHeaders"}),
    "serviceTask": frozenset({*EVERYWHERE, *JOB}),
    "sendTask": frozenset({*EVERYWHERE, *JOB}),
    "intermediateThrowEvent": frozenset({*EVERYWHERE, *JOB}),
    "endEvent": frozenset({*EVERYWHERE, *JOB}),
    "callActivity": frozenset({*EVERYWHERE, "calledElement"}),
    "message": frozenset({"subscription", "properties"}),
    "multiInstanceLoopCharacteristics": frozenset({"loopCharacteristics"}),
}
REMEDIES: Mapping[str, str] = {
    "executionListeners": "Model what the listener does as a task of its own.",
    "taskListeners": "Model what the listener does as a task of its own.",
    "userTaskForm": "Link a form by its id instead of embedding it.",
    "conditionalFilter": "Name in the condition itself what it is about.",
    "taskDefinition": "Set the implementation to a DMN decision or a FEEL expression, not to a job worker.",
}


class Details(TypedDict):
    """The parts of an element that come from its extensions."""

    native_user_task: bool
    form: FormRef | None
    assignment: Assignment
    schedule: Schedule
    priority: Expression | None
    decision: CalledDecision | None
    task: TaskDefinition | None
    script: Script | None
    io: IoMapping
    called: CalledElement | None
    properties: Mapping[str, str]


def read_details(node: etree._Element, reading: Reading) -> Details:
    """Everything the extensions of a flow node say."""
    check_extensions(node, reading)
    return Details(
        native_user_task=extension(node, "userTask") is not None,
        form=_form(node, reading),
        assignment=_assignment(node, reading),
        schedule=_schedule(node, reading),
        priority=_attribute(node, "priorityDefinition", "priority", reading),
        decision=_decision(node, reading),
        task=_task_definition(node, reading),
        script=_script(node, reading),
        io=_io(node, reading),
        called=_called(node, reading),
        properties=read_properties(node),
    )


def check_extensions(node: etree._Element, reading: Reading) -> None:
    """Refuse extension elements that would change behaviour and that we do not run."""
    elsewhere = EVERYWHERE if local_name(node) in FLOW_NODES else {"properties"}
    known = KNOWN.get(local_name(node), frozenset(elsewhere))
    for holder in children(node, "extensionElements"):
        for found in holder:
            name = local_name(found)
            if namespace(found) == ZEEBE and name not in known:
                reading.refuse(
                    node,
                    f"The extension zeebe:{name} is not run on a {local_name(node)}.",
                    REMEDIES.get(name, "Remove the extension."),
                )
            elif namespace(found) == CAMUNDA_7:
                reading.refuse(
                    node,
                    f"The extension camunda:{name} belongs to Camunda 7 and is not run.",
                    "Convert the model to Camunda 8 and set the property again.",
                )
    if any(name.startswith(f"{{{CAMUNDA_7}}}") for name in map(str, node.attrib)):
        reading.refuse(
            node,
            "It has Camunda 7 properties, which are not run.",
            "Convert the model to Camunda 8 and set the properties again.",
        )


def read_properties(node: etree._Element) -> dict[str, str]:
    """The ``zeebe:properties`` of a node."""
    return {
        found.get("name", ""): found.get("value", "")
        for holder in extensions(node, "properties")
        for found in holder.findall(f"{{{ZEEBE}}}property")
    }


def read_loop(node: etree._Element, reading: Reading) -> LoopCharacteristics | None:
    """The multi-instance marker of an activity."""
    loop = child(node, "multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    check_extensions(loop, reading)
    _refuse_other_loops(node, loop, reading)
    found = extension(loop, "loopCharacteristics")
    if found is None:
        reading.refuse(
            node,
            "It is a multi-instance activity without an input collection.",
            "Fill in the input collection (zeebe:loopCharacteristics), a FEEL list.",
        )
        return None
    collection = reading.formula(node, found.get("inputCollection"), "input collection")
    element = found.get("outputElement")
    condition = child(loop, "completionCondition")
    if bool(found.get("outputCollection")) != bool(element):
        reading.refuse(
            node,
            "Only one of output collection and output element is filled in.",
            "Fill in both, or neither.",
        )
    if collection is None:
        return None
    return LoopCharacteristics(
        sequential=reading.flag(loop, "isSequential"),
        input_collection=collection,
        input_element=found.get("inputElement", "").strip(),
        output_collection=found.get("outputCollection", "").strip(),
        output_element=reading.formula(node, element, "output element") if element else None,
        completion_condition=None
        if condition is None
        else reading.formula(node, text_of(condition), "completion condition"),
    )


def _refuse_other_loops(node: etree._Element, loop: etree._Element, reading: Reading) -> None:
    """Other ways of BPMN to say how often, and events thrown by instances."""
    for part in loop:
        if namespace(part) == BPMN and local_name(part) in OTHER_LOOPS:
            reading.refuse(
                node,
                f"Its loop has a {local_name(part)}, which is not run.",
                "Give the input collection as a FEEL list, as in = for i in 1..3 return i.",
            )
    if loop.get("behavior", "All") != "All":
        reading.refuse(
            node,
            "Its loop throws events as instances end (behavior).",
            "Draw the event inside a sub-process.",
        )


def _binding(found: etree._Element, reading: Reading) -> Binding:
    stated = found.get("bindingType")
    if stated is None:
        return Binding()
    if stated not in set(BindingType):
        reading.refuse(
            found,
            f"The binding “{stated}” is not known.",
            "Choose latest, deployment or version tag.",
        )
        return Binding()
    tag = found.get("versionTag", "").strip()
    if stated == BindingType.VERSION_TAG and not tag:
        reading.refuse(found, "The binding by version tag names no tag.", "Fill in the version tag.")
    return Binding(BindingType(stated), tag, stated=True)


def _form(node: etree._Element, reading: Reading) -> FormRef | None:
    found = extension(node, "formDefinition")
    if found is None:
        return None
    if found.get("formKey") or found.get("externalReference"):
        reading.refuse(
            node,
            "It uses an embedded or external form, which is not shown.",
            "Choose the form type “Camunda Form (linked)” and give its form id.",
        )
        return None
    form_id = reading.required(found, "formId", "form id")
    return FormRef(form_id, _binding(found, reading)) if form_id else None


def _attribute(node: etree._Element, name: str, attribute: str, reading: Reading) -> Expression | None:
    found = extension(node, name)
    return None if found is None else reading.text(node, found.get(attribute), attribute)


def _assignment(node: etree._Element, reading: Reading) -> Assignment:
    read = [
        _attribute(node, "assignmentDefinition", attribute, reading)
        for attribute in ("assignee", "candidateGroups", "candidateUsers")
    ]
    return Assignment(*read)


def _schedule(node: etree._Element, reading: Reading) -> Schedule:
    return Schedule(
        _attribute(node, "taskSchedule", "dueDate", reading),
        _attribute(node, "taskSchedule", "followUpDate", reading),
    )


def _decision(node: etree._Element, reading: Reading) -> CalledDecision | None:
    found = extension(node, "calledDecision")
    if found is None:
        return None
    decision_id = reading.text(node, found.get("decisionId"), "decision id")
    result = reading.required(found, "resultVariable", "result variable")
    if decision_id is None or not result:
        return None
    return CalledDecision(decision_id, result, _binding(found, reading))


def _task_definition(node: etree._Element, reading: Reading) -> TaskDefinition | None:
    found = extension(node, "taskDefinition")
    if found is None:
        return None
    kind = reading.text(node, found.get("type"), "job type")
    retries = reading.text(node, found.get("retries", "3"), "retries")
    if kind is None:
        reading.refuse(node, "The job type is missing.", "Fill in the type of the task definition.")
        return None
    return TaskDefinition(kind, retries or expression("3"), _headers(node, reading))


def _headers(node: etree._Element, reading: Reading) -> Mapping[str, Expression]:
    headers = {}
    for holder in extensions(node, "taskHeaders"):
        for header in holder.findall(f"{{{ZEEBE}}}header"):
            value = reading.text(node, header.get("value"), f"header {header.get('key', '')}")
            if value is not None:
                headers[header.get("key", "")] = value
    return headers


def _script(node: etree._Element, reading: Reading) -> Script | None:
    found = extension(node, "script")
    if found is None:
        return None
    formula = reading.formula(node, found.get("expression"), "script")
    result = reading.required(found, "resultVariable", "result variable")
    return Script(formula, result) if formula is not None and result else None


def _io(node: etree._Element, reading: Reading) -> IoMapping:
    found = extension(node, "ioMapping")
    if found is None:
        return IoMapping()
    return IoMapping(_pairs(found, "input", reading), _pairs(found, "output", reading))


def _pairs(mapping: etree._Element, kind: str, reading: Reading) -> tuple[tuple[Expression, str], ...]:
    pairs = []
    for found in mapping.findall(f"{{{ZEEBE}}}{kind}"):
        source = reading.text(found, found.get("source"), f"{kind} mapping")
        target = reading.required(found, "target", f"target of an {kind} mapping")
        if "." in target:
            reading.refuse(
                found,
                f"The {kind} mapping writes to “{target}”, a part of a variable.",
                "Write the whole variable; build it in FEEL, as in ={id: x}.",
            )
        elif source is not None and target:
            pairs.append((source, target))
    return tuple(pairs)


def _called(node: etree._Element, reading: Reading) -> CalledElement | None:
    found = extension(node, "calledElement")
    if found is None:
        return None
    process_id = reading.text(node, found.get("processId"), "called process id")
    if process_id is None:
        return None
    return CalledElement(
        process_id,
        _binding(found, reading),
        all_parent_variables=reading.flag(found, "propagateAllParentVariables", default=True),
        all_child_variables=reading.flag(found, "propagateAllChildVariables", default=True),
    )
