"""A loaded decision model: evaluate and explain its decisions, services and knowledge models by name."""

from collections.abc import Mapping
from pathlib import Path

from engine.dmn.compiler import Problem
from engine.dmn.explain import Explanation
from engine.dmn.graph import Graph, link
from engine.dmn.network import Network
from engine.dmn.nodes import DecisionNode, InputNode, ServiceNode
from engine.dmn.notation import Decision
from engine.dmn.reader import read
from engine.dmn.state import DecisionRun, State, Trace
from engine.feel import Environment, EvaluationBudgetError, Value
from engine.feel.lexer import normal_name

EMPTY = Environment()


class UnknownDecisionError(LookupError):
    """The model has no decision or decision service of that id or name."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"The model has no decision {name!r}. It has: {', '.join(known) or 'none'}.")


class Model:
    """A decision model, compiled once; evaluations share nothing and may run in several threads."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.network = Network(graph)
        main = graph.main
        self.decisions: Mapping[str, Decision] = {each.id: each for each in main.decisions}
        self._found: dict[str, DecisionNode | ServiceNode] = {}
        nodes: dict[str, DecisionNode | ServiceNode] = {**self.network.services, **self.network.decisions}
        for key, node in nodes.items():
            if key.rpartition("#")[0] == main.namespace:
                self._register(node)

    def _register(self, node: DecisionNode | ServiceNode) -> None:
        what = node.decision if isinstance(node, DecisionNode) else node.service
        for name in (what.variable, what.name, what.id):
            if isinstance(node, DecisionNode) or name not in self._found:
                self._found[name] = node

    @property
    def name(self) -> str:
        return self.graph.main.name

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Expressions that cannot be run; they answer null, the rest of the model works."""
        return self.network.problems

    def decision(self, name: str) -> Decision:
        """A decision of the main file by id or name. Raises UnknownDecisionError."""
        node = self._node(name)
        if not isinstance(node, DecisionNode):
            raise UnknownDecisionError(name, [each.name for each in self.decisions.values()])
        return node.decision

    def inputs_of(self, name: str) -> Mapping[str, str]:
        """Every input the decision rests on, directly or through others: name to type reference."""
        found: dict[str, str] = {}
        waiting: list[InputNode | DecisionNode] = []
        node = self._node(name)
        if isinstance(node, ServiceNode):
            waiting.extend(parameter for _, parameter in node.parameters)
        else:
            waiting.append(node)
        seen: set[str] = set()
        while waiting:
            each = waiting.pop()
            if isinstance(each, InputNode):
                found[each.name] = each.type_ref
            elif each.key not in seen:
                seen.add(each.key)
                waiting.extend(required for _, _, required in reversed(each.requirements))
        return found

    def evaluate(self, name: str, inputs: Mapping[str, Value], environment: Environment = EMPTY) -> Value:
        """The standard's value of a decision or decision service; null where it has none.

        `inputs` are FEEL values by input name. Raises UnknownDecisionError.
        """
        node = self._node(name)
        try:
            return node.value(State(DecisionRun(environment, None), inputs))
        except (EvaluationBudgetError, RecursionError):
            return None

    def explain(
        self, name: str, inputs: Mapping[str, Value], environment: Environment = EMPTY
    ) -> Explanation:
        """The value with everything that led to it. Raises UnknownDecisionError."""
        node = self._node(name)
        trace = Trace()
        run = DecisionRun(environment, trace)
        try:
            value = node.value(State(run, inputs))
        except (EvaluationBudgetError, RecursionError) as error:
            return _stopped(node, error)
        if isinstance(node, DecisionNode):
            return trace.current.required[-1]
        return Explanation(
            decision_id=node.service.id,
            name=node.service.name,
            value=value,
            inputs={name: inputs.get(name) for name, _ in node.parameters},
            errors=(*run.refused, *(map(str, run.reasons) if value is None else ())),
            required=tuple(trace.current.required),
        )

    def _node(self, name: str) -> DecisionNode | ServiceNode:
        node = self._found.get(name) or self._found.get(normal_name(name))
        if node is None:
            raise UnknownDecisionError(name, [each.name for each in self.decisions.values()])
        return node


def _stopped(node: DecisionNode | ServiceNode, error: Exception) -> Explanation:
    what = node.decision if isinstance(node, DecisionNode) else node.service
    reason = str(error) if isinstance(error, EvaluationBudgetError) else "The expressions nest too deep"
    return Explanation(decision_id=what.id, name=what.name, value=None, errors=(reason,))


def loads(data: bytes, *imports: bytes) -> Model:
    """The model of one file and the files it imports. Raises ModelError."""
    return Model(link(read(data), map(read, imports)))


def load(path: Path | str, *imports: Path | str) -> Model:
    """The model of the file at a path and those it imports. Raises ModelError and OSError."""
    return loads(Path(path).read_bytes(), *(Path(each).read_bytes() for each in imports))
