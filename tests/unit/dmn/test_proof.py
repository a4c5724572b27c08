"""Proof of tables: every finding has an example that shows it."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import dmn, feel

AGE = ("age", "number")
FLAG = ("known", "boolean")


def kinds(model):
    return [finding.kind for finding in dmn.prove(model)]


def test_a_complete_table_without_overlaps_has_no_finding(draw):
    rows = [("< 18", "-", "1"), (">= 18", "true", "2"), (">= 18", "false", "3")]
    assert dmn.prove(draw.tabled([AGE, FLAG], rows)) == []


def test_a_gap_is_shown_with_an_input(draw):
    (gap,) = dmn.prove(draw.tabled([AGE], [("< 18", "1"), ("> 18", "2")]))
    assert (gap.kind, gap.example, gap.decision_id) == ("gap", {"age": "18"}, "d")
    assert "age = 18" in gap.message
    assert "output null" in gap.remedy


def test_numbers_between_whole_numbers_are_looked_at(draw):
    (gap,) = dmn.prove(draw.tabled([AGE], [("<= 5", "1"), (">= 6", "2")]))
    assert gap.example == {"age": "5.5"}


def test_whole_numbers_have_no_gap_between_neighbours(draw):
    whole = "<typeRef>number</typeRef><typeConstraint><text>floor(?) = ?</text></typeConstraint>"
    logic = draw.table([("age", "tWhole")], [("<= 5", "1"), (">= 6", "2")])
    model = draw.model(
        draw.item("tWhole", whole), draw.input("age", "tWhole"), draw.decision("d", logic, needs=("age",))
    )
    assert dmn.prove(model) == []


def test_dates_have_no_gap_between_neighbouring_days(draw):
    day = ("day", "date")
    assert kinds(draw.tabled([day], [('<= @"2026-03-31"', "1"), ('>= date("2026-04-01")', "2")])) == []
    (gap,) = dmn.prove(draw.tabled([day], [('<= @"2026-03-30"', "1"), ('>= date("2026-04-01")', "2")]))
    assert gap.example == {"day": "2026-03-31"}


def test_texts_without_allowed_values_need_a_row_for_any_other(draw):
    assert kinds(draw.tabled([("grade", "string")], [('"a"', "1"), ('"b"', "2")])) == ["gap"]
    assert kinds(draw.tabled([("grade", "string")], [('"a"', "1"), ('not("a")', "2")])) == []


def test_allowed_values_bound_the_domain(draw):
    assert dmn.prove(draw.tabled([("grade", "string", '"a", "b"')], [('"a"', "1"), ('"b"', "2")])) == []
    assert dmn.prove(draw.tabled([("age", "number", "[0..10]")], [("< 5", "1"), ("[5..10]", "2")])) == []


def test_allowed_values_of_the_input_type_bound_the_domain(draw):
    item = draw.item("tGrade", '<typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues>')
    logic = draw.table([("grade", "string")], [('"a"', "1"), ('"b"', "2")])
    model = draw.model(item, draw.input("grade", "tGrade"), draw.decision("d", logic, needs=("grade",)))
    assert dmn.prove(model) == []


def test_null_belongs_to_the_domain_once_a_cell_names_it(draw):
    assert kinds(draw.tabled([FLAG], [("true", "1"), ("false", "2")])) == []
    assert kinds(draw.tabled([FLAG], [("true, null", "1"), ("false", "2")])) == []
    (gap,) = dmn.prove(
        draw.tabled([FLAG, AGE], [("true", "-", "1"), ("false", "-", "2"), ("null", "> 1", "3")])
    )
    assert gap.example == {"known": "null", "age": "0"}


def test_a_row_with_output_null_declares_a_gap(draw):
    assert dmn.prove(draw.tabled([AGE], [("< 18", "1"), (">= 18", "null", "does not apply")])) == []


def test_a_default_covers_what_no_row_does(draw):
    assert dmn.prove(draw.tabled([AGE], [("< 18", "1")], default="2")) == []


def test_an_overlap_is_shown_with_both_rows_and_an_input(draw):
    findings = dmn.prove(draw.tabled([AGE], [("<= 18", "1"), (">= 18", "2")]))
    assert [(each.kind, each.rows, each.example) for each in findings] == [("overlap", (1, 2), {"age": "18"})]


def test_a_row_inside_another_is_subsumed(draw):
    findings = dmn.prove(draw.tabled([AGE], [("-", "1"), ("[3..5]", "2")]))
    assert [(each.kind, each.rows) for each in findings] == [("overlap", (1, 2)), ("subsumed", (2, 1))]


def test_a_row_that_no_allowed_value_reaches_is_unreachable(draw):
    findings = dmn.prove(draw.tabled([("grade", "string", '"a"')], [("-", "1"), ('"z"', "2")]))
    assert [(each.kind, each.rows) for each in findings] == [("unreachable", (2,))]


def test_any_allows_overlaps_with_equal_outputs_only(draw):
    assert kinds(draw.tabled([AGE], [("<= 18", '"x"'), (">= 18", '"x"')], policy="ANY")) == []
    assert kinds(draw.tabled([AGE], [("<= 18", '"x"'), (">= 18", '"y"')], policy="ANY")) == ["overlap"]


def test_under_first_rows_hidden_by_earlier_ones_are_found(draw):
    by_one = dmn.prove(draw.tabled([AGE], [("< 20", "1"), ("< 10", "2"), ("-", "3")], policy="FIRST"))
    assert [(each.kind, each.rows) for each in by_one] == [("subsumed", (2, 1))]
    by_two = dmn.prove(draw.tabled([AGE], [("< 20", "1"), (">= 20", "2"), ("[15..25]", "3")], policy="FIRST"))
    assert [(each.kind, each.rows) for each in by_two] == [("unreachable", (3,))]


def test_under_priority_rows_outranked_everywhere_are_found(draw):
    rows = [("< 10", '"low"'), ("-", '"high"')]
    findings = dmn.prove(draw.tabled([AGE], rows, policy="PRIORITY", values='"high", "low"'))
    assert [(each.kind, each.rows) for each in findings] == [("subsumed", (1, 2))]


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER"])
def test_lists_of_rows_have_neither_gaps_nor_overlaps(draw, policy):
    assert dmn.prove(draw.tabled([AGE], [("< 10", "1"), ("< 5", "2")], policy=policy)) == []


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("> limit", "'limit'"),
        ("string length(string(?)) > 2", "more than compare"),
        ("> 1 + 2", "other than a constant"),
        ("(((", "cannot be read"),
    ],
)
def test_cells_it_cannot_analyse_are_skipped_aloud(draw, cell, why):
    columns = [AGE, ("limit", "number")]
    findings = dmn.prove(draw.tabled(columns, [(cell, "-", "1"), ("< 0", "-", "2")]))
    assert [each.kind for each in findings] == ["skipped", "gap"]
    assert findings[0].rows == (1,)
    assert why in findings[0].message
    assert "may cover it" in findings[1].message


def test_inputs_without_a_usable_type_are_skipped_aloud(draw):
    (skipped,) = [
        each
        for each in dmn.prove(draw.tabled([("x", "Any")], [("1", "1"), ('"a"', "2")]))
        if each.rows == (1,)
    ]
    assert "no type" in skipped.message


def test_two_columns_that_test_the_same_input_move_together(draw):
    columns = [AGE, AGE]
    inputs = draw.input("age", "number")
    logic = draw.table(columns, [("< 10", "> 5", "1"), (">= 10", "-", "2"), ("<= 5", "-", "3")])
    model = draw.model(inputs, draw.decision("d", logic, needs=("age",)))
    assert dmn.prove(model) == []


def test_tables_inside_knowledge_models_are_proven_too(draw):
    table = draw.table([("n", "number")], [("> 0", '"plus"')])
    model = draw.model(draw.knowledge("sign", {"n": "number"}, table))
    assert [(each.decision_id, each.kind) for each in dmn.prove(model)] == [("sign", "gap")]


def test_many_columns_are_proven_without_visiting_every_box(draw):
    columns = [(f"c{n}", "number") for n in range(12)]
    rows = [("-",) * n + ("< 0",) + ("-",) * (11 - n) + (str(n),) for n in range(12)]
    rows.append((">= 0",) * 12 + ("0",))
    assert dmn.prove(draw.tabled(columns, rows, policy="FIRST")) == []


CELLS = st.sampled_from(
    ["-", "< 3", "<= 3", "> 3", "[2..5]", "(2..5)", "5", "not(5)", "1, 7", "? > 1 and ? < 6"]
)
WORDS = st.sampled_from(["-", '"a"', '"b"', '"a", "b"', 'not("a")', "null"])
FLAGS = st.sampled_from(["-", "true", "false"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(CELLS, WORDS, FLAGS), min_size=1, max_size=6),
    ages=st.lists(st.decimals(0, 8, places=1), min_size=1, max_size=8),
)
def test_proof_evaluation_and_row_by_row_explanation_agree(draw, rows, ages):
    columns = [AGE, ("word", "string"), FLAG]
    model = draw.tabled(columns, [(*row, "1") for row in rows])
    findings = dmn.prove(model)
    for finding in findings:
        if finding.example:
            inputs = {name: feel.evaluate(text, {}) for name, text in finding.example.items()}
            matched = tuple(row.number for row in model.explain("d", inputs).rows if row.matched)
            assert matched == () if finding.kind == "gap" else set(finding.rows) <= set(matched)
    apart = not any(finding.kind == "overlap" for finding in findings)
    complete = not any(finding.kind == "gap" for finding in findings)
    for age in ages:
        for word in ("a", "b", "c"):
            for known in (True, False):
                inputs = {"age": Decimal(age), "word": word, "known": known}
                explanation = model.explain("d", inputs)
                matched = [row.number for row in explanation.rows if row.matched]
                assert [match.number for match in explanation.matched] == matched
                assert model.evaluate("d", inputs) == explanation.value
                assert not apart or len(matched) <= 1
                assert not complete or matched
