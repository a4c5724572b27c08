"""What the register of rules accepts and refuses."""

import pytest

from engine.guidance import Fate, Force, RegisterError, read_register

RULES = b"""
chapter:
  setting: secure children's home
rules:
  - id: SCH-FI-005
    rule: One judgement limits another.
    heading: Judgement structure
    kind: cap
    force: must
    traces: ['decisions/limits.dmn#Rule_1']
"""
DECISIONS = b"""
decisions:
  - id: D-1
    question: How often?
    decision: Not decided here.
    traces: []
"""


def test_rules_and_decisions_are_read_with_force_and_fate() -> None:
    register = read_register({"homes.yaml": RULES, "decisions.yaml": DECISIONS})

    rule = register.rules["SCH-FI-005"]
    assert (rule.force, rule.fate, rule.setting) == (Force.MUST, Fate.IMPLEMENTED, "secure children's home")
    assert "D-1" in register
    assert register.words("SCH-FI-005") == "One judgement limits another."
    assert register.words("D-1") == "Not decided here."
    assert register.words("SCH-FI-999") is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ((b"force: must", b"force: perhaps"), "force 'perhaps' is unknown"),
        ((b"traces:", b"context: So.\n    duplicate_of: X\n    traces:"), "It has context and duplicate_of"),
        ((b"traces:", b"context: ''\n    traces:"), "'context' is missing"),
        ((b"rule: One judgement limits another.", b"rule: ''"), "'rule' is missing"),
        ((b"  - id: SCH-FI-005", b"  - name: SCH-FI-005"), "It has no id"),
        ((b"chapter:\n  setting: secure children's home", b""), "It names no setting"),
        ((b"traces: ['decisions/limits.dmn#Rule_1']", b"traces: one"), "'traces' is not a list"),
        ((b"rules:", b"rules: ["), "It is not YAML"),
    ],
)
def test_a_mistake_names_the_file_and_how_to_mend_it(change: tuple[bytes, bytes], expected: str) -> None:
    with pytest.raises(RegisterError, match=r"homes\.yaml") as caught:
        read_register({"homes.yaml": RULES.replace(*change)})

    assert expected in str(caught.value)
    assert caught.value.remedy


def test_an_id_stands_in_one_place_only() -> None:
    with pytest.raises(RegisterError, match=r"already in homes\.yaml"):
        read_register({"homes.yaml": RULES, "more.yaml": RULES})


def test_a_file_without_rules_or_decisions_is_refused() -> None:
    with pytest.raises(RegisterError, match="neither rules nor decisions"):
        read_register({"homes.yaml": b"just words"})
