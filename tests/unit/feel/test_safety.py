"""Whatever an analyst writes, an evaluation ends soon, with a value, a null or a documented error."""

import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.feel.functions import FUNCTIONS

SMALL = feel.Environment(steps=5_000, seconds=1, list_items=1_000, text_length=10_000)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("for i in 1..10**12 return i", "items"),
        ("every i in 1..10**12 satisfies true", "steps"),
        ("for i in 1..10**6, j in 1..10**6 return 1", "items"),
        ('for i in 1..99 return if i = 1 then "aaaa" else partial[-1] + partial[-1]', "string"),
        ("for i in 1..99 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])", "list"),
        ("flatten((for i in 1..99 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1])", "list"),
        ("string((for i in 1..99 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1])", "text"),
        ("(function(f) f(f))(function(f) f(f))", "deep"),
        (
            "{f: function(g, n) if n < 2 then n else g(g, n - 1) + g(g, n - 2), r: f(f, 50)}.r",
            "steps",
        ),
        ('for i in 1..900 return upper case(string join(for j in 1..900 return "aaaaaaaaaa"))', "steps"),
        ('replace(string join(for j in 1..900 return "a"), "a", "bbbbbbbbbbbbbbb")', "string"),
    ],
)
def test_an_evaluation_without_measure_is_stopped(text, says):
    with pytest.raises(feel.EvaluationBudgetError, match=says):
        feel.compile(text).evaluate({}, SMALL)


def test_time_runs_out_too():
    patient = feel.Environment(steps=10**12, seconds=0.05)
    with pytest.raises(feel.EvaluationBudgetError, match="seconds"):
        feel.compile("every i in 1..10**12 satisfies true").evaluate({}, patient)


def test_a_stack_already_deep_is_a_documented_error():
    tests, expression = (
        feel.compile_unary_tests("? > " + "+".join(["1"] * 200)),
        feel.compile("+".join(["1"] * 200)),
    )

    def below(depth, ask):
        return ask() if depth == 0 else below(depth - 1, ask)

    for ask in (lambda: tests.evaluate(None, {}), lambda: expression.evaluate({})):
        with pytest.raises(feel.EvaluationBudgetError, match="deep"):
            below(sys.getrecursionlimit() - 200, ask)
    for ask in (lambda: feel.compile(expression.text), lambda: feel.compile_unary_tests(tests.text)):
        with pytest.raises(feel.FeelSyntaxError, match="deep"):
            below(sys.getrecursionlimit() - 200, ask)


def test_values_nested_beyond_reason_are_stopped():
    nested = "(for i in 1..2000 return if i = 1 then [1] else [partial[-1]])[-1]"
    for text in (f"string({nested})", f"is({nested}, {nested})"):
        with pytest.raises(feel.EvaluationBudgetError, match="deep"):
            feel.compile(text).evaluate({})


def test_shared_parts_are_compared_once(value):
    shared = "(for i in 1..99 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1]"
    assert value(f"{shared} = {shared}") is True


@pytest.mark.parametrize(
    "text", ["[1.." * 60, "[1..1[" * 60, "/*" * 40_000, '"' * 99_999, "a " * 40_000, "9" * 60_000]
)
def test_texts_made_to_hang_the_parser_do_not(text):
    with suppress(feel.FeelSyntaxError):
        feel.compile(text)


def test_a_text_beyond_all_measure_is_refused():
    with pytest.raises(feel.FeelSyntaxError, match="longer"):
        feel.compile(" " * 100_001)


def test_reasons_are_bounded(evaluate):
    result = evaluate("count(for i in 1..5000 return nothing)")
    assert len(result.reasons) == 100


