"""Builds the runnable nodes of a linked graph, each file compiled under its own types and names."""

from collections.abc import Mapping

from engine.dmn import notation
from engine.dmn.compiler import Compiler, Names, Problem, TableRecord, fit_result
from engine.dmn.graph import Graph, Placed
from engine.dmn.nodes import DecisionNode, InputNode, ServiceNode
from engine.dmn.notation import BusinessKnowledgeModel, Decision, DecisionService, Definitions, InputData
from engine.dmn.table_compiler import compile_table
from engine.dmn.types import Types, converter
from engine.dmn.xml import ModelError
from engine.feel import Value
from engine.feel.run import Run
from engine.feel.scope import Scope
from engine.feel.types import FeelType, FunctionType
from engine.feel.values.functions import Closure, Function, Parameter, UserFunction


class Network:
    """Every node of a model, compiled once. Raises ModelError while building."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._compilers = {namespace: _compiler(file, graph.files) for namespace, file in graph.files.items()}
        self._functions: dict[str, Function] = {}
        self.inputs: dict[str, InputNode] = {}
        self.decisions: dict[str, DecisionNode] = {}
        self.services: dict[str, ServiceNode] = {}
        for placed in graph.nodes.values():
            if isinstance(placed.node, (Decision, InputData)):
                self._valued(placed)
        for placed in graph.nodes.values():
            if isinstance(placed.node, (DecisionService, BusinessKnowledgeModel)):
                self.function(placed)

    @property
    def tables(self) -> tuple[TableRecord, ...]:
        """Every table of every file, wherever it stands in an expression."""
        return tuple(record for each in self._compilers.values() for record in each.tables)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Defects found while compiling, in file order: expressions, then types nobody defines."""
        found = [problem for each in self._compilers.values() for problem in each.problems]
        unknown = sorted({name for each in self._compilers.values() for name in each.types.unknown})
        remedy = "Define it, or correct the type reference; until then it accepts any value."
        found += [Problem("", "", f"There is no type {name!r}", remedy) for name in unknown]
        return tuple(found)

    def types(self, placed: Placed) -> Types:
        return self._compilers[placed.file.namespace].types

    def function(self, placed: Placed) -> Function:
        """The function a knowledge model or decision service is to expressions."""
        if placed.key not in self._functions:
            match placed.node:
                case BusinessKnowledgeModel() as knowledge:
                    self._knowledge(placed, knowledge)
                case DecisionService() as service:
                    self._service(placed, service)
                case other:
                    raise ModelError(
                        f"{other.name!r} is required as knowledge but is neither a knowledge model "
                        "nor a decision service",
                        element_id=other.id,
                        remedy="Draw an information requirement instead.",
                    )
        return self._functions[placed.key]

    def _valued(self, placed: Placed) -> InputNode | DecisionNode:
        match placed.node:
            case InputData() as node:
                return self._input(placed, node)
            case Decision() as decision:
                return self._decision(placed, decision)
            case other:
                raise ModelError(
                    f"{other.name!r} is required as information but is no input and no decision",
                    element_id=other.id,
                    remedy="Draw a knowledge requirement instead.",
                )

    def _input(self, placed: Placed, node: InputData) -> InputNode:
        if placed.key not in self.inputs:
            fit = converter(self.types(placed).named(node.type_ref))
            self.inputs[placed.key] = InputNode(placed.key, node.name, node.type_ref, fit)
        return self.inputs[placed.key]

    def _decision(self, placed: Placed, decision: Decision) -> DecisionNode:
        if placed.key in self.decisions:
            return self.decisions[placed.key]
        fit = converter(self.types(placed).named(decision.type_ref))
        node = self.decisions[placed.key] = DecisionNode(placed.key, decision, fit)
        for href in (*decision.required_inputs, *decision.required_decisions):
            required = self._graph.find(href, placed)
            prefix = self._prefix(required, placed)
            node.requirements.append((prefix, _variable(required), self._valued(required)))
        node.functions = self._knowledge_scope(placed, decision.required_knowledge)
        names = frozenset(node.functions) | {prefix or name for prefix, name, _ in node.requirements}
        if decision.expression is not None:
            compiler = self._compilers[placed.file.namespace]
            compiler.owner = decision.id
            compiler.variables = {name: _type_of(each) for _, name, each in node.requirements}
            node.logic = compiler.expression(decision.expression, names)
        return node

    def _prefix(self, required: Placed, owner: Placed) -> str:
        prefix = owner.import_name(required.file.namespace)
        if prefix is None:
            raise ModelError(
                f"{owner.node.name!r} requires {required.node.name!r} of a file it does not import",
                element_id=owner.node.id,
                remedy=f"Import {required.file.namespace}.",
            )
        return prefix

    def _knowledge_scope(self, owner: Placed, hrefs: tuple[str, ...]) -> dict[str, Value]:
        scope: dict[str, Value] = {}
        for href in hrefs:
            required = self._graph.find(href, owner)
            prefix, name = self._prefix(required, owner), _variable(required)
            function = self.function(required)
            if prefix:
                scope[prefix] = {**scope.get(prefix, {}), name: function}
            else:
                scope[name] = function
        return scope

    def _knowledge(self, placed: Placed, knowledge: BusinessKnowledgeModel) -> None:
        compiler = self._compilers[placed.file.namespace]
        definition = knowledge.function or notation.FunctionDefinition(knowledge.id, "", "FEEL", (), None)
        parameters = tuple(
            Parameter(name, kind) for name, kind in compiler.types.parameters(definition.parameters)
        )
        required = {self._graph.find(href, placed) for href in knowledge.required_knowledge}
        names = {self._prefix(each, placed) or _variable(each) for each in required}
        names |= {knowledge.variable, *(each.name for each in parameters)}
        compiler.owner = knowledge.id
        compiler.variables = {each.name: each.type_ref for each in definition.parameters}
        result = _result_type(compiler.types.named(knowledge.type_ref))
        body = fit_result(compiler.body(definition, frozenset(names)), result, knowledge.type_ref)
        scope: dict[str, Value] = {}
        function = UserFunction(
            parameters=parameters, body=body, scope=scope, result=result, label=knowledge.variable
        )
        self._functions[placed.key] = function
        # Filled after the function exists, so that knowledge models may call themselves and each other.
        scope.update(self._knowledge_scope(placed, knowledge.required_knowledge))
        scope.setdefault(knowledge.variable, function)

    def _service(self, placed: Placed, service: DecisionService) -> None:
        types = self.types(placed)
        hrefs = (*service.input_data, *service.input_decisions)
        required = [self._graph.find(href, placed) for href in hrefs]
        nodes = [(_variable(each), self._valued(each)) for each in required]
        kinds = [self.types(each).named(_type_ref(each)) for each in required]
        outputs = [self._valued(self._graph.find(href, placed)) for href in service.output_decisions]
        result = _result_type(types.named(service.type_ref))
        node = ServiceNode(
            service,
            tuple(nodes),
            tuple(output for output in outputs if isinstance(output, DecisionNode)),
            converter(result),
        )
        self.services[placed.key] = node
        self._functions[placed.key] = UserFunction(
            parameters=tuple(Parameter(name, kind) for (name, _), kind in zip(nodes, kinds, strict=True)),
            body=_serving(node),
            scope={},
            result=result,
            label=service.variable,
        )


