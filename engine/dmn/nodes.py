"""The runnable nodes of the graph: inputs, decisions, decision services, each valued once an evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from engine.dmn import notation
from engine.dmn.explain import Explanation
from engine.dmn.state import DecisionRun, Frame, State, Trace, fail
from engine.dmn.types import Converter
from engine.feel import Value
from engine.feel.run import Run
from engine.feel.scope import Scope
from engine.feel.values.functions import Closure, Function
from engine.feel.values.text import literal


@dataclass(frozen=True, slots=True)
class InputNode:
    """An input as the caller gives it, by its name; null where it is missing or of the wrong type."""

    key: str
    name: str
    type_ref: str
    fit: Converter | None

    def value(self, state: State) -> Value:
        if self.key in state.made:
            return state.made[self.key]
        value = state.made[self.key] = self.fitted(state.inputs.get(self.name), state.run)
        return value

    def fitted(self, value: Value, run: DecisionRun) -> Value:
        """The value as its type wants it; what does not fit becomes null and is always reported."""
        if value.__class__ is int:
            value = Decimal(value)
        if self.fit is None:
            return value
        fits, fitted = self.fit(value)
        if not fits:
            run.refused.append(f"The input {self.name} = {literal(value)} is not a {self.type_ref}")
        return fitted


@dataclass(slots=True)
class DecisionNode:
    """A decision: what it requires under which name, the functions it may call, and its logic."""

    key: str
    decision: notation.Decision
    fit: Converter | None
    functions: Mapping[str, Value] = field(default_factory=dict)
    requirements: list[tuple[str, str, "InputNode | DecisionNode"]] = field(default_factory=list)
    """Import prefix ("" for none), variable name, node."""
    logic: Closure | None = None

    def value(self, state: State) -> Value:
        """The decision's value, made at most once an evaluation."""
        made = state.made
        if self.key in made:
            return made[self.key]
        trace = state.run.trace
        value = self._make(state) if trace is None else self._traced(state, trace)
        made[self.key] = value
        return value

    def _scope(self, state: State) -> Mapping[str, Value]:
        if not self.requirements and not self.functions:
            # A table drawn without a requirements diagram sees whatever its caller has, as in the modeller.
            return state.inputs
        scope = dict(self.functions)
        for prefix, name, node in self.requirements:
            value = node.value(state)
            if prefix:
                scope[prefix] = {**scope.get(prefix, {}), name: value}
            else:
                scope[name] = value
        return scope

    def _make(self, state: State) -> Value:
        return self._decided(self._scope(state), state.run)

    def _decided(self, scope: Scope, run: DecisionRun) -> Value:
        if self.logic is None:
            fail(run, f"The decision {self.decision.name!r} has no logic")
            return None
        value = self.logic(scope, run)
        if self.fit is None:
            return value
        fits, fitted = self.fit(value)
        if not fits:
            what = f"The result {literal(value)} of {self.decision.name!r}"
            fail(run, f"{what} is not a {self.decision.type_ref}")
        return fitted

    def _traced(self, state: State, trace: Trace) -> Value:
        frame = trace.enter()
        run = state.run
        before, refused = len(run.reasons), len(run.refused)
        scope = self._scope(state)
        value = self._decided(scope, run)
        reasons = map(str, run.reasons[before:]) if _has_null(value) else ()
        errors = tuple(dict.fromkeys((*run.refused[refused:], *reasons)))
        required = scope if scope is not state.inputs else {}
        own = {name: value for name, value in required.items() if not isinstance(value, Function)}
        trace.leave(explained(self.decision, value, frame, own, errors))
        return value


def _has_null(value: Value) -> bool:
    if isinstance(value, dict):
        return any(entry is None for entry in value.values())
    return value is None or (isinstance(value, list) and None in value)


def explained(
    decision: notation.Decision,
    value: Value,
    frame: Frame,
    scope: Mapping[str, Value],
    errors: tuple[str, ...],
) -> Explanation:
    """A decision's explanation, its rows from its own table or from the only one evaluated for it."""
    own = [table for table in frame.tables if decision.table and table.table_id == decision.table.id]
    main = own[-1] if own else frame.tables[0] if len(frame.tables) == 1 else None
    return Explanation(
        decision_id=decision.id,
        name=decision.name,
        value=value,
        hit_policy=main.hit_policy if main else None,
        inputs=main.inputs if main else scope,
        rows=main.rows if main else (),
        matched=main.matched if main else (),
        errors=errors,
        no_match=main.no_match if main else False,
        required=tuple(frame.required),
        tables=tuple(frame.tables),
    )


@dataclass(frozen=True, slots=True)
class ServiceNode:
    """A decision service: given its inputs and input decisions, makes its output decisions (DMN 10.4)."""

    service: notation.DecisionService
    parameters: tuple[tuple[str, InputNode | DecisionNode], ...]
    outputs: tuple[DecisionNode, ...]
    fit: Converter | None

    def value(self, state: State) -> Value:
        """Asked by name: inputs and input decisions come from the caller, and nothing else is seen."""
        given = {name: state.inputs.get(name) for name, _ in self.parameters}
        return self.called(given, state.run, convert=True)

    def called(self, arguments: Scope, run: Run, *, convert: bool = False) -> Value:
        if not isinstance(run, DecisionRun):
            run = DecisionRun(run.environment, None)
        inner = State(run, {})
        for name, node in self.parameters:
            value = arguments.get(name, None)
            if convert and isinstance(node, InputNode):
                value = node.fitted(value, run)
            inner.made[node.key] = value
        made = {node.decision.variable: node.value(inner) for node in self.outputs}
        value = next(iter(made.values())) if len(made) == 1 else made
        if self.fit is None:
            return value
        fits, fitted = self.fit(value)
        if not fits:
            fail(run, f"The result {literal(value)} is not a {self.service.type_ref}")
        return fitted
