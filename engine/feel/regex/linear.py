"""Writing a regular expression for RE2, whose time grows only with the length of the text."""

from collections.abc import Iterator
from typing import Any, assert_never

import re2  # type: ignore[import-untyped]  # it ships no types

from engine.feel.regex.tree import (
    Anchor,
    BackReference,
    Characters,
    Choice,
    Group,
    Part,
    PatternError,
    Repeat,
    Sequence,
    Slots,
)
from engine.feel.run import Run

_MEMORY = 4 << 20


class Linear:
    """A pattern run by RE2."""

    def __init__(self, text: str, *, ignore_case: bool) -> None:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MEMORY
        options.case_sensitive = not ignore_case
        try:
            self._compiled = re2.compile(text, options)
        except re2.error as error:
            raise PatternError(f"the pattern is too large ({error})") from None

    def first(self, text: str, run: Run) -> Slots | None:
        """The edges of the first match and of its groups."""
        try:
            found = self._compiled.search(text)
        except UnicodeEncodeError:
            raise PatternError(_SURROGATE) from None
        return None if found is None else self._edges(found)

    def every(self, text: str, run: Run) -> Iterator[Slots]:
        """All matches, from left to right, none overlapping."""
        try:
            yield from map(self._edges, self._compiled.finditer(text))
        except UnicodeEncodeError:
            raise PatternError(_SURROGATE) from None

    def _edges(self, found: Any) -> Slots:
        return tuple(edge for group in range(self._compiled.groups + 1) for edge in found.span(group))


_SURROGATE = "the text holds half of a surrogate pair"


def escaped(text: str) -> str:
    """The text as a pattern that matches just itself."""
    return str(re2.escape(text))


def has_back_reference(part: Part) -> bool:
    """Whether RE2 cannot run it."""
    match part:
        case BackReference():
            return True
        case Sequence(items) | Choice(items):
            return any(map(has_back_reference, items))
        case Group(inner) | Repeat(inner):
            return has_back_reference(inner)
    return False


def linear_text(part: Part, *, multiline: bool) -> str:
    """The expression in RE2's own syntax."""

    def write(part: Part) -> str:
        match part:
            case Characters(members):
                keeps_case = bool(members.categories) and not members.intervals and not members.without
                return f"(?-i:{members.text()})" if keeps_case else members.text()
            case Anchor(start):
                return ("(?m:^)" if start else "(?m:$)") if multiline else (r"\A" if start else r"\z")
            case Sequence(items):
                return "".join(map(write, items))
            case Choice(branches):
                return "(?:" + "|".join(map(write, branches)) + ")"
            case Group(inner, number):
                return f"({'?:' if number is None else ''}{write(inner)})"
            case Repeat(inner, least, most, greedy):
                bounds = f"{{{least},{'' if most is None else most}}}"
                return f"(?:{write(inner)}){bounds}{'' if greedy else '?'}"
            case BackReference():
                raise ValueError("RE2 has no back-references")
        assert_never(part)

    return write(part)
