"""The parts of a regular expression."""

from dataclasses import dataclass

from engine.feel.regex.characters import CharacterClass
from engine.feel.values.functions import FunctionError


class PatternError(FunctionError):
    """The pattern, flags or replacement is none by the rules of XPath."""


@dataclass(frozen=True, slots=True)
class Characters:
    """One character out of a class."""

    members: CharacterClass


@dataclass(frozen=True, slots=True)
class Anchor:
    """`^` or `$`."""

    start: bool


@dataclass(frozen=True, slots=True)
class BackReference:
    group: int


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    branches: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group; `number` is None when it does not capture."""

    inner: "Part"
    number: int | None


@dataclass(frozen=True, slots=True)
class Repeat:
    """`most` is None for no bound."""

    inner: "Part"
    least: int
    most: int | None
    greedy: bool


Part = Characters | Anchor | BackReference | Sequence | Choice | Group | Repeat

Slots = tuple[int, ...]
"""Begin and end of a match and of each of its groups; -1 where a group took no part."""
