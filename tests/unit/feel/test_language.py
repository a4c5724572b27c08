"""The grammar and the operators, one line a rule of the standard."""

from decimal import Decimal

import pytest

from engine import feel


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # numbers
        ("1 + 2 * 3", "7"),
        (".5 + 1.5", "2"),
        ("1.2e3", "1200"),
        ("-3 ** 2", "9"),
        ("2 ** 3 ** 2", "64"),
        ("2 ** -1", "0.5"),
        ("0 ** 0", "1"),
        ("10 / 3", "3.333333333333333333333333333333333"),
        ("0.1 + 0.2 = 0.3", "true"),
        ("--10", "10"),
        ("-0", "0"),
        ("1 / 0", "null"),
        ("10 ** 7000", "null"),
        # strings
        (r'"a\"b\n\u00e9\U01F40E\d"', 'a"b\né🐎\\d'),
        (r'"\ud83d\udc0e"', "🐎"),
        ('"foo" + "bar"', "foobar"),
        ('"foo" - "o"', "null"),
        # comments
        ("1 + /* one */ 1 // and done", "2"),
        # comparison
        ('"a" < "b"', "true"),
        ("1 < true", "null"),
        ("null = null", "true"),
        ("1 = null", "false"),
        ('1 = "1"', "null"),
        ("1.0 = 1", "true"),
        ("1 != 2", "true"),
        ("[1, [2]] = [1, [2]]", "true"),
        ("{a: 1, b: 2} = {b: 2, a: 1}", "true"),
        ("2 between 1 and 3 and true", "true"),
        ("2 between null and 3", "null"),
        # ternary logic
        ("true and null", "null"),
        ("false and null", "false"),
        ('1 or "a"', "null"),
        ("true or 1", "true"),
        ("true and false", "false"),
        ("1 or true", "true"),
        ("false or false", "false"),
        ("null or false", "null"),
        # in
        ("1 in (2, <5)", "true"),
        ("5 in [[1..3], [4..6]]", "true"),
        ("3 in (3..5]", "false"),
        ("3 in ]1..5[", "true"),
        ('"b" in ["a", "b"]', "true"),
        ("10 in =10", "true"),
        ("10 in (!=10)", "false"),
        ("5 in (null..10]", "null"),
        ("null in [1..10]", "null"),
        # if
        ("if null then 1 else 2", "2"),
        ('if "yes" then 1 else 2', "null"),
        # for, some, every
        ("for i in 1..3 return i * i", "[1, 4, 9]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in (1..4) return i", "[2, 3]"),
        ("for i in [1, 2], j in i..2 return [i, j]", "[[1, 1], [1, 2], [2, 2]]"),
        ("for i in 0..3 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6]"),
        ('for d in @"2026-12-31"..@"2027-01-01" return d.day', "[31, 1]"),
        ('for c in "a".."c" return c', "null"),
        ("for x in 5 return x", "[5]"),
        ("some x in [1, null] satisfies x = 1", "true"),
        ("every x in [] satisfies false", "true"),
        ("every x in [true, null] satisfies x", "null"),
        ("some x in [1], y in [1, 2] satisfies y > x", "true"),
        ("for i in 1..2.5 return i", "null"),
        ("for i in null return i", "null"),
        ("for i in (<5) return i", "null"),
        # filters
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][0]", "null"),
        ("[1, 2, 3][item >= 2]", "[2, 3]"),
        ("[{a: 1}, {a: 2}][a > 1]", "[{a: 2}]"),
        ("[{item: 1}, {item: 2}][item > 1].item", "[2]"),
        ("5[1]", "5"),
        ("null[true]", "[]"),
        ("[1, 2][1 + 1]", "2"),
        ('[1, 2]["a"]', "null"),
        # paths
        ("{a: {b: 1}}.a.b", "1"),
        ("[{a: 1}, {b: 2}].a", "[1, null]"),
        ("{first name: 1, b: first name + 1}.b", "2"),
        ("[{a-b: 1}][1].a-b", "1"),
        ('{"any key, really": 1}', '{"any key, really": 1}'),
        # ranges
        ("[1..10[.end included", "false"),
        ("(<5).start", "null"),
        ("(>=5).start included", "true"),
        ("(<5) = (null..5)", "false"),
        ("(1..5] = ]1..5]", "true"),
        ("[3..1]", "null"),
        ('[1.."a"]', "null"),
        ("(< true)", "null"),
        ('["a".."c"]', '["a".."c"]'),
        # functions
        ("(function(a, b) a - b)(b: 1, a: 3)", "2"),
        ("{f: function(x: number) x + 1, r: f(1)}.r", "2"),
        ('(function(x: number) x)("a")', "null"),
        ("(function(x: number) x)([5])", "5"),
        ("(function(x: list<number>) x)(5)", "[5]"),
        ("{add: function(a) function(b) a + b, r: add(1)(2)}.r", "3"),
        ("-(function(a) a)(10)", "-10"),
        ("123()", "null"),
        # instance of
        ("1 instance of number", "true"),
        ("-1 instance of number", "true"),
        ("null instance of number", "false"),
        ("null instance of Null", "true"),
        ("[1] instance of list<string>", "false"),
        ("{a: 1} instance of context<a: number>", "true"),
        ("{a: 1} instance of context<a: number, b: string>", "false"),
        ("[1..2] instance of range<number>", "true"),
        ('@"P1Y" instance of years and months duration', "true"),
        ('@"2026-01-01T00:00:00" instance of date and time', "true"),
        ('(function(a: string) "x") instance of function<string>->string', "true"),
        ('(function(a: string) "x") instance of function<string>->number', "false"),
        ("abs instance of function<number>->number", "true"),
        ("abs instance of function<number>", "true"),
        ("(function(a: list<Any>) 1) instance of function<list<number>>->Any", "true"),
        ("(function(a: range<Any>) 1) instance of function<range<number>>->Any", "true"),
        ("(function(a: context<x: Any>) 1) instance of function<context<x: number, y: number>>->Any", "true"),
        ("(function(a: context<x: Any>) 1) instance of function<context<y: number>>->Any", "false"),
        ("(function(f: function<number>->Any) 1) instance of function<function<Any>->number>->Any", "true"),
        ("{if: 1}.if", "1"),
        ("{and so: 1}.and so", "1"),
    ],
)
def test_an_expression_gives_what_the_standard_says(shown, text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("", 0, "ends where"),
        ("1 +", 3, "ends where"),
        ("1 == 2", 3, "one `=`"),
        ("'a'", 0, "double quotes"),
        ('"a', 0, "not closed"),
        ("a && b", 2, "Write `and`"),
        ("[1, 2", 5, "`,` or `]`"),
        ("[1, ]", 4, "another item"),
        ("{a: 1, a: 2}", 7, "twice"),
        ("f(a: 1, 2)", 9, "all with names"),
        ("x instance of thing", 14, "no known type"),
        ("1 = (2, 3)", 4, "only after `in`"),
        ("if 1 then 2", 11, "`else`"),
        ("f(a: 1, a: 2)", 1, "twice"),
        ("count((1, 2))", 6, "only after `in`"),
        ("[1..2}", 5, "end of the range"),
        ("@1", 1, "a string after @"),
        ("function(,) 1", 9, "name of a parameter"),
        ("x instance of list<number", 25, "not closed"),
        (r'"\ud83d"', 0, "surrogate"),
        ("1e7000", 0, "too large"),
        ("(" * 100 + "1", 64, "nested"),
        ("+".join("1" * 1000), 0, "hang on one another"),
    ],
)
def test_a_wrong_text_is_refused_with_place_reason_and_remedy(text, position, says):
    with pytest.raises(feel.FeelSyntaxError, match="character") as refusal:
        feel.compile(text)
    assert refusal.value.position == position
    assert says in f"{refusal.value.why} {refusal.value.remedy}"
    assert refusal.value.remedy


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("Extra days case 1 + 1", {"Extra days case 1": Decimal(2)}, "3"),
        ("Pre-bureau + 1", {"Pre-bureau": Decimal(2), "Pre": Decimal(9)}, "3"),
        ("Pre - bureau", {"Pre": Decimal(9), "bureau": Decimal(2)}, "7"),
        ("every i in values in a list satisfies i > 0", {"values in a list": [Decimal(1)]}, "true"),
        ("a.b.c", {"a.b": {"c": Decimal(1)}}, "1"),
        ("Person's age", {"Person's age": Decimal(5)}, "5"),
        ("größe * 2", {"größe": Decimal(2)}, "4"),
        ("time offset", {"time offset": Decimal(1)}, "1"),
        ('date("2026-12-03").year', {"date": None}, "2026"),
    ],
)
def test_names_are_read_by_what_is_in_scope(shown, text, context, expected):
    assert shown(text, context) == expected


