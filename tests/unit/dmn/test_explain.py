"""Explanations: what people are told about a decision."""

import json
from decimal import Decimal

import pytest


@pytest.fixture
def graph(draw):
    columns = [("age", "number"), ("known", "boolean")]
    rows = [("< 18", "-", '"no"', "rule 7"), (">= 18", "true", '"yes"'), (">= 18", "false", '"ask"')]
    return draw.model(
        draw.input("age", "number"),
        draw.input("known", "boolean"),
        draw.decision("may", draw.table(columns, rows), needs=("age", "known")),
        draw.decision("says", draw.literal('"we say " + may'), needs=("Decision:may",)),
    )


def test_every_row_shows_which_cells_held(graph):
    explanation = graph.explain("may", {"age": Decimal(20), "known": False})
    assert explanation.value == "ask"
    assert [row.cells for row in explanation.rows] == [(False, True), (True, False), (True, True)]
    assert [row.number for row in explanation.rows if row.matched] == [3]
    assert explanation.hit_policy == "UNIQUE"
    assert explanation.inputs == {"age": 20, "known": False}


def test_the_matched_row_carries_outputs_and_annotations(graph):
    match = graph.explain("may", {"age": Decimal(3), "known": False}).matched[0]
    assert (match.number, match.rule_id) == (1, "r1")
    assert match.outputs == {"output": "no"}
    assert match.annotations == {"description": "rule 7"}


def test_required_decisions_are_explained_too(graph):
    explanation = graph.explain("says", {"age": Decimal(3), "known": False})
    assert explanation.value == "we say no"
    assert [each.decision_id for each in explanation.required] == ["may"]
    assert explanation.required[0].matched[0].number == 1


def test_a_null_has_its_reason(graph):
    explanation = graph.explain("says", {"age": "old", "known": False})
    assert explanation.value is None
    assert explanation.errors
    assert any('age = "old" is not a number' in error for error in explanation.required[0].errors)


def test_an_explanation_is_json(graph):
    document = graph.explain("says", {"age": Decimal(3), "known": False}).as_json()
    assert json.loads(json.dumps(document, default=str))["required"][0]["matched"][0]["row"] == 1


def test_evaluate_and_explain_agree(graph):
    for age in (1, 18, 99):
        for known in (True, False, None):
            inputs = {"age": Decimal(age), "known": known}
            assert graph.evaluate("says", inputs) == graph.explain("says", inputs).value


def test_a_table_inside_a_knowledge_model_is_shown_with_the_decision_that_calls_it(draw):
    table = draw.table([("n", "number")], [("> 0", '"plus"'), ("<= 0", '"minus"')])
    model = draw.model(
        draw.knowledge("sign", {"n": "number"}, table),
        draw.decision("d", draw.literal("sign(-1)"), needs=("Knowledge:sign",)),
    )
    explanation = model.explain("d", {})
    assert explanation.value == "minus"
    assert [match.number for match in explanation.matched] == [2]


def test_columns_with_one_label_stay_apart(draw):
    logic = draw.table([("age", "number"), ("age", "number")], [("> 1", "< 5", "1")])
    model = draw.model(draw.input("age", "number"), draw.decision("d", logic, needs=("age",)))
    assert model.explain("d", {"age": Decimal(3)}).inputs == {"age (1)": 3, "age (2)": 3}


def test_a_function_as_value_is_shown_by_its_signature(draw):
    model = draw.model(draw.decision("d", draw.literal("function(a, b) a + b")))
    assert model.explain("d", {}).as_json()["value"] == "function(a, b)"