ATOMS = st.sampled_from(
    [
        "1",
        "-2",
        "0",
        "1.5",
        "1e6000",
        "1e-6000",
        '"a"',
        '""',
        '"(a.b)*"',
        "true",
        "null",
        "x",
        "l",
        "c",
        "[]",
        "{a:1}",
        "{}",
        '@"2020-02-29"',
        '@"P1D"',
        '@"-P1Y2M"',
        '@"10:00:00"',
        '@"2020-01-01T10:00:00@Europe/London"',
        '@"999999999-12-31"',
        '@"P999999999999D"',
        "[1..5]",
        "(<5)",
        "(!=3)",
        '["a".."c")',
        "item",
        "partial",
        "abs",
        "now()",
        "[[1],[2]]",
        '{key:"a",value:1}',
        '[null,"a"]',
    ]
)
SIGNS = st.sampled_from(["+", "-", "*", "/", "**", "<", "<=", ">", ">=", "=", "!=", "and", "or", "in"])
PROPERTIES = st.sampled_from(["a", "year", "start", "days", "time offset", "months", "end included"])
TYPES = st.sampled_from(
    ["number", "list<number>", "context<a: number>", "range<Any>", "function<number>->number"]
)
NAMES = st.sampled_from(sorted(FUNCTIONS))


def _compound(inner):
    def join(template, *parts):
        return st.tuples(*parts).map(lambda found: template.format(*found))

    return st.one_of(
        join("({} {} {})", inner, SIGNS, inner),
        join("if {} then {} else {}", inner, inner, inner),
        join("for i in {} return {}", inner, inner),
        join("some i in {} satisfies {}", inner, inner),
        join("({})[{}]", inner, inner),
        join("({}).{}", inner, PROPERTIES),
        join("[{}, {}]", inner, inner),
        join("{{a: {}, b: {}}}", inner, inner),
        join("-({})", inner),
        join("({} between {} and {})", inner, inner, inner),
        join("({}) instance of {}", inner, TYPES),
        join("(function(x, y) {})({}, {})", inner, inner, inner),
        join("{}({})", NAMES, st.lists(inner, max_size=3).map(", ".join)),
        join("sort({}, function(x, y) {})", inner, inner),
    )


EXPRESSIONS = st.recursive(ATOMS, _compound, max_leaves=10)
CONTEXT = {"x": feel.evaluate("3"), "l": feel.evaluate('[1, null, "z", {a: 2}]'), "c": {"a": {"b": True}}}


@settings(max_examples=300)
@given(EXPRESSIONS)
def test_any_expression_gives_a_value_or_a_documented_error(text):
    with suppress(feel.FeelSyntaxError, feel.EvaluationBudgetError):
        value = feel.compile(text).evaluate(CONTEXT, SMALL).value
        assert not feel.type_name(value).startswith("unknown")
        assert isinstance(feel.text(value), str)
        with suppress(feel.NotJsonError):
            assert feel.text(feel.from_json(feel.to_json(value))) == feel.text(value)


@settings(max_examples=300)
@given(EXPRESSIONS, st.data())
def test_any_broken_text_is_refused_or_runs(text, data):
    cut = data.draw(st.integers(0, len(text)))
    junk = data.draw(st.text(alphabet='()[]{}<>=!"\\,.:@?- aif/*\n1é', max_size=4))
    broken = text[:cut] + junk + text[cut + data.draw(st.integers(0, 3)) :]
    with suppress(feel.FeelSyntaxError, feel.EvaluationBudgetError):
        feel.compile(broken).evaluate(CONTEXT, SMALL)
    with suppress(feel.FeelSyntaxError, feel.EvaluationBudgetError):
        feel.compile_unary_tests(broken).evaluate(CONTEXT["x"], CONTEXT, SMALL)


@settings(max_examples=200)
@given(st.text(alphabet="ab()[]|*+?{}1,-^$\\.dpLs1 ", max_size=14), st.text(alphabet="ab1 \n", max_size=20))
def test_any_pattern_answers_or_is_refused(pattern, text):
    value = feel.evaluate("matches(t, p)", {"t": text, "p": pattern})
    assert value in (True, False, None)
    assert feel.type_name(feel.evaluate('replace(t, p, "$1")', {"t": text, "p": pattern})) in (
        "string",
        "null",
    )
