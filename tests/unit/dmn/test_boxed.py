"""Boxed expressions, knowledge models and services."""

from decimal import Decimal

import pytest

from engine import dmn


def box(draw, logic, *elements, needs=()):
    return draw.model(*elements, draw.decision("d", logic, needs=needs))


def entry(draw, name, text):
    variable = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{variable}{draw.literal(text)}</contextEntry>"


def test_a_context_gives_its_entries_and_each_sees_those_before(draw):
    logic = f"<context>{entry(draw, 'first part', '2')}{entry(draw, 'b', 'first part * 3')}</context>"
    assert box(draw, logic).evaluate("d", {}) == {"first part": 2, "b": 6}


def test_an_entry_without_a_name_is_the_result(draw):
    logic = f"<context>{entry(draw, 'a', '2')}{entry(draw, '', 'a + 1')}</context>"
    assert box(draw, logic).evaluate("d", {}) == 3


def test_lists_and_relations_are_lists_and_lists_of_contexts(draw):
    cells = draw.literal("1") + draw.literal('"x"')
    assert box(draw, f"<list>{cells}</list>").evaluate("d", {}) == [1, "x"]
    relation = f'<relation><column name="n"/><column name="t"/><row>{cells}</row></relation>'
    assert box(draw, relation).evaluate("d", {}) == [{"n": 1, "t": "x"}]


@pytest.mark.parametrize(("condition", "answer"), [("true", 1), ("false", 2), ("null", 2), ('"x"', None)])
def test_a_conditional_needs_a_boolean(draw, condition, answer):
    parts = {"if": condition, "then": "1", "else": "2"}
    logic = "".join(f"<{tag}>{draw.literal(text)}</{tag}>" for tag, text in parts.items())
    assert box(draw, f"<conditional>{logic}</conditional>").evaluate("d", {}) == answer


def loop(draw, tag, source, body):
    inner = {"for": "return", "filter": "match"}.get(tag, "satisfies")
    variable = "" if tag == "filter" else ' iteratorVariable="x"'
    parts = f"<in>{draw.literal(source)}</in><{inner}>{draw.literal(body)}</{inner}>"
    return box(draw, f"<{tag}{variable}>{parts}</{tag}>").evaluate("d", {})


@pytest.mark.parametrize(
    ("tag", "source", "body", "answer"),
    [
        ("for", "[1, 2]", "x * 2", [2, 4]),
        ("for", "[1..3]", "x", [1, 2, 3]),
        ("for", "[1, 2, 3]", "x + count(partial)", [1, 3, 5]),
        ("for", '"x"', "x", None),
        ("filter", "[1, 2, 3]", "item > 1", [2, 3]),
        ("filter", "[{a: 1}, {a: 2}]", "a = 2", [{"a": 2}]),
        ("filter", "[1]", '"x"', None),
        ("some", "[1, 2]", "x > 1", True),
        ("every", "[1, 2]", "x > 1", False),
        ("every", "[]", "false", True),
        ("some", "[1, 2]", "x", None),
        ("every", "null", "true", None),
    ],
)
def test_loops_want_a_list_and_tests_a_boolean(draw, tag, source, body, answer):
    assert loop(draw, tag, source, body) == answer


def test_an_invocation_names_its_arguments(draw):
    knowledge = draw.knowledge("rate of", {"base": "number", "extra": "number"}, draw.literal("base - extra"))
    binding = "".join(
        f'<binding><parameter name="{name}"/>{draw.literal(text)}</binding>'
        for name, text in (("extra", "1"), ("base", "10"))
    )
    logic = f"<invocation>{draw.literal('rate of')}{binding}</invocation>"
    assert box(draw, logic, knowledge, needs=("Knowledge:rate of",)).evaluate("d", {}) == 9


def test_a_boxed_function_closes_over_its_scope(draw):
    parameter = '<formalParameter name="n" typeRef="number"/>'
    function = f"<functionDefinition>{parameter}{draw.literal('n + a')}</functionDefinition>"
    context = f'<context>{entry(draw, "a", "5")}<contextEntry><variable name="f"/>{function}</contextEntry>'
    assert box(draw, f"{context}{entry(draw, '', 'f(1)')}</context>").evaluate("d", {}) == 6


