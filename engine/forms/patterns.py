"""Refuses patterns that a hostile answer could make slow: Python's matcher tries every way there is."""

import re

LONGEST_PATTERN = 200
LONGEST_MATCHED = 200
"""Characters of an answer that a pattern may be held against; more is too long whatever the pattern."""

_MOST_REPEATS = 2
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?:|\(\?|\(|\)|[*+?]|\{\d*,?\d*\}|.", re.DOTALL)


def why_unsafe(pattern: str) -> str | None:
    """Why a pattern is refused; None for one whose matching time is bounded.

    Allowed: at most two open-ended repeats, none inside a repeated group, no look-around, no
    back-references. With answers of at most `LONGEST_MATCHED` characters that bounds the work.
    """
    if len(pattern) > LONGEST_PATTERN:
        return f"it is longer than {LONGEST_PATTERN} characters"
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"it is not a pattern ({error})"
    return _why_slow(_TOKEN.findall(pattern))


def _why_slow(tokens: list[str]) -> str | None:
    open_groups: list[bool] = []  # per open group: does it hold a repeat or an alternative?
    closed_flexible, repeats = False, 0
    for index, token in enumerate(tokens):
        if token == "(?" or re.fullmatch(r"\\[1-9]", token):
            return "it looks around or refers back"
        if token in ("(", "(?:"):
            open_groups.append(False)
        elif token == ")":
            closed_flexible = open_groups.pop()
            if closed_flexible and open_groups:
                open_groups[-1] = True
        elif token == "|" and open_groups:
            open_groups[-1] = True
        elif _repeats(token):
            if closed_flexible and tokens[index - 1] == ")":
                return "it repeats a group that itself repeats or has alternatives"
            repeats += _is_open(token)
            open_groups[-1:] = [True] if open_groups else []
    return f"it has more than {_MOST_REPEATS} open-ended repeats" if repeats > _MOST_REPEATS else None


def _repeats(token: str) -> bool:
    return token in ("*", "+", "?") or (token.startswith("{") and len(token) > 2)


def _is_open(token: str) -> bool:
    """Whether the repeat can take many different lengths."""
    if token in ("*", "+"):
        return True
    low, _, high = token.strip("{}").partition(",")
    return "," in token and (not high or int(high) - int(low or 0) > 20)
