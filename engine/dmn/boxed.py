"""Reads boxed expressions (DMN chapters 7.3.1, 8.3 and 10.5) from their elements."""

from collections.abc import Callable, Iterable

from engine.dmn import notation
from engine.dmn.notation import Expression, Literal, Parameter
from engine.dmn.references import FileContext
from engine.dmn.rows import read_literal, read_table
from engine.dmn.xml import Element, ModelError
from engine.feel.lexer import normal_name


def read_optional(element: Element | None, file: FileContext) -> Expression | None:
    """The first expression among the children, if any."""
    if element is None:
        return None
    child = element.child(*READERS)
    return READERS[child.tag](child, file) if child is not None else None


def read_required(element: Element, file: FileContext) -> Expression:
    """The first expression among the children. Raises ModelError without one."""
    expression = read_optional(element, file)
    if expression is None:
        raise ModelError(
            f"The {element.tag} holds no expression",
            element_id=element.id,
            remedy="Fill in its expression or remove it.",
        )
    return expression


def _part(element: Element, tag: str, file: FileContext) -> Expression:
    part = element.child(tag)
    if part is None:
        raise ModelError(
            f"The {element.tag} has no {tag} part", element_id=element.id, remedy=f"Add its {tag} part."
        )
    return read_required(part, file)


def _context(element: Element, file: FileContext) -> Expression:
    entries = []
    for entry in element.children("contextEntry"):
        variable = entry.child("variable")
        name = file.path_name(variable.get("name")) if variable is not None else ""
        entries.append(notation.ContextEntry(name, file.type_of(variable), read_required(entry, file)))
    return notation.Context(element.id, file.type_of(element), tuple(entries))


def _list(element: Element, file: FileContext) -> Expression:
    items = tuple(READERS[item.tag](item, file) for item in element.children(*READERS))
    return notation.BoxedList(element.id, file.type_of(element), items)


def _relation(element: Element, file: FileContext) -> Expression:
    columns = tuple(file.path_name(column.get("name")) for column in element.children("column"))
    rows = []
    for row in element.children("row"):
        cells = tuple(READERS[cell.tag](cell, file) for cell in row.children(*READERS))
        if len(cells) != len(columns):
            raise ModelError(
                f"A row has {len(cells)} cells, the relation {len(columns)} columns",
                element_id=row.id or element.id,
                remedy="Give each row one cell a column.",
            )
        rows.append(cells)
    return notation.Relation(element.id, file.type_of(element), columns, tuple(rows))


def _invocation(element: Element, file: FileContext) -> Expression:
    bindings = []
    for binding in element.children("binding"):
        parameter = binding.child("parameter")
        name = normal_name(parameter.get("name")) if parameter is not None else ""
        value = read_optional(binding, file) or Literal(binding.id, "", "null")
        bindings.append((name, value))
    return notation.Invocation(
        element.id, file.type_of(element), read_required(element, file), tuple(bindings)
    )


def read_parameters(elements: Iterable[Element], file: FileContext) -> tuple[Parameter, ...]:
    return tuple(Parameter(normal_name(each.get("name")), file.type_of(each)) for each in elements)


def read_function(element: Element, file: FileContext) -> notation.FunctionDefinition:
    return notation.FunctionDefinition(
        element.id,
        file.type_of(element),
        element.get("kind") or "FEEL",
        read_parameters(element.children("formalParameter"), file),
        read_optional(element, file),
    )


def _conditional(element: Element, file: FileContext) -> Expression:
    condition, then, otherwise = (_part(element, tag, file) for tag in ("if", "then", "else"))
    return notation.Conditional(element.id, file.type_of(element), condition, then, otherwise)


def _filter(element: Element, file: FileContext) -> Expression:
    return notation.Filter(
        element.id, file.type_of(element), _part(element, "in", file), _part(element, "match", file)
    )


def _iteration(element: Element, file: FileContext) -> Expression:
    return notation.Iteration(
        element.id,
        file.type_of(element),
        element.tag,
        normal_name(element.get("iteratorVariable")),
        _part(element, "in", file),
        _part(element, "return" if element.tag == "for" else "satisfies", file),
    )


READERS: dict[str, Callable[[Element, FileContext], Expression]] = {
    "literalExpression": read_literal,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": read_function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iteration,
    "some": _iteration,
    "every": _iteration,
    "decisionTable": read_table,
}
