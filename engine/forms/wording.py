"""Puts a condition into words, from the labels people see, so that it can be read without JavaScript."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.forms.model import FieldKind, Option

_TOKEN = re.compile(
    r"\s*(?:(?P<text>\"(?:[^\"\\]|\\.)*\")|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<mark><=|>=|!=|[=<>()\[\],]))"
)
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_COMPARED = {"<": "less than", ">": "more than", "<=": "at most", ">=": "at least"}
_MOST_TOKENS = 100


@dataclass(frozen=True, slots=True)
class Question:
    """What words need to know of a field."""

    label: str
    kind: FieldKind
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    """A clause, and the word that joins its parts if it has several."""

    words: str
    joiner: str | None = None


class _UnsayableError(Exception):
    """The condition is none of the simple patterns."""


def when_shown(hide: str, questions: Mapping[str, Question]) -> str | None:
    """The clause that says when a component hidden by `hide` is there; None if words fail.

    Understands comparisons of an answer with a constant, `in` lists, `list contains`, `not`, `and`
    and `or`, as long as every name is a question of the form.
    """
    try:
        return _Reader(_tokens(hide), questions).whole()
    except _UnsayableError:
        return None


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None or len(found) == _MOST_TOKENS:
            raise _UnsayableError
        found.append(match.group().strip())
        position = match.end()
    return found


class _Reader:
    """Reads the tokens of a condition and says it, or its opposite when `negated`."""

    def __init__(self, tokens: list[str], questions: Mapping[str, Question]) -> None:
        self.tokens, self.questions, self.at = tokens, questions, 0

    def whole(self) -> str:
        said = self._joined("or", negated=True)
        if self.at != len(self.tokens):
            raise _UnsayableError
        return said.words

    def _joined(self, word: str, *, negated: bool) -> _Said:
        parts = [self._part(word, negated=negated)]
        while self._accept(word):
            parts.append(self._part(word, negated=negated))
        if len(parts) == 1:
            return parts[0]
        joiner = {"or": "and", "and": "or"}[word] if negated else word
        if any(part.joiner not in (None, joiner) for part in parts):
            raise _UnsayableError  # "a and b or c" can be read two ways
        return _Said(f" {joiner} ".join(part.words for part in parts), joiner)

    def _part(self, word: str, *, negated: bool) -> _Said:
        return self._joined("and", negated=negated) if word == "or" else self._one(negated=negated)

    def _one(self, *, negated: bool) -> _Said:
        if self._accept("("):
            return self._closing(self._joined("or", negated=negated))
        if self._accept("not"):
            self._expect("(")
            return self._closing(self._joined("or", negated=not negated))
        if self._accept("list"):
            self._expect("contains")
            self._expect("(")
            question = self._question()
            self._expect(",")
            return self._closing(_included(question, self._literal(), negated=negated))
        return self._comparison(self._question(), negated=negated)

    def _comparison(self, question: Question, *, negated: bool) -> _Said:
        sign = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if sign in _OPPOSITE:
            self.at += 1
            return _compared(question, _OPPOSITE[sign] if negated else sign, self._literal())
        if self._accept("in"):
            return _among(question, self._literals(), negated=negated)
        return _compared(question, "!=" if negated else "=", "true")

    def _literals(self) -> list[str]:
        closing = "]" if self._accept("[") else ")"
        if closing == ")":
            self._expect("(")
        found = [self._literal()]
        while self._accept(","):
            found.append(self._literal())
        self._expect(closing)
        return found

    def _literal(self) -> str:
        token = self._peek()
        if not (token.startswith('"') or token[:1] in "-0123456789" or token in ("true", "false", "null")):
            raise _UnsayableError
        self.at += 1
        return token

    def _question(self) -> Question:
        question = self.questions.get(self._peek())
        if question is None:
            raise _UnsayableError
        self.at += 1
        return question

    def _closing(self, said: _Said) -> _Said:
        self._expect(")")
        return said

    def _peek(self) -> str:
        if self.at >= len(self.tokens):
            raise _UnsayableError
        return self.tokens[self.at]

    def _accept(self, token: str) -> bool:
        found = self.at < len(self.tokens) and self.tokens[self.at] == token
        self.at += found
        return found

    def _expect(self, token: str) -> None:
        if not self._accept(token):
            raise _UnsayableError


def _compared(question: Question, sign: str, literal: str) -> _Said:
    name = f"“{question.label}”"
    if sign in _COMPARED:
        return _Said(f"{name} is {_COMPARED[sign]} {_said(question, literal)}")
    if literal == "null":
        return _Said(f"{name} is {'not answered' if sign == '=' else 'answered'}")
    if literal in ("true", "false"):
        if question.kind is not FieldKind.CHECKBOX:
            raise _UnsayableError
        ticked = (literal == "true") == (sign == "=")
        return _Said(f"{name} is {'ticked' if ticked else 'not ticked'}")
    return _Said(f"{name} is {'' if sign == '=' else 'not '}{_said(question, literal)}")


def _among(question: Question, literals: list[str], *, negated: bool) -> _Said:
    choices = ", ".join(_said(question, literal) for literal in literals)
    return _Said(f"“{question.label}” is {'none' if negated else 'one'} of {choices}")


def _included(question: Question, literal: str, *, negated: bool) -> _Said:
    return _Said(
        f"“{question.label}” {'does not include' if negated else 'includes'} {_said(question, literal)}"
    )


def _said(question: Question, literal: str) -> str:
    if not literal.startswith('"'):
        return literal
    value = re.sub(r"\\(.)", r"\1", literal[1:-1])
    return f"“{next((option.label for option in question.options if option.value == value), value)}”"
