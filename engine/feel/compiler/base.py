"""What all parts of the compiler share: turning nodes into closures, and marking places for reasons."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel.lexer import FeelSyntaxError
from engine.feel.run import Place
from engine.feel.syntax import Node
from engine.feel.values.functions import Closure

Handler = Callable[["Compiler", Any], Closure]


class Compiler:
    """Compiles the nodes of one text; `handlers` says how, by class of node."""

    def __init__(self, text: str, handlers: Mapping[type[Node], Handler]) -> None:
        self.text = text
        self._handlers = handlers

    def build(self, node: Node) -> Closure:
        return self._handlers[node.__class__](self, node)

    def place(self, node: Node) -> Place:
        return Place(self.text, node.position)

    def error(self, node: Node, why: str, remedy: str) -> FeelSyntaxError:
        return FeelSyntaxError(self.text, node.position, why, remedy)
