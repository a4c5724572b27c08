"""Classes of characters: the escapes of XML Schema, Unicode categories and blocks, subtraction."""

import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from engine.feel.regex.blocks import BLOCKS
from engine.feel.regex.intervals import Interval, complement, merge, subtract

_CATEGORIES = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    ]
)


@dataclass(frozen=True, slots=True)
class CharacterClass:
    """A set of characters: intervals and Unicode categories together, perhaps negated, less another set."""

    intervals: tuple[Interval, ...] = ()
    categories: tuple[tuple[str, bool], ...] = ()
    negated: bool = False
    without: "CharacterClass | None" = None

    def text(self) -> str:
        """The class for RE2."""
        if self.without is not None or ("Cn", False) in self.categories or ("Cn", True) in self.categories:
            return _bracketed(_text(self.members()), False)
        names = "".join(f"\\{'P' if negated else 'p'}{{{name}}}" for name, negated in self.categories)
        return _bracketed(_text(self.intervals) + names, self.negated)

    def members(self) -> list[Interval]:
        """All code points in it, as sorted intervals that do not touch."""
        found = list(self.intervals)
        for name, negated in self.categories:
            members = _category_members(name)
            found += complement(members) if negated else members
        own = complement(found) if self.negated else merge(found)
        return own if self.without is None else subtract(own, self.without.members())


def _ranges(text: str) -> tuple[Interval, ...]:
    return tuple((ord(text[i]), ord(text[i + 1])) for i in range(0, len(text), 2))


_SPACE = _ranges("  \t\t\n\n\r\r")
_NAME_START = _ranges(
    "__::AZaz\u00c0\u00d6\u00d8\u00f6\u00f8\u02ff\u0370\u037d\u037f\u1fff\u200c\u200d\u2070\u218f"
    "\u2c00\u2fef\u3001\ud7ff\uf900\ufdcf\ufdf0\ufffd\U00010000\U000effff"
)
_NAME = _NAME_START + _ranges("--..09\u00b7\u00b7\u0300\u036f\u203f\u2040")


ANY_BUT_LINE_ENDS = CharacterClass(intervals=((10, 10), (13, 13)), negated=True)
ANY = CharacterClass(intervals=((0, sys.maxunicode),))
ESCAPES = {
    "s": CharacterClass(intervals=_SPACE),
    "S": CharacterClass(intervals=tuple(complement(_SPACE))),
    "i": CharacterClass(intervals=_NAME_START),
    "I": CharacterClass(intervals=tuple(complement(_NAME_START))),
    "c": CharacterClass(intervals=_NAME),
    "C": CharacterClass(intervals=tuple(complement(_NAME))),
    "d": CharacterClass(categories=(("Nd", False),)),
    "D": CharacterClass(categories=(("Nd", True),)),
    "w": CharacterClass(categories=tuple((name, False) for name in "LMNS")),
    "W": CharacterClass(categories=tuple((name, False) for name in "PZC")),
}
"""The escapes of several characters, by their letter."""


def property_class(name: str, negated: bool) -> CharacterClass | None:
    r"""The class of `\p{name}`; None when there is no such category or block."""
    if name in _CATEGORIES:
        return CharacterClass(categories=((name, negated),))
    block = BLOCKS.get(name.removeprefix("Is")) if name.startswith("Is") else None
    if block is None:
        return None
    return CharacterClass(intervals=tuple(complement([block])) if negated else (block,))


def _text(intervals: Iterable[Interval]) -> str:
    return "".join(f"\\x{{{low:x}}}-\\x{{{high:x}}}" for low, high in intervals)


def _bracketed(inside: str, negated: bool) -> str:
    if inside:
        return f"[{'^' if negated else ''}{inside}]"
    return "[\\x{0}-\\x{10ffff}]" if negated else "[^\\x{0}-\\x{10ffff}]"


@lru_cache(maxsize=1)
def _by_category() -> dict[str, list[Interval]]:
    found: dict[str, list[Interval]] = {}
    for point in range(sys.maxunicode + 1):
        intervals = found.setdefault(unicodedata.category(chr(point)), [])
        if intervals and intervals[-1][1] == point - 1:
            intervals[-1] = (intervals[-1][0], point)
        else:
            intervals.append((point, point))
    return found


@lru_cache(maxsize=64)
def _category_members(name: str) -> list[Interval]:
    table = _by_category()
    return merge(interval for kind in table if kind.startswith(name) for interval in table[kind])