def test_free_names_are_those_taken_from_outside():
    text = "for i in xs return {a: i + b, c: a + max(d)}.c + (function(e) e + f)(g) + l[item > h][1]"
    assert feel.compile(text).names == {"xs", "b", "d", "f", "g", "l", "h"}


def test_the_reason_of_a_null_says_what_and_where(evaluate):
    result = evaluate("1 + missing")
    assert [str(reason) for reason in result.reasons] == [
        "There is no variable `missing` (at character 5 of `1 + missing`)",
        "`+` does not take number and null (at character 3 of `1 + missing`)",
    ]


def test_an_external_function_is_refused_when_called(refused):
    text = '{f: function(a) external {java: {class: "java.lang.Math"}}, r: f(1)}.r'
    assert "never run" in refused(text)


@pytest.mark.parametrize(
    ("cell", "given", "expected"),
    [
        ("-", None, True),
        ("5", Decimal(5), True),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "c", True),
        ('not("a")', "a", False),
        ("< 5", Decimal(5), False),
        ("<= 5, > 10", Decimal(11), True),
        ("[1..5)", Decimal(5), False),
        ("> limit", Decimal(11), True),
        ("? > 3 and ? < limit", Decimal(5), True),
        ('contains(?, "x")', "axb", True),
        ("null", None, True),
        ("< 5", None, None),
        ("true", False, False),
        ("true", None, False),
        ("not(flag)", False, True),
        ("choices", "b", True),
        ('date("2026-01-01")', feel.Date(2026, 1, 1), True),
        ('> @"2026-01-01"', feel.Date(2026, 1, 2), True),
        ("< 5", "a", None),
        ("-1", Decimal(-1), True),
        ("not(flag) or true", True, True),
        ("if ? > 1 then [5, 6] else 1", Decimal(5), True),
        ("[[1], [2]]", [Decimal(2)], True),
        ("[1, 2]", [Decimal(1), Decimal(2)], True),
    ],
)
def test_a_cell_holds_or_not(cell, given, expected):
    context = {"limit": Decimal(10), "flag": True, "choices": ["a", "b"]}
    assert feel.compile_unary_tests(cell).evaluate(given, context).value is expected


def test_a_wrong_cell_is_refused():
    for cell in ("not(1", "1,", "< ", "- 1 2"):
        with pytest.raises(feel.FeelSyntaxError):
            feel.compile_unary_tests(cell)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("(function(a: range<number>) a)(1)", "range<number>"),
        ("(function(a: context<x: number>) a)(1)", "context<x: number>"),
        ("(function(a: function<number>->string) a)(1)", "function<number>->string"),
        ("(function(a: list<number>) a)([true])", "list<number>"),
    ],
)
def test_an_argument_of_another_type_is_null_with_the_type_wanted(refused, text, wanted):
    assert f"must be {wanted}, but is" in refused(text)
