"""The grammar of FEEL: a Pratt parser from tokens to the syntax tree (DMN 10.3.1.2)."""

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from engine.feel import syntax
from engine.feel.lexer import FeelSyntaxError, KnownNames, Lexer, Token, normal_name
from engine.feel.syntax import Node
from engine.feel.type_parser import parse_type
from engine.feel.types import ANY, FeelType
from engine.feel.values import numbers

MAX_NESTING = 64
MAX_TREE_DEPTH = 300
_MAX_RETRIES = 20

_POWERS = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "between", "in"), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/"), 5),
    "**": 6,
}
_SUM = 4
_COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")
_CONSTANTS = {"true": True, "false": False, "null": None}
_OF = re.compile(r"instance\s+of\b")
_PARAMETER = re.compile(r"[^,:()]+")


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


class _Parser:
    def __init__(
        self, text: str, names: Collection[str], functions: Iterable[str], types: Mapping[str, FeelType]
    ) -> None:
        self.names = KnownNames([*names, *types], functions)
        self.lexer = Lexer(text, self.names)
        self.types = types
        self.nesting = 0
        self.retries = 0
        self.filters_allowed = True

    def whole(self, node: Node) -> Node:
        if self.lexer.token.kind != "end":
            raise self.unexpected("the end")
        _check_depth(self.lexer, node)
        return node

    # Operators

    def expression(self, power: int = 0) -> Node:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise self.lexer.error(f"The expression is nested more than {MAX_NESTING} deep", "Split it.")
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
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise self.lexer.error(f"The expression is nested more than {MAX_NESTING} deep", "Split it.")
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

    # What stands for itself

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

    def bracketed(self, token: Token) -> Node:
        if token.value in _COMPARISONS:
            self.lexer.advance()
            return syntax.Comparison(token.position, token.value, self.expression(_SUM - 1))
        allowed, self.filters_allowed = self.filters_allowed, True
        match token.value:
            case "(":
                node = self.parenthesis()
            case "[":
                node = self.list_or_range()
            case "]":
                self.lexer.advance()
                node = self.range(token, self.expression(), start_included=False)
            case "{":
                node = self.context()
            case "@":
                node = self.at_literal()
            case _:
                raise self.unexpected("a value")
        self.filters_allowed = allowed
        return node

    def parenthesis(self) -> Node:
        opening = self.lexer.advance()
        first = self.expression()
        if self.lexer.at(".."):
            return self.range(opening, first, start_included=False)
        items = [first]
        while self.lexer.at(","):
            self.lexer.advance()
            items.append(self.expression())
        self.expect(")")
        return first if len(items) == 1 else syntax.Tests(opening.position, tuple(items))

    def list_or_range(self) -> Node:
        opening = self.lexer.advance()
        items: list[Node] = []
        while not self.lexer.at("]"):
            items.append(self.expression())
            if len(items) == 1 and self.lexer.at(".."):
                return self.range(opening, items[0], start_included=True)
            if not self.lexer.at("]"):
                self.expect(",")
        self.expect("]")
        return syntax.ListLiteral(opening.position, tuple(items))

    def range(self, opening: Token, start: Node, *, start_included: bool) -> Node:
        self.expect("..")
        end = self.range_end()
        closing = self.lexer.advance()
        return syntax.RangeLiteral(opening.position, start, end, start_included, closing.value == "]")

    def range_end(self) -> Node:
        """The end point. A `[` after it may filter it or close the range: try the first, then the second."""
        begin, nesting = self.lexer.token, self.nesting
        try:
            end = self.expression()
            if self.lexer.at(")", "]", "["):
                return end
            raise self.unexpected("the end of the range: `]`, `)` or `[`")
        except FeelSyntaxError:
            self.retries += 1
            if self.retries > _MAX_RETRIES:
                raise
        self.lexer.rewind(begin)
        self.nesting = nesting
        self.filters_allowed = False
        end = self.expression()
        self.filters_allowed = True
        if not self.lexer.at(")", "]", "["):
            raise self.unexpected("the end of the range: `]`, `)` or `[`")
        return end

    def context(self) -> Node:
        opening = self.lexer.advance()
        entries: list[tuple[str, Node]] = []
        self.names.push(())
        while not self.lexer.at("}"):
            entries.append((self.entry_key({key for key, _ in entries}), self.expression()))
            self.names.push([entries[-1][0]])
            if not self.lexer.at("}"):
                self.expect(",", move=False)
                self.lexer.advance()
        for _ in range(len(entries) + 1):
            self.names.pop()
        self.expect("}")
        return syntax.ContextLiteral(opening.position, tuple(entries))

    def entry_key(self, taken: set[str]) -> str:
        start = self.lexer.token
        key = self.lexer.advance().value if start.kind == "string" else self.lexer.key()
        if key is None:
            raise self.unexpected("a key and a colon")
        if key in taken:
            raise self.lexer.error(
                f"The key `{key}` stands twice in one context", "Rename one.", start.position
            )
        self.expect(":")
        return key

    def at_literal(self) -> Node:
        sign = self.lexer.advance()
        if self.lexer.token.kind != "string":
            raise self.unexpected("a string after @")
        return syntax.AtLiteral(sign.position, self.lexer.advance().value)

    # Words

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
            if not self.lexer.at(")"):
                self.expect(",")
        self.names.push([name for name, _ in parameters])
        self.expect(")")
        external = self.lexer.take(re.compile(r"external\b(?=\s*\{)")) is not None
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

    # What follows a value

    def filter(self, value: Node) -> Node:
        position = self.lexer.advance().position
        allowed, self.filters_allowed = self.filters_allowed, True
        condition = self.expression()
        self.filters_allowed = allowed
        self.expect("]")
        return syntax.Filter(position, value, condition)

    def call(self, function: Node) -> Node:
        position = self.lexer.advance().position
        allowed, self.filters_allowed = self.filters_allowed, True
        named: list[tuple[str, Node]] = []
        positional: list[Node] = []
        while not self.lexer.at(")"):
            key = self.lexer.key()
            if key is not None:
                self.expect(":")
                named.append((key, self.expression()))
            else:
                positional.append(self.expression())
            if named and positional:
                raise self.unexpected("arguments all with names, or all without")
            if not self.lexer.at(")"):
                self.expect(",")
        self.filters_allowed = allowed
        self.expect(")")
        if named:
            return syntax.NamedCall(position, function, tuple(named))
        return syntax.Call(position, function, tuple(positional))

    # Decision table cells

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

    # Errors

    def expect(self, operator: str, *, move: bool = True) -> None:
        if not self.lexer.at(operator):
            raise self.unexpected(f"`{operator}`")
        if move:
            self.lexer.advance()

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


def _check_depth(lexer: Lexer, root: Node) -> None:
    level: list[Node] = [root]
    for _ in range(MAX_TREE_DEPTH):
        level = [child for node in level for child in children(node)]
        if not level:
            return
    raise lexer.error(
        f"More than {MAX_TREE_DEPTH} operations hang on one another", "Split the expression.", 0
    )


def children(node: Node) -> Iterable[Node]:
    """The nodes directly below this one."""
    for field in node.__dataclass_fields__:
        yield from _nodes(getattr(node, field))


def _nodes(value: object) -> Iterable[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)
