"""Reading files: every version, and nothing hostile."""

import pytest

from engine import dmn
from engine.dmn.xml import MAXIMUM_BYTES, MAXIMUM_DEPTH, NAMESPACES


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_version_is_read(draw, namespace):
    model = dmn.loads(draw.file(draw.decision("d", draw.literal("1 + 1")), namespace=namespace))
    assert model.evaluate("d", {}) == 2


def test_type_prefixes_of_version_1_1_are_understood(draw):
    inner = '<inputData id="a" name="a"><variable name="a" typeRef="feel:number" xmlns:feel="http://www.omg.org/spec/FEEL/20140401"/></inputData>'
    model = dmn.loads(
        draw.file(
            inner, draw.decision("d", draw.literal("a"), needs=("a",)), namespace=next(iter(NAMESPACES))
        )
    )
    assert model.evaluate("d", {"a": "text"}) is None
    assert model.inputs_of("d") == {"a": "number"}


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "not well-formed"),
        (b"<definitions>", "not well-formed"),
        (b"<definitions/>", "not DMN definitions"),
        (b'<x xmlns="urn:other"/>', "not DMN definitions"),
        (b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><d>&e;</d>', "document type"),
        (b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>', "document type"),
        (b'<!DOCTYPE d SYSTEM "http://example.invalid/d.dtd"><d/>', "document type"),
        (b"<d>" * (MAXIMUM_DEPTH + 1) + b"</d>" * (MAXIMUM_DEPTH + 1), "nests deeper"),
        (b" " * (MAXIMUM_BYTES + 1), "bytes"),
        (b"<d>\x00</d>", "not well-formed"),
    ],
)
def test_what_is_no_safe_model_is_refused(data, what):
    with pytest.raises(dmn.ModelError, match=what):
        dmn.loads(data)


def test_an_error_says_what_where_and_how_to_mend_it(draw):
    row = '<rule id="r9"><inputEntry><text>1</text></inputEntry></rule>'
    table = f'<decisionTable id="t"><output id="o"/>{row}</decisionTable>'
    with pytest.raises(dmn.ModelError) as caught:
        draw.model(draw.decision("d", table))
    assert caught.value.element_id == "r9"
    assert "Row 1 has 1 input and 0 output cells" in str(caught.value)
    assert caught.value.remedy == "Give each row one cell a column."


def test_unknown_hit_policies_and_aggregations_are_refused(draw):
    with pytest.raises(dmn.ModelError, match="no hit policy 'LAST'"):
        draw.tabled([], [], policy="LAST")
    with pytest.raises(dmn.ModelError, match="no aggregation 'MEAN'"):
        draw.tabled([], [], policy="COLLECT", aggregation="MEAN")


def test_two_elements_with_one_id_are_refused(draw):
    with pytest.raises(dmn.ModelError, match="used twice"):
        draw.model(draw.decision("d", draw.literal("1")), draw.decision("d", draw.literal("2")))


def test_a_requirement_of_nothing_is_refused(draw):
    with pytest.raises(dmn.ModelError, match="none of the given files"):
        draw.model(draw.decision("d", draw.literal("1"), needs=("missing",)))


def test_decisions_in_a_circle_are_refused(draw):
    with pytest.raises(dmn.ModelError, match="in a circle"):
        draw.model(
            draw.decision("a", draw.literal("b"), needs=("Decision:b",)),
            draw.decision("b", draw.literal("a"), needs=("Decision:a",)),
        )


@pytest.mark.parametrize("order", [1, -1])
def test_a_chain_of_decisions_has_a_bounded_depth(draw, order):
    links = [draw.decision("d0", draw.literal("1"))]
    links += [draw.decision(f"d{n}", draw.literal("1"), needs=(f"Decision:d{n - 1}",)) for n in range(1, 150)]
    with pytest.raises(dmn.ModelError, match="more than 100 deep"):
        draw.model(*links[::order])


def test_an_expression_that_cannot_be_read_breaks_only_its_own_decision(draw):
    model = draw.model(draw.decision("good", draw.literal("1")), draw.decision("bad", draw.literal("1 +")))
    assert model.evaluate("good", {}) == 1
    assert model.evaluate("bad", {}) is None
    assert model.explain("bad", {}).errors
    assert [problem.owner for problem in model.problems] == ["bad"]


def test_other_expression_languages_are_problems(draw):
    logic = '<literalExpression expressionLanguage="http://www.w3.org/1999/XPath"><text>1</text></literalExpression>'
    model = draw.model(draw.decision("d", logic))
    assert "not run" in model.problems[0].message


def test_cells_in_other_languages_are_refused(draw):
    data = draw.file(draw.decision("d", draw.table([("x", "Any")], [("1", "1")])))
    with pytest.raises(dmn.ModelError, match="written in juel"):
        dmn.loads(data.replace(b"<inputEntry>", b'<inputEntry expressionLanguage="juel">'))


def test_decisions_are_found_by_id_and_name_and_unknown_ones_named(draw):
    model = draw.model(draw.decision("how  many", draw.literal("1")))
    assert model.evaluate("how many", {}) == model.evaluate("how__many", {}) == 1
    with pytest.raises(dmn.UnknownDecisionError, match="how many"):
        model.evaluate("other", {})


GRADE = '<typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues>'


class TestImports:
    def library(self, draw):
        return draw.file(
            draw.item(
                "tGrade", '<typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues>'
            ),
            draw.input("the grade", "tGrade"),
            draw.decision("twice it", draw.literal("the grade + the grade"), needs=("the grade",)),
            draw.knowledge("shout", {"word": "string"}, draw.literal("upper case(word)")),
            target="urn:library",
        )

    def importing(self, draw, name, text):
        kind = "https://www.omg.org/spec/DMN/20191111/MODEL/"
        return draw.file(
            f'<import name="{name}" namespace="urn:library" importType="{kind}"/>',
            draw.decision(
                "d",
                draw.literal(text),
                needs=("Decision:urn:library#twice_it", "Knowledge:urn:library#shout"),
            ),
        )

    def test_a_named_import_is_seen_under_its_name(self, draw):
        data = self.importing(draw, "my lib", "my lib.shout(my lib.twice it)")
        assert dmn.loads(data, self.library(draw)).evaluate("d", {"the grade": "a"}) == "AA"

    def test_an_unnamed_import_is_seen_directly(self, draw):
        data = self.importing(draw, "", "shout(twice it)")
        assert dmn.loads(data, self.library(draw)).evaluate("d", {"the grade": "b"}) == "BB"

    def test_an_imported_type_still_refuses_values(self, draw):
        model = dmn.loads(self.importing(draw, "lib", "lib.twice it"), self.library(draw))
        assert model.evaluate("d", {"the grade": "z"}) is None

    def test_a_missing_file_is_named(self, draw):
        with pytest.raises(dmn.ModelError, match="urn:library"):
            dmn.loads(self.importing(draw, "lib", "1"))

    def test_two_files_of_one_namespace_are_refused_unless_they_are_the_same(self, draw):
        other = draw.file(draw.input("other"), target="urn:library")
        with pytest.raises(dmn.ModelError, match="Two files"):
            dmn.loads(self.library(draw), other)
        assert dmn.loads(self.library(draw), self.library(draw)).problems == ()
