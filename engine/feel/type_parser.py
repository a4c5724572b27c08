"""The names of types in the text: `number`, `list<T>`, `context<a: T>`, `function<T>->T`, `range<T>`."""

import re
from collections.abc import Mapping

from engine.feel.lexer import KnownNames, Lexer
from engine.feel.types import (
    ANY,
    SIMPLE_TYPES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    RangeType,
    SimpleType,
)

_SIMPLE = re.compile(
    "(?:"
    + "|".join(sorted((name.replace(" ", r"\s+") for name in SIMPLE_TYPES), key=len, reverse=True))
    + r")\b"
)


def parse_type(lexer: Lexer, types: Mapping[str, FeelType]) -> FeelType:
    """Read a type at the current token; `types` holds the named ones a host knows."""
    start = lexer.token
    known = _named(lexer, types)
    if known is not None:
        return known
    simple = lexer.take(_SIMPLE)
    if simple is None:
        raise lexer.error(
            f"`{lexer.text[start.position : start.end]}` is no known type",
            "Types are number, string, boolean, date, time, date and time, durations, list<…>, context<…>, "
            "range<…>, function<…>->…, Any and the model's own.",
        )
    name = " ".join(simple.split())
    if not lexer.at("<") or name not in ("list", "range", "context", "function"):
        return SimpleType(name)
    return _generic(name, lexer, types)


def _named(lexer: Lexer, types: Mapping[str, FeelType]) -> FeelType | None:
    for name in sorted(types, key=len, reverse=True):
        if lexer.take(re.compile(r"\s+".join(map(re.escape, name.split())) + r"(?!\w)")):
            return types[name]
    return None


def _generic(name: str, lexer: Lexer, types: Mapping[str, FeelType]) -> FeelType:
    lexer.advance()
    if name == "context":
        return _context(lexer, types)
    parameters: list[FeelType] = []
    while not lexer.at(">"):
        parameters.append(parse_type(lexer, types))
        _separator(lexer)
    lexer.advance()
    if name == "function":
        return FunctionType(tuple(parameters), _result(lexer, types))
    if len(parameters) != 1:
        raise lexer.error(f"`{name}<…>` takes one type", f"Write {name}<number>, for example.")
    return ListType(parameters[0]) if name == "list" else RangeType(parameters[0])


def _context(lexer: Lexer, types: Mapping[str, FeelType]) -> FeelType:
    entries: list[tuple[str, FeelType]] = []
    while not lexer.at(">"):
        key = lexer.key()
        if key is None:
            raise lexer.error(
                "A key and a colon are missing in the context type", "Write context<a: number>."
            )
        lexer.advance()
        entries.append((key, parse_type(lexer, types)))
        _separator(lexer)
    lexer.advance()
    return ContextType(tuple(entries))


def _result(lexer: Lexer, types: Mapping[str, FeelType]) -> FeelType:
    if not lexer.at("->"):
        return ANY
    lexer.advance()
    return parse_type(lexer, types)


def _separator(lexer: Lexer) -> None:
    if lexer.at(">"):
        return
    if not lexer.at(","):
        raise lexer.error("The list of types is not closed", "Add `>`.")
    lexer.advance()


def parse_type_name(text: str, types: Mapping[str, FeelType] | None = None) -> FeelType:
    """The type a text names, such as `number` or `list<string>`; raises `FeelSyntaxError`."""
    lexer = Lexer(text, KnownNames((), ()))
    found = parse_type(lexer, types or {})
    if lexer.token.kind != "end":
        raise lexer.error("The type goes on after its end", "Remove what follows.")
    return found
