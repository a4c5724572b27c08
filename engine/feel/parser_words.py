"""What begins with a keyword: `if`, `for`, `some`, `every` and `function`."""

import re
from collections.abc import Iterable

from engine.feel import syntax
from engine.feel.lexer import Token, normal_name
from engine.feel.parser_brackets import BracketParser
from engine.feel.syntax import Node
from engine.feel.type_parser import parse_type
from engine.feel.types import ANY, FeelType

_CONSTANTS = {"true": True, "false": False, "null": None}
_PARAMETER = re.compile(r"[^,:()]+")
_EXTERNAL = re.compile(r"external\b(?=\s*\{)")


class WordParser(BracketParser):
    """Reads constructs by their first keyword."""

    def keyword(self, token: Token) -> Node:
        if token.value in _CONSTANTS:
            self.lexer.advance()
            return syntax.Literal(token.position, _CONSTANTS[token.value])
        match token.value:
            case "if":
                return self.conditional()
            case "for":
                return self.loop()
            case "some" | "every":
                return self.quantified()
            case "function":
                return self.function()
        raise self.unexpected("a value")

    def conditional(self) -> Node:
        position = self.lexer.advance().position
        condition = self.expression()
        self.expect_keyword("then")
        then = self.expression()
        self.expect_keyword("else")
        return syntax.If(position, condition, then, self.expression())

    def loop(self) -> Node:
        position = self.lexer.advance().position
        iterators = self.iterators("return", extra=["partial"])
        body = self.expression()
        self.leave(iterators)
        return syntax.For(position, iterators, body)

    def quantified(self) -> Node:
        opening = self.lexer.advance()
        iterators = self.iterators("satisfies")
        condition = self.expression()
        self.leave(iterators)
        return syntax.Quantified(opening.position, opening.value == "every", iterators, condition)

    def iterators(self, closing: str, extra: Iterable[str] = ()) -> tuple[syntax.Iterator, ...]:
        found: list[syntax.Iterator] = []
        while True:
            name = self.lexer.token
            if name.kind != "name":
                raise self.unexpected("the name of a loop variable")
            self.lexer.advance()
            self.expect_keyword("in")
            domain = self.expression()
            end = None
            if self.lexer.at(".."):
                self.lexer.advance()
                end = self.expression()
            found.append(syntax.Iterator(name.position, name.value, domain, end))
            self.names.push([name.value])
            if not self.lexer.at(","):
                break
            self.lexer.advance()
        self.expect_keyword(closing)
        return tuple(found)

    def leave(self, iterators: tuple[syntax.Iterator, ...]) -> None:
        for _ in iterators:
            self.names.pop()

    def function(self) -> Node:
        position = self.lexer.advance().position
        self.expect("(")
        parameters: list[tuple[str, FeelType]] = []
        while not self.lexer.at(")"):
            parameters.append(self.parameter())
            self.separator(")")
        self.names.push([name for name, _ in parameters])
        self.expect(")")
        external = self.lexer.take(_EXTERNAL) is not None
        body = self.expression()
        self.names.pop()
        return syntax.FunctionLiteral(position, tuple(parameters), None if external else body)

    def parameter(self) -> tuple[str, FeelType]:
        name = self.lexer.take(_PARAMETER)
        if name is None or not name.strip():
            raise self.unexpected("the name of a parameter")
        if not self.lexer.at(":"):
            return normal_name(name), ANY
        self.lexer.advance()
        return normal_name(name), parse_type(self.lexer, self.types)
