"""Conditions in words, from labels."""

import pytest

from engine.forms.model import FieldKind, Option
from engine.forms.wording import Question, when_shown

QUESTIONS = {
    "outcome": Question("Outcome", FieldKind.RADIO, (Option("poor", "Not so good"), Option("good", "Good"))),
    "concerns": Question("Concerns", FieldKind.CHECKLIST, (Option("fire", "Fire doors"),)),
    "children": Question("Children", FieldKind.NUMBER),
    "sure": Question("I am sure", FieldKind.CHECKBOX),
}


@pytest.mark.parametrize(
    ("hide", "words"),
    [
        ('outcome != "poor"', "“Outcome” is “Not so good”"),
        ('outcome = "poor"', "“Outcome” is not “Not so good”"),
        ('not(outcome = "poor")', "“Outcome” is “Not so good”"),
        ('not(outcome in ["poor", "good"])', "“Outcome” is one of “Not so good”, “Good”"),
        ('outcome in ("poor", "other")', "“Outcome” is none of “Not so good”, “other”"),
        ("outcome = null", "“Outcome” is answered"),
        ("outcome != null", "“Outcome” is not answered"),
        ('not(list contains(concerns, "fire"))', "“Concerns” includes “Fire doors”"),
        ("children < 3", "“Children” is at least 3"),
        ("children <= 2.5", "“Children” is more than 2.5"),
        ("sure = false", "“I am sure” is ticked"),
        ("sure != true", "“I am sure” is ticked"),
        ("not(sure)", "“I am sure” is ticked"),
        ("sure", "“I am sure” is not ticked"),
        ('outcome != "poor" or children < 1', "“Outcome” is “Not so good” and “Children” is at least 1"),
        ('outcome != "poor" and not(sure)', "“Outcome” is “Not so good” or “I am sure” is ticked"),
        ("not(sure and (children > 1))", "“I am sure” is ticked and “Children” is more than 1"),
    ],
)
def test_simple_conditions_are_said_from_labels(hide: str, words: str) -> None:
    assert when_shown(hide, QUESTIONS) == words


@pytest.mark.parametrize(
    "hide",
    [
        "",
        "outcome",  # said as ticked would be wrong for a radio
        "unknown = 1",
        "1 = outcome",
        "outcome = children",
        "children + 1 > 2",
        "sure or (sure and children > 1) or not(sure and children > 2)",
        'outcome = "poor',
        "sure sure",
        "not(sure",
        "sure and " * 300 + "sure",
        "(" * 90,
    ],
)
def test_a_condition_that_words_would_misrepresent_is_left_to_its_author(hide: str) -> None:
    assert when_shown(hide, QUESTIONS) is None