@pytest.mark.parametrize("kind", ["Java", "PMML"])
def test_functions_from_outside_are_refused(draw, kind):
    function = (
        f'<functionDefinition kind="{kind}">{draw.literal("{java: {class: null}}")}</functionDefinition>'
    )
    named = f'<contextEntry><variable name="f"/>{function}</contextEntry>'
    context = f"<context>{named}{entry(draw, '', 'f()')}</context>"
    model = box(draw, context)
    assert model.evaluate("d", {}) is None
    assert f"{kind} functions are not run" in model.problems[0].message


def test_a_knowledge_model_may_call_itself(draw):
    body = draw.literal("if n <= 1 then 1 else n * factorial(n - 1)")
    knowledge = draw.knowledge("factorial", {"n": "number"}, body, needs=("factorial",))
    model = box(draw, draw.literal("factorial(5)"), knowledge, needs=("Knowledge:factorial",))
    assert model.evaluate("d", {}) == 120


def test_endless_recursion_is_stopped_with_the_reason(draw):
    knowledge = draw.knowledge("f", {"n": "number"}, draw.literal("f(n + 1)"))
    model = box(draw, draw.literal("f(0)"), knowledge, needs=("Knowledge:f",))
    assert model.evaluate("d", {}) is None
    assert "deep" in model.explain("d", {}).errors[0]


def test_endless_work_is_stopped_with_the_reason(draw):
    source = "for a in 1..10000, b in 1..10000 return a"
    model = box(draw, draw.literal(source))
    assert model.evaluate("d", {}) is None
    assert model.explain("d", {}).errors


def test_a_decision_sees_only_what_it_requires(draw):
    model = draw.model(
        draw.input("a", "number"),
        draw.input("b", "number"),
        draw.decision("d", draw.literal("a"), needs=("b",)),
        draw.knowledge("f", {}, draw.literal("a")),
        draw.decision("e", draw.literal("f()"), needs=("a", "Knowledge:f")),
    )
    assert model.evaluate("d", {"a": Decimal(1)}) is None
    assert model.evaluate("e", {"a": Decimal(1)}) is None


def test_a_decision_without_requirements_sees_what_its_caller_has(draw):
    model = draw.model(draw.decision("d", draw.literal("a + 1")))
    assert model.evaluate("d", {"a": Decimal(1)}) == 2


def test_required_decisions_are_made_once(draw):
    model = draw.model(
        draw.decision("base", draw.literal("2")),
        draw.decision("left", draw.literal("base + 1"), needs=("Decision:base",)),
        draw.decision("right", draw.literal("base + 2"), needs=("Decision:base",)),
        draw.decision("d", draw.literal("left * right"), needs=("Decision:left", "Decision:right")),
    )
    assert model.evaluate("d", {}) == 12


class TestServices:
    @pytest.fixture
    def model(self, draw):
        service = (
            '<decisionService id="serve" name="serve"><variable name="serve"/>'
            '<outputDecision href="#out"/><inputDecision href="#mid"/><inputData href="#a"/>'
            "</decisionService>"
        )
        return draw.model(
            draw.input("a", "number"),
            draw.decision("mid", draw.literal("100")),
            draw.decision("out", draw.literal("a + mid"), needs=("a", "Decision:mid")),
            draw.decision(
                "calls", draw.literal("serve(1, 2) + mid"), needs=("Knowledge:serve", "Decision:mid")
            ),
            service,
        )

    def test_input_decisions_come_from_the_caller(self, model):
        assert model.evaluate("serve", {"a": Decimal(1), "mid": Decimal(5)}) == 6

    def test_a_call_gives_inputs_first_and_leaves_the_caller_untouched(self, model):
        assert model.evaluate("calls", {}) == 103

    def test_its_explanation_holds_its_decisions(self, model):
        explanation = model.explain("serve", {"a": Decimal(1), "mid": Decimal(5)})
        assert [each.name for each in explanation.required] == ["out"]
        assert explanation.value == 6

    def test_a_service_without_output_is_refused(self, draw):
        with pytest.raises(dmn.ModelError, match="no output decision"):
            draw.model('<decisionService id="s" name="s"/>')
