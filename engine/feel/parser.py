"""The grammar of FEEL: a Pratt parser from tokens to the syntax tree (DMN 10.3.1.2)."""

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from engine.feel import syntax
from engine.feel.lexer import Lexer, Token
from engine.feel.parser_brackets import COMPARISONS
from engine.feel.parser_words import WordParser
from engine.feel.syntax import Node, children
from engine.feel.type_parser import parse_type
from engine.feel.types import FeelType
from engine.feel.values import numbers

MAX_TREE_DEPTH = 250

_POWERS = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "between", "in"), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/"), 5),
    "**": 6,
}
_OF = re.compile(r"instance\s+of\b")


def parse_expression(
    text: str, names: Collection[str], functions: Iterable[str], types: Mapping[str, FeelType]
) -> Node:
    """The tree of one expression; raises `FeelSyntaxError`."""
    parser = _Parser(text, names, functions, types)
    return parser.whole(parser.expression())


def parse_unary_tests(
    text: str, names: Collection[str], functions: Iterable[str], types: Mapping[str, FeelType]
) -> syntax.UnaryTests:
    """The tree of a decision table cell; raises `FeelSyntaxError`."""
    parser = _Parser(text, names, functions, types)
    tests = parser.unary_tests()
    parser.whole(tests)
    return tests


class _Parser(WordParser):
    def whole(self, node: Node) -> Node:
        if self.lexer.token.kind != "end":
            raise self.unexpected("the end")
        _check_depth(self.lexer, node)
        return node

    def expression(self, power: int = 0) -> Node:
        self.deeper()
        left = self.unary()
        while (operator := self.operator()) is not None and _POWERS[operator] > power:
            left = self.binary(operator, left)
        self.nesting -= 1
        return left

    def operator(self) -> str | None:
        token = self.lexer.token
        return token.value if token.kind in ("operator", "keyword") and token.value in _POWERS else None

    def binary(self, operator: str, left: Node) -> Node:
        position = self.lexer.advance().position
        if operator == "between":
            low = self.expression(2)
            self.expect_keyword("and")
            return syntax.Between(position, left, low, self.expression(3))
        if operator != "in" and self.lexer.at(*COMPARISONS):
            raise self.unexpected("a value")
        right = self.expression(_POWERS[operator])
        if operator == "in":
            return syntax.In(position, left, right)
        if isinstance(right, syntax.Tests):
            raise self.lexer.error(
                "A list of tests stands only after `in`", "Write `[…]` for a list.", right.position
            )
        return syntax.Binary(position, operator, left, right)

    def unary(self) -> Node:
        token = self.lexer.token
        if not self.lexer.at("-"):
            return self.instance_of(self.primary())
        self.lexer.advance()
        if self.lexer.token.kind == "number":
            number = self.number(self.lexer.advance())
            return self.instance_of(syntax.Literal(token.position, -number if number else number))
        self.deeper()
        operand = self.unary()
        self.nesting -= 1
        return syntax.Negation(token.position, operand)

    def instance_of(self, primary: Node) -> Node:
        value = self.postfix(primary)
        while self.lexer.at_keyword("instance"):
            position = self.lexer.token.position
            self.lexer.take(_OF)
            value = syntax.InstanceOf(position, value, parse_type(self.lexer, self.types))
        return value

    def postfix(self, value: Node) -> Node:
        while True:
            position = self.lexer.token.position
            if self.lexer.at("."):
                self.lexer.advance()
                name = self.lexer.property_name()
                if name is None:
                    raise self.unexpected("a name after the dot")
                value = syntax.Path(position, value, name)
            elif self.lexer.at("["):
                if not self.filters_allowed:
                    return value
                value = self.filter(value)
            elif self.lexer.at("("):
                value = self.call(value)
            else:
                return value

    def primary(self) -> Node:
        token = self.lexer.token
        match token.kind:
            case "number":
                return syntax.Literal(token.position, self.number(self.lexer.advance()))
            case "string":
                return syntax.Literal(token.position, self.lexer.advance().value)
            case "name":
                return syntax.Name(token.position, self.lexer.advance().value)
            case "keyword":
                return self.keyword(token)
            case "operator":
                return self.bracketed(token)
        raise self.unexpected("a value")

    def number(self, token: Token) -> Decimal:
        try:
            return numbers.number(token.value)
        except ArithmeticError:
            raise self.lexer.error(
                f"The number {token.value} is too large", "Numbers reach to 10**6144.", token.position
            ) from None

    def unary_tests(self) -> syntax.UnaryTests:
        begin = self.lexer.token
        if self.lexer.at("-"):
            self.lexer.advance()
            if self.lexer.token.kind == "end":
                return syntax.UnaryTests(begin.position, (syntax.Anything(begin.position),), False)
            self.lexer.rewind(begin)
        if begin.kind == "name" and begin.value == "not":
            negated = self.negated_tests()
            if negated is not None:
                return negated
            self.lexer.rewind(begin)
            self.nesting = 0
        return syntax.UnaryTests(begin.position, self.tests(), False)

    def negated_tests(self) -> syntax.UnaryTests | None:
        position = self.lexer.advance().position
        if not self.lexer.at("("):
            return None
        self.lexer.advance()
        items = self.tests()
        if not self.lexer.at(")"):
            raise self.unexpected("`)`")
        self.lexer.advance()
        return syntax.UnaryTests(position, items, True) if self.lexer.token.kind == "end" else None

    def tests(self) -> tuple[Node, ...]:
        items = [self.expression()]
        while self.lexer.at(","):
            self.lexer.advance()
            items.append(self.expression())
        return tuple(items)


def _check_depth(lexer: Lexer, root: Node) -> None:
    level: list[Node] = [root]
    for _ in range(MAX_TREE_DEPTH):
        level = [child for node in level for child in children(node)]
        if not level:
            return
    raise lexer.error(
        f"More than {MAX_TREE_DEPTH} operations hang on one another", "Split the expression.", 0
    )
