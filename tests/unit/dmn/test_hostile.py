"""Whatever a file says, only the documented errors leave the package."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine import dmn

FRAGMENTS = st.sampled_from(
    [  # tokens and halves of tokens
        "(",
        ")",
        "[",
        "]",
        '"',
        "-",
        "?",
        "..",
        "not(",
        "x",
        "1",
        "null",
        "for ",
        " in ",
        "<",
        "{",
        "}",
        ",",
        "@",
        "\\",
        '@"2026-12-03"',
        'date("2026-13-01")',
        "and ? < ",
        "function(a) ",
    ]
)
TEXTS = st.lists(FRAGMENTS, max_size=12).map("".join)
INPUTS = st.one_of(
    st.none(), st.booleans(), st.decimals(allow_nan=False, allow_infinity=False), st.text(max_size=5)
)

quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(cell=TEXTS, output=TEXTS, values=TEXTS, given_input=INPUTS)
@example(cell="?", output="x", values="", given_input=Decimal("1E+6000"))
def test_any_text_in_a_table_gives_a_value_or_null(draw, cell, output, values, given_input):
    model = draw.tabled([("x", "Any", values)], [(cell, output), ("-", "1")], policy="FIRST", values=values)
    explanation = model.explain("d", {"x": given_input})
    assert explanation.value == model.evaluate("d", {"x": given_input})
    dmn.prove(model)


@quick
@given(position=st.integers(0, 2000), junk=st.binary(min_size=1, max_size=4))
def test_a_damaged_file_is_refused_or_runs(draw, position, junk):
    rows = [("< 18", '"no"'), (">= 18", '"yes"')]
    logic = draw.table([("age", "number")], rows)
    data = draw.file(draw.input("age", "number"), draw.decision("d", logic, needs=("age",)))
    position %= len(data)
    with suppress(dmn.ModelError, dmn.UnknownDecisionError):
        model = dmn.loads(data[:position] + junk + data[position + len(junk) :])
        model.explain("d", {"age": Decimal(3)})
        dmn.prove(model)


@pytest.mark.parametrize("value", [object(), {"a": object()}, [object()], 1.5, "1"])
def test_values_of_no_fitting_type_become_null_and_are_always_reported(draw, value):
    model = draw.tabled([("x", "number")], [("null", "1"), ("-", "2")], policy="FIRST")
    assert model.evaluate("d", {"x": value}) == 1
    assert "is not a number" in model.explain("d", {"x": value}).errors[0]


def test_deeply_nested_expressions_are_stopped(draw):
    text = "(" * 5000 + "1" + ")" * 5000
    model = draw.model(draw.decision("d", draw.literal(text)))
    assert model.evaluate("d", {}) is None
    assert model.explain("d", {}).errors


def test_whole_numbers_of_python_are_numbers(draw):
    assert draw.tabled([("x", "number")], [("> 1", "x + 1")]).evaluate("d", {"x": 2}) == 3
