"""Reads one DMN file into its definitions: types, inputs, decisions, knowledge models and services."""

from collections.abc import Iterable

from engine.dmn.boxed import read_function, read_optional, read_parameters
from engine.dmn.notation import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Definitions,
    FunctionItem,
    Import,
    InputData,
    ItemDefinition,
)
from engine.dmn.references import FileContext, absolute
from engine.dmn.xml import Element, ModelError, parse
from engine.feel.lexer import normal_name


def read(data: bytes) -> Definitions:
    """One file's definitions, hrefs absolute and names normalised. Raises ModelError."""
    root = parse(data)
    namespace = root.get("namespace")
    imports = tuple(
        Import(normal_name(each.get("name")), each.get("namespace"), each.get("importType"))
        for each in root.children("import")
    )
    file = FileContext(namespace, imports)
    items = tuple(_item(each, file) for each in root.children("itemDefinition"))
    inputs = tuple(_input_data(each, file) for each in root.children("inputData"))
    decisions = tuple(_decision(each, file) for each in root.children("decision"))
    knowledge = tuple(_knowledge(each, file) for each in root.children("businessKnowledgeModel"))
    services = tuple(_service(each, file) for each in root.children("decisionService"))
    _refuse_duplicates([*inputs, *decisions, *knowledge, *services])
    return Definitions(
        id=root.id,
        name=normal_name(root.get("name")),
        namespace=namespace,
        language=root.get("expressionLanguage"),
        imports=imports,
        items=items,
        inputs=inputs,
        decisions=decisions,
        knowledge=knowledge,
        services=services,
        names=frozenset(file.names),
    )


def _refuse_duplicates(
    elements: Iterable[InputData | Decision | BusinessKnowledgeModel | DecisionService],
) -> None:
    seen: set[str] = set()
    for element in elements:
        if element.id in seen:
            raise ModelError(
                f"The id {element.id!r} is used twice",
                element_id=element.id,
                remedy="Give each element an id of its own.",
            )
        seen.add(element.id)


def _identity(element: Element) -> tuple[str, str]:
    name = normal_name(element.get("name"))
    identifier = element.id or name
    if not identifier:
        raise ModelError(f"A {element.tag} has neither id nor name", remedy="Give it an id and a name.")
    return identifier, name or identifier


def _variable(element: Element, file: FileContext, name: str) -> tuple[str, str]:
    variable = element.child("variable")
    if variable is None:
        return name, ""
    return normal_name(variable.get("name")) or name, file.type_of(variable)


def _hrefs(element: Element, tags: tuple[str, ...], file: FileContext) -> tuple[str, ...]:
    """The hrefs below `tags` (a path of one or two tags), in document order."""
    found = list(element.children(tags[0]))
    if len(tags) > 1:
        found = [inner for outer in found for inner in outer.children(tags[1])]
    for each in found:
        if not each.get("href"):
            raise ModelError(
                f"A {each.tag} names no element", element_id=element.id, remedy="Draw the requirement again."
            )
    return tuple(absolute(each.get("href"), file.namespace) for each in found)


def _item(element: Element, file: FileContext) -> ItemDefinition:
    function = element.child("functionItem")
    allowed, constraint = element.child("allowedValues"), element.child("typeConstraint")
    text = element.text("typeRef") or element.get("typeRef")
    return ItemDefinition(
        element.id,
        file.path_name(element.get("name")),
        file.type_named(element, text),
        element.get("isCollection") in ("true", "1"),
        allowed.text() if allowed is not None else "",
        constraint.text() if constraint is not None else "",
        tuple(_item(each, file) for each in element.children("itemComponent")),
        _function_item(function, file) if function is not None else None,
    )


def _function_item(element: Element, file: FileContext) -> FunctionItem:
    return FunctionItem(
        file.type_named(element, element.get("outputTypeRef")),
        read_parameters(element.children("parameters"), file),
    )


def _input_data(element: Element, file: FileContext) -> InputData:
    identifier, name = _identity(element)
    variable, type_ref = _variable(element, file, name)
    return InputData(identifier, variable, type_ref)


def _decision(element: Element, file: FileContext) -> Decision:
    identifier, name = _identity(element)
    variable, type_ref = _variable(element, file, name)
    return Decision(
        id=identifier,
        name=name,
        variable=variable,
        type_ref=type_ref,
        required_inputs=_hrefs(element, ("informationRequirement", "requiredInput"), file),
        required_decisions=_hrefs(element, ("informationRequirement", "requiredDecision"), file),
        required_knowledge=_hrefs(element, ("knowledgeRequirement", "requiredKnowledge"), file),
        expression=read_optional(element, file),
    )


def _knowledge(element: Element, file: FileContext) -> BusinessKnowledgeModel:
    identifier, name = _identity(element)
    variable, type_ref = _variable(element, file, name)
    logic = element.child("encapsulatedLogic")
    return BusinessKnowledgeModel(
        id=identifier,
        name=name,
        variable=variable,
        type_ref=type_ref,
        required_knowledge=_hrefs(element, ("knowledgeRequirement", "requiredKnowledge"), file),
        function=read_function(logic, file) if logic is not None else None,
    )


def _service(element: Element, file: FileContext) -> DecisionService:
    identifier, name = _identity(element)
    variable, type_ref = _variable(element, file, name)
    outputs = _hrefs(element, ("outputDecision",), file)
    if not outputs:
        raise ModelError(
            f"The decision service {name!r} has no output decision",
            element_id=identifier,
            remedy="Draw at least one decision in its output part.",
        )
    return DecisionService(
        id=identifier,
        name=name,
        variable=variable,
        type_ref=type_ref,
        output_decisions=outputs,
        input_decisions=_hrefs(element, ("inputDecision",), file),
        input_data=_hrefs(element, ("inputData",), file),
    )
