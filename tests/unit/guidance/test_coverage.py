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
    traces,
)

PLACE = "full_inspection/full_inspection.bpmn#Task_GiveFeedback"


def a_rule(*, fate: Fate = Fate.IMPLEMENTED, traces: tuple[str, ...] = (), because: str = "") -> Rule:
    return Rule(
        id="SCH-XC-139",
        file="guidance/secure_homes_across.yaml",
        setting="secure children's home",
        heading="Feedback",
        kind="condition",
        rule="Feedback can wait for advice.",
        force=Force.MAY,
        fate=fate,
        because=because,
        traces=traces,
    )


def messages(rule: Rule, *citations: Citation, places: frozenset[str] = frozenset({PLACE})) -> list[str]:
    found = coverage(Register({rule.id: rule}, {}), Models(places, citations))
    return [finding.message for finding in found]


def feedback(*rules: str) -> Citation:
    return Citation(PLACE, CitationKind.USER_TASK, rules)


def test_a_rule_that_a_place_cites_is_implemented_there() -> None:
    rule = a_rule(traces=("letters/report.md",))
    cited = Models(frozenset({PLACE, "letters/report.md"}), (feedback(rule.id),))

    assert messages(rule, feedback(rule.id), places=cited.places) == []
    assert traces(Register({rule.id: rule}, {}), cited) == {rule.id: (PLACE, "letters/report.md")}


def test_a_rule_that_nothing_implements_is_a_finding() -> None:
    assert messages(a_rule()) == ["Nothing implements the rule."]


def test_a_rule_is_implemented_or_set_aside_and_not_both() -> None:
    put_aside = a_rule(fate=Fate.CONTEXT, because="Background only.")
    assert messages(put_aside) == []
    assert messages(put_aside, feedback(put_aside.id)) == [
        f"The rule is set aside as 'context', yet '{PLACE}' implements it."
    ]


def test_a_duplicate_names_a_rule_that_is_there() -> None:
    assert messages(a_rule(fate=Fate.DUPLICATE, because="SCH-XC-999")) == [
        "It is a duplicate of 'SCH-XC-999', which is no rule."
    ]


def test_a_trace_must_lead_somewhere() -> None:
    gone = a_rule(traces=("letters/gone.md",))
    assert messages(gone) == ["The trace 'letters/gone.md' leads nowhere."]


def test_a_task_a_deadline_a_row_and_a_notification_must_cite_a_rule() -> None:
    def told(kind: CitationKind) -> list[str]:
        found = coverage(Register({}, {}), Models(frozenset(), (Citation("a#b", kind, ()),)))
        return [finding.message for finding in found]

    kinds = [CitationKind.USER_TASK, CitationKind.DEADLINE, CitationKind.DECISION_ROW]
    for kind in [*kinds, CitationKind.NOTIFICATION]:
        assert told(kind) == [f"The {kind} cites no rule of the guidance."]
    assert told(CitationKind.OTHER) == []


def test_an_unknown_rule_may_not_be_cited() -> None:
    found = coverage(Register({}, {}), Models(frozenset({PLACE}), (feedback("SCH-XC-999"),)))
    assert [(one.file, one.element) for one in found] == [tuple(PLACE.split("#"))]
    assert "SCH-XC-999" in found[0].message


def test_a_recorded_decision_counts_as_a_rule_and_needs_a_trace() -> None:
    decided = Decision(id="D-1", file="guidance/decisions.yaml", question="?", decision="So.", traces=())
    register = Register({}, {"D-1": decided})
    assert coverage(register, Models(frozenset({PLACE}), (feedback("D-1"),))) == ()
    assert [one.message for one in coverage(register, Models(frozenset({PLACE}), ()))] == [
        "Nothing implements this decision."
    ]


def test_rule_ids_are_found_in_an_annotation_once_each() -> None:
    text = "Hard limit. [SCH-FI-005, D-19, SCH-FI-005]"
    assert rule_ids(text) == ("SCH-FI-005", "D-19")
