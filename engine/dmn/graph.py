"""Links files into one decision requirement graph: resolves hrefs and imports, refuses cycles."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.dmn.notation import BusinessKnowledgeModel, Decision, DecisionService, Definitions, InputData
from engine.dmn.references import absolute
from engine.dmn.xml import NAMESPACES, ModelError

MAXIMUM_REQUIREMENT_DEPTH = 100

Node = Decision | InputData | BusinessKnowledgeModel | DecisionService


@dataclass(frozen=True, slots=True)
class Placed:
    """A node of the graph with its absolute key and the file it stands in."""

    key: str
    node: Node
    file: Definitions

    def import_name(self, namespace: str) -> str | None:
        """The prefix under which this file sees another; "" for its own and for unnamed imports."""
        if namespace == self.file.namespace:
            return ""
        return next((each.name for each in self.file.imports if each.namespace == namespace), None)


@dataclass(frozen=True, slots=True)
class Graph:
    """Every node of the main file and its imports, by `namespace#id`."""

    main: Definitions
    files: Mapping[str, Definitions]
    nodes: Mapping[str, Placed]

    def find(self, href: str, owner: Placed) -> Placed:
        """The node an href names. Raises ModelError."""
        placed = self.nodes.get(href)
        if placed is None:
            raise ModelError(
                f"{owner.node.name!r} requires {href!r}, which is in none of the given files",
                element_id=owner.node.id,
                remedy="Give the file it stands in, or draw the requirement again.",
            )
        return placed


def link(main: Definitions, imported: Iterable[Definitions]) -> Graph:
    """The graph of all files. Raises ModelError for missing files, broken references and cycles."""
    files = {main.namespace: main}
    for definitions in imported:
        if files.get(definitions.namespace, definitions) != definitions:
            raise ModelError(
                f"Two files have the namespace {definitions.namespace!r}",
                element_id=definitions.id,
                remedy="Give each file a namespace of its own.",
            )
        files[definitions.namespace] = definitions
    _refuse_missing_imports(files)
    nodes = {placed.key: placed for file in files.values() for placed in _place(file)}
    graph = Graph(main, files, nodes)
    _refuse_cycles(graph)
    return graph


def _place(file: Definitions) -> Iterator[Placed]:
    nodes: tuple[Node, ...] = (*file.inputs, *file.decisions, *file.knowledge, *file.services)
    for node in nodes:
        yield Placed(absolute(f"#{node.id}", file.namespace), node, file)


def _refuse_missing_imports(files: Mapping[str, Definitions]) -> None:
    for file in files.values():
        for each in file.imports:
            if each.kind in NAMESPACES and each.namespace not in files:
                raise ModelError(
                    f"{file.name!r} imports {each.name!r} ({each.namespace}), which was not given",
                    element_id=file.id,
                    remedy="Give the imported file beside the model.",
                )


def requirements(node: Node) -> tuple[str, ...]:
    """The hrefs a node needs before it can be evaluated (knowledge apart)."""
    if isinstance(node, Decision):
        return (*node.required_decisions, *node.required_inputs)
    return ()


def _refuse_cycles(graph: Graph) -> None:
    depths: dict[str, int] = {}

    def depth(placed: Placed, path: tuple[str, ...]) -> int:
        if placed.key in path:
            circle = (*path[path.index(placed.key) :], placed.key)
            names = " -> ".join(graph.nodes[key].node.name for key in circle)
            raise ModelError(
                f"The decisions require each other in a circle: {names}",
                element_id=placed.node.id,
                remedy="Remove one of the requirements.",
            )
        if placed.key not in depths and len(path) < MAXIMUM_REQUIREMENT_DEPTH:
            inner = (*path, placed.key)
            below = [depth(graph.find(href, placed), inner) for href in requirements(placed.node)]
            depths[placed.key] = 1 + max(below, default=0)
        if depths.get(placed.key, 1) + len(path) > MAXIMUM_REQUIREMENT_DEPTH:
            raise ModelError(
                f"The decisions require each other more than {MAXIMUM_REQUIREMENT_DEPTH} deep",
                element_id=placed.node.id,
                remedy="Split the model: give a later decision its value as an input.",
            )
        return depths[placed.key]

    for placed in graph.nodes.values():
        depth(placed, ())
