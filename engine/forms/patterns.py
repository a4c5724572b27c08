"""Refuses patterns that a hostile answer could make slow: Python's matcher tries every way there is."""

import re

LONGEST_PATTERN = 200
LONGEST_MATCHED = 200
"""Characters of an answer that a pattern may be held against; more is too long whatever the pattern."""

_MOST_WAYS = 10_000_000
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?:|\(\?|\(|\)|[*+?]|\{\d*,?\d*\}|.", re.DOTALL)


def why_unsafe(pattern: str) -> str | None:
    """Why a pattern is refused; None for one whose matching time is bounded.

    Every repeat and alternative multiplies the ways in which an answer of `LONGEST_MATCHED`
    characters can be tried; inside a repeated group they would be raised to a power, so nothing that
    can be matched in several ways may be repeated. No look-around, no back-references.
    """
    if len(pattern) > LONGEST_PATTERN:
        return f"it is longer than {LONGEST_PATTERN} characters"
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"it is not a pattern ({error})"
    return _why_slow(_TOKEN.findall(pattern))


def _why_slow(tokens: list[str]) -> str | None:
    open_groups: list[bool] = []  # per open group: can it be matched in several ways?
    closed_flexible, ways = False, 1 if tokens[:1] == ["^"] else LONGEST_MATCHED
    for index, token in enumerate(tokens):
        if token == "(?" or re.fullmatch(r"\\[1-9]", token):
            return "it looks around or refers back"
        if token in ("(", "(?:"):
            open_groups.append(False)
            continue
        if token == ")":
            closed_flexible = open_groups.pop()
            choices = 2 if closed_flexible else 1
        else:
            choices = _choices(token)
            if _many(token) and closed_flexible and tokens[index - 1] == ")":
                return "it repeats a group that can itself be matched in several ways"
            ways *= choices
        if choices > 1 and open_groups:
            open_groups[-1] = True
    return "it can be tried in too many ways" if ways > _MOST_WAYS else None


def _choices(token: str) -> int:
    """In how many ways a repeat or alternative can be taken; 1 for anything else."""
    if token in ("?", "|"):
        return 2
    if token in ("*", "+"):
        return LONGEST_MATCHED
    if not _is_counted(token) or "," not in token:
        return 1
    low, _, high = token.strip("{}").partition(",")
    return min(int(high or LONGEST_MATCHED), LONGEST_MATCHED) - min(int(low or 0), LONGEST_MATCHED) + 1


def _many(token: str) -> bool:
    """Whether the token repeats what stands before it more than once."""
    return token in ("*", "+") or _is_counted(token)


def _is_counted(token: str) -> bool:
    return token.startswith("{") and any(one.isdigit() for one in token)
