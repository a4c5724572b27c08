"""Compiles boxed expressions to closures over FEEL's (DMN 10.2.2 and 10.5)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from engine import feel
from engine.dmn import notation
from engine.dmn.columns import Cell
from engine.dmn.iterations import filtering, iterating, quantifying
from engine.dmn.notation import Expression
from engine.dmn.references import is_feel
from engine.dmn.state import fail
from engine.dmn.tables import CompiledTable
from engine.dmn.types import Types, converter
from engine.feel import Value
from engine.feel.invocation import invoke_named
from engine.feel.run import Place, Run
from engine.feel.scope import LocalScope, Scope
from engine.feel.types import ANY, FeelType, FunctionType, type_text
from engine.feel.values.functions import Closure, Parameter, UserFunction
from engine.feel.values.kinds import type_name
from engine.feel.values.text import literal

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Problem:
    """A defect of one expression: the rest of the model runs, this part answers null."""

    owner: str
    element_id: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class TableRecord:
    """A compiled table with whose it is, and the types of the variables it may name."""

    owner: str
    table: CompiledTable
    variables: Mapping[str, str]
    types: Types


@dataclass(slots=True)
class Compiler:
    """What compiling one file shares: its types, the names its paths use, and the problems found."""

    types: Types
    path_names: Names
    language: str
    problems: list[Problem] = field(default_factory=list)
    owner: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    tables: list[TableRecord] = field(default_factory=list)
    cells: dict[tuple[str, Names, bool], Cell] = field(default_factory=dict)
    """Cells already compiled: tables repeat theirs, and a cell keeps no state."""
    table: "Callable[[Compiler, notation.DecisionTable, Names], CompiledTable] | None" = None

    def expression(self, expression: Expression, names: Names) -> Closure:
        """The closure of any boxed expression, its result fitted to its own type."""
        closure = self._bare(expression, names)
        return self.fitted(closure, expression.type_ref, expression)

    def fitted(self, closure: Closure, type_ref: str, expression: Expression) -> Closure:
        """The closure with its result converted to the named type, null with the reason otherwise."""
        expected = self.types.named(type_ref)
        if isinstance(expression, notation.FunctionDefinition) and not isinstance(expected, FunctionType):
            return closure
        return fit_result(closure, expected, type_ref)

    def literal(self, text: str, names: Names, *, element_id: str, language: str = "") -> Closure:
        """A FEEL text; what cannot be read is a problem and answers null."""
        language = language or self.language
        if not is_feel(language):
            return self.broken(
                element_id, f"Expressions in {language} are not run", "Write the expression in FEEL."
            )
        if not text:
            return self.broken(element_id, "The expression is empty", "Fill it in, or write null.")
        try:
            compiled = feel.compile(text, names=self.scope(names), types=self.types.mapping)
        except feel.FeelSyntaxError as error:
            return self.broken(element_id, str(error), "Correct the expression.")
        return compiled.closure

    def scope(self, names: Names) -> Collection[str]:
        return names | self.path_names

    def broken(self, element_id: str, message: str, remedy: str) -> Closure:
        """Note a problem; the closure answers null and says why."""
        self.problems.append(Problem(self.owner, element_id, message, remedy))

        def null(scope: Scope, run: Run) -> Value:
            fail(run, message)
            return None

        return null

    def function(self, definition: notation.FunctionDefinition, names: Names, result: FeelType) -> Closure:
        """A closure that makes the function value over the scope it is met in."""
        kinds = self.types.parameters(definition.parameters)
        parameters = tuple(Parameter(name, kind) for name, kind in kinds)
        inner = names | {each.name for each in parameters}
        body = self.body(definition, inner)

        def make(scope: Scope, run: Run) -> Value:
            return UserFunction(parameters=parameters, body=body, scope=scope, result=result)

        return make

    def body(self, definition: notation.FunctionDefinition, names: Names) -> Closure:
        if definition.kind.upper() != "FEEL":
            return self.broken(
                definition.id,
                f"{definition.kind} functions are not run",
                "Write the function in FEEL: code from outside never runs.",
            )
        if definition.body is None:
            return self.broken(definition.id, "The function has no body", "Write its expression.")
        return self.expression(definition.body, names)

    def _bare(self, expression: Expression, names: Names) -> Closure:
        match expression:
            case notation.Literal():
                return self.literal(
                    expression.text, names, element_id=expression.id, language=expression.language
                )
            case notation.DecisionTable():
                assert self.table is not None
                table = self.table(self, expression, names)
                self.tables.append(TableRecord(self.owner, table, self.variables, self.types))
                return table
            case notation.FunctionDefinition():
                return self.function(expression, names, ANY)
            case notation.Context():
                return self._context(expression, names)
            case notation.Iteration() | notation.Filter():
                return self._loop(expression, names)
            case _:
                return self._composed(expression, names)

    def _composed(
        self,
        expression: notation.BoxedList | notation.Relation | notation.Invocation | notation.Conditional,
        names: Names,
    ) -> Closure:
        match expression:
            case notation.BoxedList():
                return _listing([self.expression(item, names) for item in expression.items])
            case notation.Relation():
                rows = [[self.expression(cell, names) for cell in row] for row in expression.rows]
                return _relating(expression.columns, rows)
            case notation.Conditional():
                parts = (expression.condition, expression.then, expression.otherwise)
                return _choosing(*(self.expression(part, names) for part in parts))
            case notation.Invocation():
                bindings = [(name, self.expression(value, names)) for name, value in expression.bindings]
                callee = expression.function
                text = callee.text if isinstance(callee, notation.Literal) else ""
                return _invoking(self.expression(callee, names), bindings, text)

    def _context(self, context: notation.Context, names: Names) -> Closure:
        entries: list[tuple[str, Closure]] = []
        for entry in context.entries:
            closure = self.fitted(self.expression(entry.value, names), entry.type_ref, entry.value)
            entries.append((entry.name, closure))
            if entry.name:
                names = names | {entry.name}
        return _binding(entries)

    def _loop(self, expression: notation.Iteration | notation.Filter, names: Names) -> Closure:
        source = self.expression(expression.source, names)
        if isinstance(expression, notation.Filter):
            return filtering(source, self.expression(expression.match, names | {"item"}))
        body = self.expression(expression.body, names | {expression.variable, "partial"})
        if expression.kind == "for":
            return iterating(expression.variable, source, body, partial="partial" in repr(expression.body))
        return quantifying(expression.variable, source, body, every=expression.kind == "every")


def fit_result(closure: Closure, expected: FeelType, type_ref: str) -> Closure:
    """The closure with its result converted to a type, null with the reason where it does not fit."""
    fit = converter(expected)
    if fit is None:
        return closure
    name = type_ref or type_text(expected)

    def fitted(scope: Scope, run: Run) -> Value:
        value = closure(scope, run)
        fits, result = fit(value)
        if not fits:
            fail(run, f"The result {literal(value)} is not a {name}")
        return result

    return fitted


def _listing(items: list[Closure]) -> Closure:
    return lambda scope, run: [item(scope, run) for item in items]


def _relating(columns: tuple[str, ...], rows: list[list[Closure]]) -> Closure:
    def relate(scope: Scope, run: Run) -> Value:
        return [dict(zip(columns, [cell(scope, run) for cell in row], strict=True)) for row in rows]

    return relate


def _choosing(condition: Closure, then: Closure, otherwise: Closure) -> Closure:
    def choose(scope: Scope, run: Run) -> Value:
        held = condition(scope, run)
        if held is None or isinstance(held, bool):
            return then(scope, run) if held else otherwise(scope, run)
        fail(run, f"The condition gives a {type_name(held)}, not true or false")
        return None

    return choose


def _invoking(function: Closure, bindings: list[tuple[str, Closure]], text: str) -> Closure:
    place = Place(text, 0)

    def invoke(scope: Scope, run: Run) -> Value:
        arguments = {name: value(scope, run) for name, value in bindings}
        return invoke_named(function(scope, run), arguments, run, place)

    return invoke


def _binding(entries: list[tuple[str, Closure]]) -> Closure:
    """A context: each entry sees those before it; an entry without a name is the result."""

    def bind(scope: Scope, run: Run) -> Value:
        names: dict[str, Value] = {}
        local = LocalScope(names, scope)
        for name, closure in entries:
            value = closure(local, run)
            if not name:
                return value
            names[name] = value
        return names.copy()

    return bind
