"""Tokens of FEEL, read on demand so that the names in scope decide where a name ends."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

MAX_TEXT = 100_000
_SHOWN = 300

_SPACE = r"\s\u180e\u200b\ufeff"
_SKIP = re.compile(rf"(?:[{_SPACE}]+|//[^\n\r]*|/\*.*?\*/)*", re.DOTALL)
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d\u180f-\u1fff"
    "\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f\u2040"
_WORD = re.compile(f"[{_START}][{_PART}]*")
_MORE_WORDS = re.compile(rf"[{_SPACE}]+([{_PART}]+)")
_IS_PART = re.compile(f"[{_PART}]")
_OPERATOR = re.compile(r"\*\*|\.\.|<=|>=|!=|->|[-+*/<>=()\[\]{},:.@]")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_KEY = re.compile(rf"(\??[{_START}][{_PART}{_SPACE}\-+*/.'?]*?)[{_SPACE}]*:")
_OF = re.compile(r"\s+of\b")
_RUNS_OF_SPACE = re.compile(rf"[{_SPACE}]+")

OPENING = frozenset({"if", "for", "some", "every", "function", "true", "false", "null"})
FOLLOWING = frozenset({"and", "or", "in", "between", "then", "else", "return", "satisfies", "instance"})
KEYWORDS = OPENING | FOLLOWING


class FeelSyntaxError(Exception):
    """The text is no FEEL expression: says where, why and how to mend it."""

    def __init__(self, text: str, position: int, why: str, remedy: str) -> None:
        shown = text if len(text) <= _SHOWN else f"…{text[max(0, position - 40) : position + 40]}…"
        super().__init__(f"{why} at character {position + 1} of `{shown}`. {remedy}")
        self.text = text
        self.position = position
        self.why = why
        self.remedy = remedy


class Token(NamedTuple):
    """`kind` is number, string, name, keyword, operator or end; `value` its text (strings unescaped)."""

    kind: str
    value: str
    position: int
    end: int


def normal_name(name: str) -> str:
    """A name with every run of white space as one space."""
    return _RUNS_OF_SPACE.sub(" ", name).strip()


class KnownNames:
    """The names in scope that words alone do not spell: with operators or keywords inside."""

    def __init__(self, names: Iterable[str], functions: Iterable[str]) -> None:
        self._levels = [_either(frozenset(functions), r"(?=\s*\()")]
        self._keys: list[re.Pattern[str]] = []
        self.push(names)

    def push(self, names: Iterable[str]) -> None:
        self._levels.append(_either(frozenset(names), ""))

    def pop(self) -> None:
        self._levels.pop()

    def remember(self, key: str) -> None:
        """Keep the key of a context for the paths that follow, after its scope has gone."""
        pattern = _either(frozenset([key]), "")
        if pattern is not None:
            self._keys.append(pattern)

    def match_property(self, text: str, position: int) -> int | None:
        """Where the longest key or known name that begins here ends."""
        ends = [found.end() for key in self._keys if (found := key.match(text, position))]
        return max(ends, default=self.match(text, position))

    def match(self, text: str, position: int) -> int | None:
        """Where the longest known name that begins here ends."""
        longest = None
        for level in self._levels:
            found = None if level is None else level.match(text, position)
            if found is not None and (longest is None or found.end() > longest):
                longest = found.end()
        return longest


class Lexer:
    """Reads one token ahead; `token` is the current one."""

    def __init__(self, text: str, names: KnownNames) -> None:
        if len(text) > MAX_TEXT:
            raise FeelSyntaxError(
                text[:60], 0, f"The expression is longer than {MAX_TEXT:,} characters", "Split it."
            )
        self.text = text
        self.names = names
        self.token = Token("end", "", 0, 0)
        self.advance()

    def advance(self) -> Token:
        """Move on; gives the token left behind."""
        left = self.token
        self.token = self._read(left.end)
        return left

    def rewind(self, token: Token) -> None:
        self.token = token

    def at(self, *operators: str) -> bool:
        return self.token.kind == "operator" and self.token.value in operators

    def at_keyword(self, *words: str) -> bool:
        return self.token.kind == "keyword" and self.token.value in words

    def key(self) -> str | None:
        """The name before a colon here (any characters a name may have), moving past it; else None."""
        found = _KEY.match(self.text, self.token.position)
        if found is None:
            return None
        self.token = self._read(found.end(1))
        return normal_name(found.group(1))

    def property_name(self) -> str | None:
        """The name after a dot: keywords count as names here. Moves past it."""
        start = self.token.position
        known = self.names.match_property(self.text, start)
        if known is not None:
            self.token = Token("name", normal_name(self.text[start:known]), start, known)
        if self.token.kind not in ("name", "keyword"):
            return None
        if self.token.kind == "keyword":
            self.token = self._name(start, _WORD.match(self.text, start))
        return self.advance().value

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """What the pattern matches at the current token, moving past it."""
        found = pattern.match(self.text, self.token.position)
        if found is None:
            return None
        self.token = self._read(found.end())
        return found.group()

    def error(self, why: str, remedy: str, position: int | None = None) -> FeelSyntaxError:
        return FeelSyntaxError(self.text, self.token.position if position is None else position, why, remedy)

    def _read(self, position: int) -> Token:
        skipped = _SKIP.match(self.text, position)
        start = position if skipped is None else skipped.end()
        if start >= len(self.text):
            return Token("end", "", start, start)
        known = self.names.match(self.text, start)
        if known is not None:
            return Token("name", normal_name(self.text[start:known]), start, known)
        if self.text[start] == "?":
            return Token("name", "?", start, start + 1)
        word = _WORD.match(self.text, start)
        if word is not None:
            return self._word(start, word)
        return self._symbol(start)

    def _word(self, start: int, word: re.Match[str]) -> Token:
        value = word.group()
        if value in KEYWORDS and (value != "instance" or _OF.match(self.text, word.end())):
            return Token("keyword", value, start, word.end())
        return self._name(start, word)

    def _name(self, start: int, word: re.Match[str] | None) -> Token:
        """Join the words that follow: two operands never stand side by side, so they are one name."""
        end = start if word is None else word.end()
        while (more := _MORE_WORDS.match(self.text, end)) and more.group(1) not in FOLLOWING:
            end = more.end()
        return Token("name", normal_name(self.text[start:end]), start, end)

    def _symbol(self, start: int) -> Token:
        number = _NUMBER.match(self.text, start)
        if number is not None:
            return Token("number", number.group(), start, number.end())
        if self.text[start] == '"':
            return self._string(start)
        operator = _OPERATOR.match(self.text, start)
        if operator is not None:
            return Token("operator", operator.group(), start, operator.end())
        raise FeelSyntaxError(
            self.text, start, f"`{self.text[start]}` is not part of FEEL", _hint(self.text, start)
        )

    def _string(self, start: int) -> Token:
        found = _STRING.match(self.text, start)
        if found is None:
            raise FeelSyntaxError(self.text, start, "A string is not closed", 'Add the closing `"`.')
        return Token("string", self._unescape(found.group(1), start), start, found.end())

    def _unescape(self, raw: str, start: int) -> str:
        if "\\" not in raw:
            return raw
        value = _SURROGATES.sub(_join_surrogates, _ESCAPE.sub(self._escape, raw))
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise FeelSyntaxError(
                self.text,
                start,
                "Half of a surrogate pair stands alone",
                "Write both halves or `\\U` and six digits.",
            )
        return value

    def _escape(self, found: re.Match[str]) -> str:
        code = found.group(1)
        if len(code) > 1:
            point = int(code[1:], 16)
            return chr(point) if point <= 0x10FFFF else found.group()
        return _ESCAPES.get(code, found.group())


def _spelled_by_words(name: str) -> bool:
    words = name.split(" ")
    return (
        bool(_WORD.fullmatch(words[0]))
        and words[0] not in KEYWORDS
        and all(_PART_WORD.fullmatch(word) and word not in FOLLOWING for word in words[1:])
    )


_PART_WORD = re.compile(f"[{_PART}]+")


@lru_cache(maxsize=1024)
def _either(names: frozenset[str], suffix: str) -> re.Pattern[str] | None:
    """One pattern for all names that words alone do not spell, the longest first; None when there is none."""
    special = sorted(
        {name for name in map(normal_name, names) if name and not _spelled_by_words(name)}, key=len
    )
    if not special:
        return None
    return re.compile("(?:" + "|".join(map(_spelling, reversed(special))) + ")" + suffix)


def _spelling(name: str) -> str:
    boundary = f"(?![{_PART}])" if _IS_PART.match(name[-1:]) else ""
    return rf"[{_SPACE}]+".join(map(re.escape, name.split(" "))) + boundary


def _join_surrogates(pair: re.Match[str]) -> str:
    high, low = map(ord, pair.group())
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _hint(text: str, position: int) -> str:
    hints = {
        "'": 'Strings stand in double quotes: `"…"`.',
        "&": "Write `and`.",
        "|": "Write `or`.",
        "!": "Write `not(…)` or `!=`.",
        "%": "Write `modulo(a, b)`.",
    }
    return hints.get(text[position], "Remove it, or quote it if it belongs to a string.")
