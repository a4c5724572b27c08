"""Letters, reports and e-mails: Markdown files with `{{ FEEL }}` places, filled from a case."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markdown_it import MarkdownIt

from engine import feel
from engine.workdays import in_words

_PLACE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


class LetterError(ValueError):
    """A letter cannot be read or filled."""

    def __init__(self, place: str, why: str, remedy: str) -> None:
        super().__init__(f"'{{{{ {place} }}}}': {why} {remedy}")
        self.place, self.why, self.remedy = place, why, remedy


@dataclass(frozen=True, slots=True)
class Letter:
    """Texts and FEEL expressions in turn; the first and last part are texts."""

    texts: tuple[str, ...]
    places: tuple[tuple[str, feel.Expression], ...]

    @property
    def names(self) -> frozenset[str]:
        """The variables a letter reads."""
        return frozenset().union(*(expression.names for _, expression in self.places))


def read(data: bytes) -> Letter:
    """Read a letter. Raises `LetterError` naming the place that is not FEEL."""
    parts = _PLACE.split(data.decode())
    places = []
    for text in parts[1::2]:
        try:
            places.append((text.strip(), feel.compile(text.strip())))
        except feel.FeelSyntaxError as error:
            raise LetterError(text.strip(), str(error), "Write a FEEL expression.") from error
    return Letter(tuple(parts[0::2]), tuple(places))


def fill(letter: Letter, variables: Mapping[str, feel.Value], environment: feel.Environment) -> str:
    """The letter's Markdown with every place filled. Raises `LetterError` where a value is missing."""
    filled = [letter.texts[0]]
    for (text, expression), after in zip(letter.places, letter.texts[1:], strict=True):
        result = expression.evaluate(variables, environment)
        if result.value is None:
            said = "; ".join(reason.message for reason in result.reasons) or "it has no value."
            raise LetterError(
                text, said, "Give the case this value, or let the letter say what if it is null."
            )
        filled += [_written(result.value), after]
    return "".join(filled)


def as_text(markdown: str) -> str:
    """Plain text for an e-mail: headings without their marks."""
    return "\n".join(
        line.lstrip("#").lstrip() if line.startswith("#") else line for line in markdown.splitlines()
    )


def as_html(markdown: str) -> str:
    """A whole HTML document; HTML inside the Markdown stays text."""
    title = next((line.lstrip("# ").strip() for line in markdown.splitlines() if line.startswith("#")), "")
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{_escape(title)}</title>'
    return f"{head}<body>{_markdown.render(markdown)}</body></html>"


def _written(value: feel.Value) -> str:
    """A value as people write it: dates in full, lists as bullet points."""
    match value:
        case feel.Date():
            day: date = value.to_python()
            return in_words(day)
        case Decimal():
            return f"{value:f}"
        case bool():
            return "yes" if value else "no"
        case list():
            return "\n".join(f"- {_written(item)}" for item in value)
        case _:
            return str(value)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
