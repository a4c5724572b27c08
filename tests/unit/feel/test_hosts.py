"""What a host hands in and gets out: contexts, functions, types, stored values."""

from collections import ChainMap
from collections.abc import Mapping
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel


class Lazy(Mapping):
    """Notes which names are asked for."""

    def __init__(self, values):
        self.values_held, self.asked = values, []

    def __getitem__(self, name):
        self.asked.append(name)
        return self.values_held[name]

    def __iter__(self):
        raise AssertionError("a context is looked up, never walked")

    def __len__(self):
        raise AssertionError("a context is looked up, never walked")


def test_a_context_is_looked_up_lazily():
    context = Lazy({"a": Decimal(1), "b": Decimal(2)})
    assert feel.compile("if a = 1 then a else b").evaluate(context).value == 1
    assert set(context.asked) == {"a"}


def test_a_chain_of_scopes_serves_as_context():
    context = ChainMap({"a": Decimal(1)}, {"a": Decimal(2), "b": Decimal(3)})
    assert feel.compile("a + b").evaluate(context).value == 4


def test_a_native_function_is_called_by_position_and_by_name():
    deadline = feel.NativeFunction(("id", "days"), lambda id, days: {"due": f"{id}+{days}"})
    assert feel.evaluate('deadline("a", 2).due', {"deadline": deadline}) == "a+2"
    assert feel.evaluate('deadline(days: 2, id: "a").due', {"deadline": deadline}) == "a+2"


def test_a_native_function_that_refuses_is_null_with_its_reason():
    def refuse(id):
        raise feel.FunctionError(f"there is no deadline {id}")

    result = feel.compile('deadline("x").due').evaluate({"deadline": feel.NativeFunction(("id",), refuse)})
    assert result.value is None
    assert result.reasons[0].message == "there is no deadline x"


def test_a_native_function_called_wrongly_is_null_with_a_reason():
    function = feel.NativeFunction(("id",), lambda id: id, "deadline")
    for text in ("f()", "f(1, 2)", "f(name: 1)"):
        result = feel.compile(text).evaluate({"f": function})
        assert result.value is None
        assert "deadline takes (id)" in result.reasons[0].message


@pytest.mark.parametrize(
    "text", ["x()", "x.append", "x.__class__", "x[1]", "x + 1", "x = x", "x < x", "-x", "sum(x)"]
)
def test_a_python_object_can_be_carried_but_not_used(text):
    class Foreign:
        def __call__(self):
            raise AssertionError("never called")

        def __eq__(self, other):
            raise AssertionError("never compared")

        __hash__ = None

    context = {"x": Foreign()}
    try:
        value = feel.compile(text).evaluate(context).value
    except AssertionError:
        pytest.fail(f"{text} reached a Python object")
    assert value is None or value is context["x"]


def test_attributes_of_values_are_no_properties():
    for text in ('"a".upper', "(1).real", "[1].copy", "{a: 1}.keys", "abs.call", '@"2026-01-01".to_python'):
        value = feel.evaluate(text)
        assert value in (None, [None])


def test_named_types_of_a_model_can_be_asked_for():
    adult = feel.ConstrainedType(feel.SimpleType("number"), lambda age: age >= 18)
    person = feel.ContextType((("age", adult),))
    types = {"Grown up": person, "tAges": feel.ListType(adult)}
    ask = feel.compile("p instance of Grown up", types=types)
    assert ask.evaluate({"p": {"age": Decimal(20)}}).value is True
    assert ask.evaluate({"p": {"age": Decimal(2)}}).value is False
    function = feel.compile("(function(a: tAges) count(a))(5)", types=types)
    assert "tAges" not in function.names
    assert function.evaluate({}).value is None
    assert feel.parse_type_name("list<Grown up>", types) == feel.ListType(person)


@pytest.mark.parametrize("text", ["", "lust", "list<", "list<number,string>", "context<a>", "number number"])
def test_what_names_no_type_is_refused(text):
    with pytest.raises(feel.FeelSyntaxError):
        feel.parse_type_name(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("null", "null"),
        ("1", "number"),
        ('"a"', "string"),
        ("true", "boolean"),
        ('@"2026-01-01"', "date"),
        ('@"10:00:00"', "time"),
        ('@"2026-01-01T10:00:00"', "date and time"),
        ('@"P1D"', "days and time duration"),
        ('@"P1Y"', "years and months duration"),
        ("[]", "list"),
        ("{}", "context"),
        ("[1..2]", "range"),
        ("abs", "function"),
        ("function() 1", "function"),
    ],
)
def test_each_value_has_a_type_name(text, name):
    assert feel.type_name(feel.evaluate(text)) == name


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=10),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**20), max_value=10**20),
    st.dates().map(feel.Date.of),
    st.times().map(feel.Time.of),
    st.datetimes().map(feel.DateTime.of),
    st.timedeltas().map(feel.DaysTimeDuration.of),
    st.integers(-1000, 1000).map(feel.YearsMonthsDuration),
)
KEYS = st.one_of(st.text(max_size=5), st.sampled_from(["@", "v", "key"]))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_every_value_survives_storage(value):
    stored = msgspec.json.Encoder(decimal_format="number").encode(feel.to_json(value))
    read = feel.from_json(msgspec.json.Decoder(float_hook=Decimal).decode(stored))
    assert feel.equal(read, value) in (True, None) if value is None else feel.equal(read, value) is True
    assert feel.text(read) == feel.text(value)


@pytest.mark.parametrize("text", ["[1..5)", '(@"2026-01-01"..@"2026-02-01"]', "(<5)", "(!=3)", '["a".."b"]'])
def test_ranges_survive_storage(text):
    span = feel.evaluate(text)
    assert feel.from_json(feel.to_json(span)) == span


@pytest.mark.parametrize(
    "stored",
    [
        {"@": "date", "v": "soon"},
        {"@": "nothing", "v": "1"},
        {"@": "date"},
        {"@": ["date"], "v": "2026-01-01"},
        {"@": "range", "v": {"start": 1}},
        {"@": "context", "v": 1},
        1.5,
        object(),
        pytest.param(10**7000, id="a number beyond FEEL"),
    ],
)
def test_what_is_no_stored_value_is_refused(stored):
    with pytest.raises(feel.NotJsonError):
        feel.from_json(stored)


def test_a_function_cannot_be_stored():
    with pytest.raises(feel.NotJsonError, match="function"):
        feel.to_json([feel.evaluate("abs")])


def test_a_value_too_deep_or_too_large_cannot_be_stored():
    deep = large = [Decimal(1)]
    for _ in range(5000):
        deep = [deep]
    for _ in range(30):
        large = [large, large]
    for value in (deep, large):
        with pytest.raises(feel.NotJsonError):
            feel.to_json(value)
    with pytest.raises(feel.NotJsonError, match="deep"):
        feel.from_json(deep)


def test_calls_from_a_host_use_the_same_rules():
    run, place = feel.Run(feel.EMPTY), feel.Place("here", 0)
    assert feel.invoke(feel.evaluate("abs"), [Decimal(-1)], run, place) == 1
    assert (
        feel.invoke_named(
            feel.evaluate("function(a, b) a - b"), {"b": Decimal(1), "a": Decimal(3)}, run, place
        )
        == 2
    )
    assert feel.invoke(Decimal(1), [], run, place) is None
    assert run.reasons
