"""Writing a regular expression for RE2, whose time grows only with the length of the text."""

from typing import assert_never

from engine.feel.regex.tree import (
    Anchor,
    BackReference,
    Characters,
    Choice,
    Group,
    Part,
    Repeat,
    Sequence,
)


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