def _serving(node: ServiceNode) -> Closure:
    def serve(scope: Scope, run: Run) -> Value:
        return node.called(scope, run)

    return serve


def _result_type(declared: FeelType) -> FeelType:
    """What calling gives: from DMN 1.2 the variable's type is the function's, before it was the result's."""
    return declared.result if isinstance(declared, FunctionType) else declared


def _variable(placed: Placed) -> str:
    return placed.node.name if isinstance(placed.node, InputData) else placed.node.variable


def _type_of(node: InputNode | DecisionNode) -> str:
    return node.type_ref if isinstance(node, InputNode) else node.decision.type_ref


def _type_ref(placed: Placed) -> str:
    return placed.node.type_ref


def _compiler(file: Definitions, files: Mapping[str, Definitions]) -> Compiler:
    return Compiler(Types(file, files), _path_names(file, files), file.language, table=compile_table)


def _path_names(file: Definitions, files: Mapping[str, Definitions]) -> Names:
    """What may stand after a dot: entries and components of any file, and all an import offers."""
    names = set(file.names)
    outputs = {href.rpartition("#")[2] for service in file.services for href in service.output_decisions}
    names |= {decision.variable for decision in file.decisions if decision.id in outputs}
    for namespace, other in files.items():
        if namespace != file.namespace:
            names |= other.names
            names |= {each.name for each in other.inputs}
            names |= {each.variable for each in other.decisions}
            names |= {each.variable for each in other.knowledge}
            names |= {each.variable for each in other.services}
    return frozenset(names)
