"""Reads decision tables (DMN chapter 8); horizontal and cross-tab layouts store the same elements."""

from engine.dmn.notation import (
    Aggregation,
    DecisionTable,
    HitPolicy,
    InputClause,
    Literal,
    OutputClause,
    Rule,
)
from engine.dmn.references import FileContext, is_feel
from engine.dmn.xml import Element, ModelError
from engine.feel.lexer import normal_name

DESCRIPTION = "description"
"""The annotation name of a rule's own description, where most modellers write their one annotation column."""


def read_literal(element: Element, file: FileContext) -> Literal:
    return Literal(element.id, file.type_of(element), element.text(), element.get("expressionLanguage"))


def read_table(element: Element, file: FileContext) -> DecisionTable:
    """A table with every row as wide as its header. Raises ModelError."""
    inputs = tuple(_input(clause, file) for clause in element.children("input"))
    outputs = tuple(_output(clause, file) for clause in element.children("output"))
    if not outputs:
        raise ModelError(
            "The table has no output column", element_id=element.id, remedy="Add an output column."
        )
    if len(outputs) > 1 and not all(output.name for output in outputs):
        raise ModelError(
            "An output column has no name",
            element_id=element.id,
            why="With several outputs each becomes a named entry of the result.",
            remedy="Name every output column.",
        )
    titles = [normal_name(title.get("name")) for title in element.children("annotation")]
    rules = tuple(
        _rule(rule, number, (len(inputs), len(outputs)), titles, file)
        for number, rule in enumerate(element.children("rule"), 1)
    )
    return DecisionTable(
        element.id,
        file.type_of(element),
        _hit_policy(element),
        _aggregation(element),
        inputs,
        outputs,
        rules,
    )


def _hit_policy(element: Element) -> HitPolicy:
    written = element.get("hitPolicy") or HitPolicy.UNIQUE
    try:
        return HitPolicy(written)
    except ValueError as error:
        raise ModelError(
            f"There is no hit policy {written!r}",
            element_id=element.id,
            remedy=f"Choose one of {', '.join(HitPolicy)}.",
        ) from error


def _aggregation(element: Element) -> Aggregation:
    written = element.get("aggregation") or Aggregation.LIST
    try:
        return Aggregation(written)
    except ValueError as error:
        raise ModelError(
            f"There is no aggregation {written!r}",
            element_id=element.id,
            remedy="Choose SUM, COUNT, MIN or MAX, or none for a list.",
        ) from error


def _input(clause: Element, file: FileContext) -> InputClause:
    expression = clause.child("inputExpression")
    if expression is None:
        raise ModelError(
            "An input column has no expression", element_id=clause.id, remedy="Say what the column tests."
        )
    literal = read_literal(expression, file)
    values = clause.child("inputValues")
    return InputClause(
        clause.id, clause.get("label") or literal.text, literal, values.text() if values is not None else ""
    )


def _output(clause: Element, file: FileContext) -> OutputClause:
    values, default = clause.child("outputValues"), clause.child("defaultOutputEntry")
    return OutputClause(
        clause.id,
        file.path_name(clause.get("name")),
        file.type_of(clause),
        values.text() if values is not None else "",
        default.text() if default is not None else "",
    )


def _rule(rule: Element, number: int, shape: tuple[int, int], titles: list[str], file: FileContext) -> Rule:
    inputs = tuple(_test(entry, number) for entry in rule.children("inputEntry"))
    outputs = tuple(read_literal(entry, file) for entry in rule.children("outputEntry"))
    if (len(inputs), len(outputs)) != shape:
        raise ModelError(
            f"Row {number} has {len(inputs)} input and {len(outputs)} output cells, "
            f"the table {shape[0]} and {shape[1]} columns",
            element_id=rule.id,
            remedy="Give each row one cell a column.",
        )
    return Rule(rule.id, number, inputs, outputs, tuple(_annotations(rule, titles)))


def _test(entry: Element, number: int) -> str:
    language = entry.get("expressionLanguage")
    if not is_feel(language):
        raise ModelError(
            f"A cell of row {number} is written in {language}",
            element_id=entry.id,
            why="Only FEEL is run.",
            remedy="Rewrite the cell in FEEL.",
        )
    return entry.text()


def _annotations(rule: Element, titles: list[str]) -> list[tuple[str, str]]:
    found = []
    if description := rule.text(DESCRIPTION):
        found.append((DESCRIPTION, description))
    for index, entry in enumerate(rule.children("annotationEntry")):
        if text := entry.text():
            title = titles[index] if index < len(titles) and titles[index] else f"annotation {index + 1}"
            found.append((title, text))
    return found
