"""What stands in brackets: lists, ranges, contexts, tests, filters and arguments."""

from engine.feel import syntax
from engine.feel.lexer import FeelSyntaxError, Token
from engine.feel.parser_base import TokenReader
from engine.feel.syntax import Node

_SUM = 4
COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")
_MAX_RETRIES = 20


class BracketParser(TokenReader):
    """Reads whatever begins with an operator sign."""

    def bracketed(self, token: Token) -> Node:
        if token.value in COMPARISONS:
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
            self.separator("]")
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
            self.names.remember(entries[-1][0])
            self.separator("}")
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
            self.separator(")")
        self.filters_allowed = allowed
        self.expect(")")
        if named:
            return syntax.NamedCall(position, function, tuple(named))
        return syntax.Call(position, function, tuple(positional))
