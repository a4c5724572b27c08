"""Rules and models cover each other, or the finding says what is missing."""

from engine.guidance import (
    Citation,
    CitationKind,
    Decision,
    Fate,
    Force,
    Models,
    Register,
    Rule,
    coverage,
    rule_ids,
)

PLACE = "full_inspection/full_inspection.bpmn#Task_GiveFeedback"


def a_rule(*, fate: Fate | None = Fate.TRACED, traces: tuple[str, ...] = (PLACE,), because: str = "") -> Rule:
    return Rule(
        id="SCH-XC-139",
        file="guidance/secure_homes.yaml",
        setting="secure children's home",
        heading="Feedback",
        kind="condition",
        rule="Feedback can wait for advice.",
        force=Force.MAY,
        fate=fate,
        traces=traces,
        because=because,
    )


def messages(rule: Rule, *citations: Citation, places: frozenset[str] = frozenset({PLACE})) -> list[str]:
    found = coverage(Register({rule.id: rule}, {}), Models(places, citations))
    return [finding.message for finding in found]


def feedback(*rules: str) -> Citation:
    return Citation(PLACE, CitationKind.USER_TASK, rules)


def test_a_traced_rule_that_its_place_cites_is_covered() -> None:
    assert messages(a_rule(), feedback("SCH-XC-139")) == []


def test_a_rule_without_a_fate_is_a_finding() -> None:
    assert messages(a_rule(fate=None)) == ["The rule has no fate."]


def test_a_rule_traced_to_nothing_is_a_finding() -> None:
    assert messages(a_rule(traces=())) == ["The rule is traced to nothing."]


def test_a_rule_put_aside_needs_a_reason() -> None:
    put_aside = a_rule(fate=Fate.CONTEXT, traces=())
    assert messages(put_aside) == ["The rule's fate is 'context' without a reason."]
    assert messages(a_rule(fate=Fate.CONTEXT, traces=(), because="Background only.")) == []


def test_a_trace_must_lead_somewhere() -> None:
    assert messages(a_rule(), places=frozenset()) == [f"The trace '{PLACE}' leads nowhere."]


def test_a_place_that_cites_a_rule_must_be_among_its_traces() -> None:
    other = Citation("forms/give_feedback.form#Field_x", CitationKind.OTHER, ("SCH-XC-139",))
    assert messages(a_rule(), other) == [
        "'forms/give_feedback.form#Field_x' cites it but is not among its traces."
    ]


def test_a_task_a_deadline_a_row_and_a_notification_must_cite_a_rule() -> None:
    kinds = [CitationKind.USER_TASK, CitationKind.DEADLINE, CitationKind.DECISION_ROW]
    for kind in [*kinds, CitationKind.NOTIFICATION]:
        assert messages(a_rule(), Citation("a#b", kind, ())) == [f"The {kind} cites no rule of the guidance."]
    assert messages(a_rule(), Citation("a#b", CitationKind.OTHER, ())) == []


def test_an_unknown_rule_may_not_be_cited() -> None:
    found = coverage(Register({}, {}), Models(frozenset({PLACE}), (feedback("SCH-XC-999"),)))
    assert [(one.file, one.element) for one in found] == [tuple(PLACE.split("#"))]
    assert "SCH-XC-999" in found[0].message


def test_a_recorded_decision_counts_as_a_rule_and_needs_a_trace() -> None:
    decided = Decision(id="D-1", file="guidance/decisions.yaml", question="?", decision="So.", traces=())
    found = coverage(Register({}, {"D-1": decided}), Models(frozenset({PLACE}), (feedback("D-1"),)))
    assert [one.message for one in found] == [
        "Nothing implements this decision.",
        f"'{PLACE}' cites it but is not among its traces.",
    ]


def test_rule_ids_are_found_in_an_annotation_once_each() -> None:
    text = "Hard limit. [SCH-FI-005, D-19, SCH-FI-005]"
    assert rule_ids(text) == ("SCH-FI-005", "D-19")
