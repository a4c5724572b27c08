"""Compiled patterns and what FEEL does with them: find, replace, split."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Protocol

from engine.feel.regex.backtracking import Program
from engine.feel.regex.linear import Linear, escaped, has_back_reference, linear_text
from engine.feel.regex.reader import Reader
from engine.feel.regex.tree import PatternError, Slots
from engine.feel.run import Run

MAX_PATTERN = 1_000
_FLAGS = frozenset("smixq")


class Engine(Protocol):
    """What runs a pattern; matches are edges: begin and end of the whole, then of each group."""

    def first(self, text: str, run: Run) -> Slots | None: ...
    def every(self, text: str, run: Run) -> Iterator[Slots]: ...


class Pattern:
    """A compiled pattern."""

    __slots__ = ("_engine", "_groups", "_literal", "text")

    def __init__(self, text: str, engine: Engine, groups: int, *, literal: bool) -> None:
        self.text = text
        self._engine = engine
        self._groups = groups
        self._literal = literal

    def found_in(self, text: str, run: Run) -> bool:
        """Whether the pattern matches anywhere in the text."""
        return self._engine.first(text, run) is not None

    def replace(self, text: str, replacement: str, run: Run) -> str:
        """Replace every match; `$1` stands for a group. Raises `PatternError`."""
        write = self._writer(replacement)
        parts: list[str] = []
        length = last = 0
        for found in self._matches(text, run):
            parts += (text[last : found[0]], write(text, found))
            length += len(parts[-2]) + len(parts[-1])
            run.check_length(length)
            last = found[1]
        return "".join([*parts, text[last:]])

    def split(self, text: str, run: Run) -> list[str]:
        """What lies between the matches. Raises `PatternError`."""
        parts: list[str] = []
        last = 0
        for found in self._matches(text, run):
            parts.append(text[last : found[0]])
            run.check_items(len(parts))
            last = found[1]
        return [*parts, text[last:]]

    def _matches(self, text: str, run: Run) -> Iterator[Slots]:
        if self._engine.first("", run) is not None:
            raise PatternError(
                f"the pattern `{self.text}` matches the empty string, so it cannot divide a text"
            )
        for found in self._engine.every(text, run):
            run.spend()
            if found[1] > found[0]:
                yield found

    def _writer(self, replacement: str) -> Callable[[str, Slots], str]:
        pieces: list[str | int] = [replacement] if self._literal else _pieces(replacement, self._groups)

        def write(text: str, found: Slots) -> str:
            return "".join(
                piece if isinstance(piece, str) else _group(text, found, piece) for piece in pieces
            )

        return write


@lru_cache(maxsize=512)
def pattern(text: str, flags: str | None) -> Pattern:
    """Compile a pattern with XPath's flags (s, m, i, x, q); raises `PatternError`."""
    chosen = set(flags or "")
    if not chosen <= _FLAGS:
        raise PatternError(f"the flags `{flags}` may hold s, m, i, x and q only")
    if len(text) > MAX_PATTERN:
        raise PatternError(f"the pattern is longer than {MAX_PATTERN:,} characters")
    if "q" in chosen:
        return Pattern(text, Linear(escaped(text), ignore_case="i" in chosen), 0, literal=True)
    reader = Reader(_without_space(text) if "x" in chosen else text, dot_all="s" in chosen)
    part = reader.read()
    if has_back_reference(part):
        program = Program(part, reader.groups, ignore_case="i" in chosen, multiline="m" in chosen)
        return Pattern(text, program, reader.groups, literal=False)
    linear = Linear(linear_text(part, multiline="m" in chosen), ignore_case="i" in chosen)
    return Pattern(text, linear, reader.groups, literal=False)


def _without_space(text: str) -> str:
    """Flag x: white space is left out, except inside a class."""
    kept: list[str] = []
    depth, escaped = 0, False
    for character in text:
        if character in " \t\r\n" and depth == 0:
            continue
        kept.append(character)
        if not escaped:
            depth += (character == "[") - (character == "]" and depth > 0)
        escaped = character == "\\" and not escaped
    return "".join(kept)


def _pieces(replacement: str, groups: int) -> list[str | int]:
    pieces: list[str | int] = []
    at = 0
    while at < len(replacement):
        character, following = replacement[at], replacement[at + 1 : at + 2]
        if character == "\\":
            if following not in ("\\", "$"):
                raise PatternError("in a replacement `\\` must stand before `\\` or `$`")
            pieces.append(following)
            at += 2
        elif character == "$":
            if not ("0" <= following <= "9"):
                raise PatternError("in a replacement `$` must stand before a digit or after `\\`")
            number, at = _group_number(replacement, at + 1, groups)
            pieces.append(number)
        else:
            pieces.append(character)
            at += 1
    return pieces


def _group_number(replacement: str, at: int, groups: int) -> tuple[int, int]:
    number = int(replacement[at])
    at += 1
    while "0" <= replacement[at : at + 1] <= "9" and number * 10 + int(replacement[at]) <= groups:
        number = number * 10 + int(replacement[at])
        at += 1
    return number, at


def _group(text: str, found: Slots, number: int) -> str:
    if 2 * number + 1 >= len(found) or found[2 * number] < 0:
        return ""
    return text[found[2 * number] : found[2 * number + 1]]
