"""Item definitions: what fits, what is converted, what is refused."""

from decimal import Decimal

import pytest

from engine import dmn

GRADE = '<typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues>'


def echo(draw, *items, type_ref):
    return draw.model(*items, draw.input("x", type_ref), draw.decision("d", draw.literal("x"), needs=("x",)))


@pytest.mark.parametrize(
    ("type_ref", "good", "bad"),
    [
        ("number", Decimal(1), "1"),
        ("string", "a", Decimal(1)),
        ("boolean", True, "true"),
        ("tGrade", "b", "c"),
        ("tGrades", ["a", "b"], ["a", "c"]),
        ("tPerson", {"name": "Asha", "grade": "a"}, {"name": "Asha"}),
        ("tPerson", {"name": "Asha", "grade": "a", "more": True}, {"name": Decimal(1), "grade": "a"}),
        ("tFew", [Decimal(1)], [Decimal(n) for n in range(4)]),
    ],
)
def test_inputs_are_checked_against_their_type(draw, type_ref, good, bad):
    few = "<typeRef>number</typeRef><typeConstraint><text>count(?) &lt; 3</text></typeConstraint>"
    items = (
        draw.item("tGrade", GRADE),
        draw.item("tGrades", "<typeRef>tGrade</typeRef>", collection=True),
        draw.item("tFew", few, collection=True),
        draw.item(
            "tPerson",
            '<itemComponent name="name"><typeRef>string</typeRef></itemComponent>'
            '<itemComponent name="grade"><typeRef>tGrade</typeRef></itemComponent>',
        ),
    )
    model = echo(draw, *items, type_ref=type_ref)
    assert model.evaluate("d", {"x": good}) == good
    assert model.evaluate("d", {"x": bad}) is None
    assert type_ref in model.explain("d", {"x": bad}).errors[0]


def test_null_fits_every_type(draw):
    explanation = echo(draw, draw.item("tGrade", GRADE), type_ref="tGrade").explain("d", {"x": None})
    assert (explanation.value, explanation.errors) == (None, ())


def test_a_list_of_one_becomes_its_element(draw):
    assert echo(draw, type_ref="string").evaluate("d", {"x": ["a"]}) == "a"


def test_a_result_of_the_wrong_type_is_null_with_the_reason(draw):
    model = draw.model(draw.decision("d", draw.literal("1 + 1"), type_ref="string"))
    assert model.evaluate("d", {}) is None
    assert "is not a string" in model.explain("d", {}).errors[0]


def test_a_type_may_contain_itself_in_a_list(draw):
    inner = (
        '<itemComponent name="name"><typeRef>string</typeRef></itemComponent>'
        '<itemComponent name="parts" isCollection="true"><typeRef>tTree</typeRef></itemComponent>'
    )
    model = echo(draw, draw.item("tTree", inner), type_ref="tTree")
    good = {"name": "a", "parts": [{"name": "b", "parts": []}]}
    bad = {"name": "a", "parts": [{"name": Decimal(1), "parts": []}]}
    assert model.evaluate("d", {"x": good}) == good
    assert model.evaluate("d", {"x": bad}) is None


def test_a_type_defined_as_itself_is_refused(draw):
    with pytest.raises(dmn.ModelError, match="defined as itself"):
        draw.model(draw.item("a", "<typeRef>b</typeRef>"), draw.item("b", "<typeRef>a</typeRef>"))


def test_allowed_values_that_cannot_be_read_are_refused(draw):
    with pytest.raises(dmn.ModelError, match="allowed values cannot be read"):
        draw.model(draw.item("a", "<typeRef>string</typeRef><allowedValues><text>(((</text></allowedValues>"))


def test_functions_are_checked_by_their_parameters(draw):
    function = '<functionItem outputTypeRef="number"><parameters name="n" typeRef="number"/></functionItem>'
    model = draw.model(
        draw.item("tF", function),
        draw.knowledge("apply", {"f": "tF"}, draw.literal("f(2)")),
        draw.decision("good", draw.literal("apply(function(n: number) n * 3)"), needs=("Knowledge:apply",)),
        draw.decision("bad", draw.literal("apply(3)"), needs=("Knowledge:apply",)),
    )
    assert model.evaluate("good", {}) == 6
    assert model.evaluate("bad", {}) is None


def test_a_type_nobody_defines_is_a_problem(draw):
    (problem,) = echo(draw, type_ref="tMissing").problems
    assert "no type 'tMissing'" in problem.message
