"""Compiles decision tables: columns with their indexes, outputs, priorities, defaults."""

from engine import feel
from engine.dmn.cells import compile_cell
from engine.dmn.columns import Cell, Column
from engine.dmn.compiler import Compiler, Names, fit_result
from engine.dmn.cuts import Cuts
from engine.dmn.notation import DecisionTable, HitPolicy, Literal, OutputClause
from engine.dmn.outcomes import Settlement
from engine.dmn.tables import CompiledInput, CompiledTable
from engine.dmn.types import converter
from engine.feel import Value
from engine.feel.values.functions import Closure


def compile_table(compiler: Compiler, table: DecisionTable, names: Names) -> CompiledTable:
    """The runnable table; cells that cannot be read are problems and never hold."""
    inputs = tuple(_input(compiler, table, index, names) for index in range(len(table.inputs)))
    outputs = tuple(
        tuple(
            _output(compiler, clause, entry, names)
            for clause, entry in zip(table.outputs, rule.outputs, strict=True)
        )
        for rule in table.rules
    )
    priorities = tuple(_priorities(compiler, table, clause) for clause in table.outputs)
    if table.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER) and not any(priorities):
        compiler.broken(
            table.id,
            f"The hit policy {table.hit_policy} needs output values in descending priority",
            "List the allowed values of an output column, most important first.",
        )
    _note_foreign_outputs(compiler, table)
    return CompiledTable(
        table, inputs, outputs, _defaults(compiler, table, names), Settlement(table, priorities)
    )


def _input(compiler: Compiler, table: DecisionTable, index: int, names: Names) -> CompiledInput:
    clause = table.inputs[index]
    written = clause.expression
    expression = compiler.literal(written.text, names, element_id=clause.id, language=written.language)
    cells = tuple(cell(compiler, rule.inputs[index], names, rule.id) for rule in table.rules)
    allowed = cell(compiler, clause.values, names, clause.id, domain=True) if clause.values else None
    fit = converter(compiler.types.named(written.type_ref))
    return CompiledInput(clause, expression, fit, allowed, Column(cells))


def cell(compiler: Compiler, text: str, names: Names, element_id: str, *, domain: bool = False) -> Cell:
    """One cell; an empty one holds always, as `-` does."""
    key = (text, names, domain)
    if key in compiler.cells:
        return compiler.cells[key]
    try:
        compiled = compile_cell(text, compiler.scope(names), compiler.types.mapping, domain=domain)
    except feel.FeelSyntaxError as error:
        broken = compiler.broken(element_id, str(error), "Correct the cell.")
        return Cell(text, lambda value, scope, run: broken(scope, run), "it cannot be read")
    compiler.cells[key] = compiled
    return compiled


def _output(compiler: Compiler, clause: OutputClause, entry: Literal, names: Names) -> Closure:
    text = entry.text or "null"
    closure = compiler.literal(text, names, element_id=entry.id, language=entry.language)
    for type_ref in (entry.type_ref, clause.type_ref):
        closure = fit_result(closure, compiler.types.named(type_ref), type_ref)
    return closure


def _note_foreign_outputs(compiler: Compiler, table: DecisionTable) -> None:
    """Constant outputs outside the column's own values are problems; null always declares a gap."""
    for index, clause in enumerate(table.outputs):
        if not clause.values:
            continue
        allowed = cell(compiler, clause.values, frozenset(), clause.id, domain=True)
        for rule in table.rules:
            entry = rule.outputs[index]
            if isinstance(allowed.cuts, Cuts) and entry.text not in ("", "null"):
                written = cell(compiler, entry.text, frozenset(), entry.id).cuts
                values = written.constants if isinstance(written, Cuts) and not written.ordered else []
                if any(not allowed.holds(value, {}, feel.Run(feel.EMPTY)) for value in values):
                    compiler.broken(
                        entry.id,
                        f"The output {entry.text} of row {rule.number} is not one of {clause.values}",
                        "Correct the output, or add it to the column's output values.",
                    )


def _priorities(compiler: Compiler, table: DecisionTable, clause: OutputClause) -> tuple[Value, ...]:
    """The output values in descending priority: the column's own, or those its type allows."""
    text = clause.values or _allowed_by_type(compiler, table, clause)
    if not text:
        return ()
    try:
        found = compile_cell(text).cuts
    except feel.FeelSyntaxError as error:
        compiler.broken(clause.id, str(error), "Correct the output values.")
        return ()
    return tuple(found.constants) if isinstance(found, Cuts) and not found.ordered else ()


def _allowed_by_type(compiler: Compiler, table: DecisionTable, clause: OutputClause) -> str:
    item = compiler.types.item(clause.type_ref)
    if item is None:
        item = compiler.types.item(table.type_ref)
        if item is not None and item.components:
            item = compiler.types.component(item, clause.name)
            item = compiler.types.item(item.type_ref) if item is not None and not item.allowed else item
    return item.allowed if item is not None else ""


def _defaults(compiler: Compiler, table: DecisionTable, names: Names) -> tuple[Closure, ...] | None:
    if not any(clause.default for clause in table.outputs):
        return None
    return tuple(
        _output(compiler, clause, Literal(clause.id, "", clause.default), names) for clause in table.outputs
    )
