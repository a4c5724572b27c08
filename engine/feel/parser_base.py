"""What every part of the parser leans on: the token at hand, the names in scope, errors."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping

from engine.feel.lexer import FeelSyntaxError, KnownNames, Lexer
from engine.feel.syntax import Node
from engine.feel.types import FeelType

MAX_NESTING = 64


class TokenReader(ABC):
    """Holds the lexer; knows how deep the parser has gone."""

    def __init__(
        self, text: str, names: Collection[str], functions: Iterable[str], types: Mapping[str, FeelType]
    ) -> None:
        self.names = KnownNames([*names, *types], functions)
        self.lexer = Lexer(text, self.names)
        self.types = types
        self.nesting = 0
        self.retries = 0
        self.filters_allowed = True

    @abstractmethod
    def expression(self, power: int = 0) -> Node:
        """Read an expression of operators that bind tighter than `power`."""

    def deeper(self) -> None:
        """Count one more level of nesting."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise self.lexer.error(f"The expression is nested more than {MAX_NESTING} deep", "Split it.")

    def expect(self, operator: str) -> None:
        if not self.lexer.at(operator):
            raise self.unexpected(f"`{operator}`")
        self.lexer.advance()

    def separator(self, closing: str) -> None:
        """A comma, unless the closing bracket is next."""
        if self.lexer.at(","):
            self.lexer.advance()
            if self.lexer.at(closing):
                raise self.unexpected("another item")
        elif not self.lexer.at(closing):
            raise self.unexpected(f"`,` or `{closing}`")

    def expect_keyword(self, word: str) -> None:
        if not self.lexer.at_keyword(word):
            raise self.unexpected(f"`{word}`")
        self.lexer.advance()

    def unexpected(self, wanted: str) -> FeelSyntaxError:
        token = self.lexer.token
        if token.kind == "end":
            return self.lexer.error(f"The expression ends where {wanted} should stand", f"Add {wanted}.")
        remedy = "Write one `=` to compare." if token.value == "=" else f"Write {wanted} here."
        shown = self.lexer.text[token.position : token.end]
        return self.lexer.error(f"`{shown}` stands where {wanted} should", remedy)
