"""Patterns whose matching time is bounded pass; others do not."""

import pytest

from engine.forms.patterns import why_unsafe


@pytest.mark.parametrize(
    "pattern",
    [
        r"^SC\d{6}$",
        r"^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$",
        r"^\d+(?:\.\d{2})?$",
        r"^(?:yes|no)$",
        r"^[^)(*]+$",
        r"\(\d{4}\)",
        r"[]a]+",
        r"^(AB)+$",
    ],
)
def test_an_ordinary_pattern_passes(pattern: str) -> None:
    assert why_unsafe(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"(a|aa)+$",
        r"((a?)b)*",
        r"(?:a{1,50}){1,50}",
        r"^a*a*a*a*b",
        r"\d+\d+\d+x",
        "a?" * 60,
        r"(?:a?b){2,5}",
        r"(?=a)b",
        r"(?<!a)b",
        r"(a)\1",
        r"(?P<name>a)",
        r"a{99999999999999999999}",
        r"(",
        "a" * 300,
        "(" * 150 + ")" * 150,
    ],
)
def test_a_pattern_that_could_be_made_slow_is_refused(pattern: str) -> None:
    assert why_unsafe(pattern)
