"""The little markdown of a form's texts, as safe markup: headings, lists, bold, emphasis, web links."""

import re

from markupsafe import Markup, escape

_INLINE = re.compile(
    r"\*\*(?P<bold>[^*\n]{1,1000})\*\*|\*(?P<soft>[^*\n]{1,1000})\*"
    r"|\[(?P<link>[^\]\n]{1,500})\]\((?P<to>https://[^\s)]{1,1000})\)"
)
_HEADING = re.compile(r"#{1,6}\s+(.*)")
_BULLET = re.compile(r"[-*+]\s+(.*)")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s+(.*)")


def to_markup(text: str, *, heading: int) -> Markup:
    """Blocks apart by empty lines; headings all take the level `heading` of the page around them."""
    blocks = (block.strip().splitlines() for block in re.split(r"\n\s*\n", text.strip()))
    return Markup("\n").join(_block(lines, heading) for block in blocks for lines in _parts(block))


def _parts(lines: list[str]) -> list[list[str]]:
    """A block's lines, cut where its kind changes."""
    parts: list[list[str]] = []
    for line in (line.strip() for line in lines):
        if parts and _kind(parts[-1][-1]) == _kind(line) and not _HEADING.fullmatch(line):
            parts[-1].append(line)
        else:
            parts.append([line])
    return parts


def _kind(line: str) -> str:
    for kind, pattern in (("heading", _HEADING), ("bullet", _BULLET), ("number", _NUMBERED)):
        if pattern.fullmatch(line):
            return kind
    return "words"


def _block(lines: list[str], heading: int) -> Markup:
    match _kind(lines[0]):
        case "heading":
            words = _inline(_HEADING.sub(r"\1", lines[0]))
            return Markup('<h{0} class="govuk-heading-{1}">{2}</h{0}>').format(
                heading, "m" if heading <= 2 else "s", words
            )
        case "bullet":
            return _list("ul", "bullet", [_BULLET.sub(r"\1", line) for line in lines])
        case "number":
            return _list("ol", "number", [_NUMBERED.sub(r"\1", line) for line in lines])
    return Markup('<p class="govuk-body">{}</p>').format(Markup("<br>").join(map(_inline, lines)))


def _list(tag: str, kind: str, items: list[str]) -> Markup:
    entries = Markup().join(Markup("<li>{}</li>").format(_inline(item)) for item in items)
    return Markup('<{0} class="govuk-list govuk-list--{1}">{2}</{0}>').format(tag, kind, entries)


def _inline(text: str) -> Markup:
    found, position = Markup(), 0
    for match in _INLINE.finditer(text):
        found += escape(text[position : match.start()]) + _marked(match)
        position = match.end()
    return found + escape(text[position:])


def _marked(match: re.Match[str]) -> Markup:
    if match["bold"]:
        return Markup("<strong>{}</strong>").format(match["bold"])
    if match["soft"]:
        return Markup("<em>{}</em>").format(match["soft"])
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(match["to"], match["link"])
