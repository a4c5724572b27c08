"""Decision tables: every hit policy, defaults, column checks."""

from decimal import Decimal

import pytest

AGE = ("age", "number")
ROWS = [("< 10", '"child"'), ("< 20", '"young"'), ("[15..30]", '"young"'), ("> 60", '"old"')]
PRIORITIES = '"old", "young", "child"'


def decide(model, age):
    return model.evaluate("d", {"age": None if age is None else Decimal(age)})


def test_unique_answers_with_the_one_row_that_holds(draw):
    model = draw.tabled([AGE], ROWS)
    assert decide(model, 12) == "young"
    assert decide(model, 61) == "old"


def test_a_unique_overlap_is_an_error_naming_the_rows(draw):
    model = draw.tabled([AGE], ROWS)
    assert decide(model, 5) is None
    assert "Rows 1 and 2 all hold" in model.explain("d", {"age": Decimal(5)}).errors[0]


def test_any_wants_equal_outputs_and_names_the_rows_that_differ(draw):
    model = draw.tabled([AGE], ROWS, policy="ANY")
    assert decide(model, 17) == "young"
    assert decide(model, 5) is None
    assert "Rows 1 and 2" in model.explain("d", {"age": Decimal(5)}).errors[0]


def test_first_answers_with_the_first_row(draw):
    assert decide(draw.tabled([AGE], ROWS, policy="FIRST"), 5) == "child"


def test_priority_answers_with_the_most_important_output(draw):
    assert decide(draw.tabled([AGE], ROWS, policy="PRIORITY", values=PRIORITIES), 5) == "young"


def test_priority_without_output_values_is_a_problem_and_answers_null(draw):
    model = draw.tabled([AGE], ROWS, policy="PRIORITY")
    assert decide(model, 5) is None
    assert "priority" in model.problems[0].message


def test_rule_order_lists_in_row_order_and_output_order_by_priority(draw):
    assert decide(draw.tabled([AGE], ROWS, policy="RULE ORDER"), 5) == ["child", "young"]
    assert decide(draw.tabled([AGE], ROWS, policy="OUTPUT ORDER", values=PRIORITIES), 5) == ["young", "child"]


@pytest.mark.parametrize(
    ("aggregation", "answer", "empty"),
    [("", [3, 5, 3], []), ("SUM", 11, None), ("MIN", 3, None), ("MAX", 5, None), ("COUNT", 3, 0)],
)
def test_collect_lists_or_aggregates(draw, aggregation, answer, empty):
    rows = [("< 10", "3"), ("< 20", "5"), ("< 30", "3")]
    model = draw.tabled([AGE], rows, policy="COLLECT", aggregation=aggregation)
    assert decide(model, 1) == answer
    assert decide(model, 99) == empty


def test_sums_of_what_cannot_be_added_are_null_with_the_reason(draw):
    model = draw.tabled([AGE], [("-", '"a"'), ("-", "1")], policy="COLLECT", aggregation="SUM")
    assert decide(model, 1) is None
    assert "not all numbers" in model.explain("d", {"age": Decimal(1)}).errors[0]


def test_an_empty_list_is_an_answer_and_no_match_is_not(draw):
    collected = draw.tabled([AGE], [("1", "1")], policy="COLLECT").explain("d", {"age": Decimal(2)})
    assert (collected.value, collected.no_match, collected.errors) == ([], False, ())
    single = draw.tabled([AGE], [("1", "1")]).explain("d", {"age": Decimal(2)})
    assert (single.value, single.no_match) == (None, True)
    assert "No row holds for age = 2" in single.errors[0]


def test_a_row_with_output_null_is_an_answer_without_an_error(draw):
    explanation = draw.tabled([AGE], [("> 5", "null", "nothing applies")]).explain("d", {"age": Decimal(6)})
    assert (explanation.value, explanation.no_match, explanation.errors) == (None, False, ())
    assert explanation.matched[0].annotations == {"description": "nothing applies"}


def test_the_default_answers_where_no_row_holds(draw):
    model = draw.tabled([AGE], [("1", '"one"')], default='"many"')
    assert decide(model, 2) == "many"
    assert not model.explain("d", {"age": Decimal(2)}).no_match


def test_several_outputs_make_a_context(draw):
    logic = draw.table([AGE], [("< 10", "1", '"x"')], outputs=[("a", ""), ("b c", "")])
    model = draw.model(draw.input("age", "number"), draw.decision("d", logic, needs=("age",)))
    assert decide(model, 1) == {"a": 1, "b c": "x"}


def test_an_input_outside_its_allowed_values_is_an_error(draw):
    model = draw.tabled([("grade", "string", '"a", "b"')], [("-", "1")])
    assert model.evaluate("d", {"grade": "a"}) == 1
    assert model.evaluate("d", {"grade": "z"}) is None
    assert 'grade = "z" is not one of' in model.explain("d", {"grade": "z"}).errors[0]


def test_cells_may_use_other_inputs_and_conditions_on_the_input(draw):
    columns = [AGE, ("limit", "number")]
    model = draw.tabled(columns, [("> limit", "-", '"above"'), ("? <= limit and ? > 0", "-", '"below"')])
    assert model.evaluate("d", {"age": Decimal(9), "limit": Decimal(5)}) == "above"
    assert model.evaluate("d", {"age": Decimal(4), "limit": Decimal(5)}) == "below"


def test_empty_cells_hold_always(draw):
    assert decide(draw.tabled([AGE], [("", '"any"')]), 3) == "any"


def test_null_matches_only_cells_that_name_it_or_test_nothing(draw):
    model = draw.tabled([AGE], [("null", '"none"'), (">= 0", '"some"')])
    assert decide(model, None) == "none"
    assert decide(model, 0) == "some"


def test_dates_and_durations_are_looked_up_as_they_compare(draw):
    rows = [
        ('< date("2026-04-01")', "1"),
        ('[date("2026-04-01")..date("2027-03-31")]', "2"),
        ('> @"2027-03-31"', "3"),
    ]
    model = draw.tabled([("day", "date")], rows)
    caller = draw.model(draw.decision("x", draw.literal('[date("2026-03-31"), date("2026-04-01")]')))
    early, late = caller.evaluate("x", {})
    assert [model.evaluate("d", {"day": day}) for day in (early, late)] == [1, 2]


def test_an_output_outside_its_values_is_a_problem(draw):
    rows = [("< 5", '"low"'), ("> 5", '"hihg"'), ("5", "null")]
    (problem,) = draw.tabled([AGE], rows, values='"low", "high"').problems
    assert "row 2" in problem.message
