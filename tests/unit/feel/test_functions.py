"""The built-in functions, one line a rule; what goes wrong is null with a reason."""

import pytest

from engine import feel


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # conversion
        ('number("1 000,5", " ", ",")', "1000.5"),
        ('number("1,000", ",", null)', "1000"),
        ('number("-1.5")', "-1.5"),
        ("string(1.50)", "1.5"),
        ("string(1e3)", "1000"),
        ('string([1, "a\\"", null, {b c: @"P1D"}])', '[1, "a\\"", null, {"b c": P1D}]'),
        ("string(null)", "null"),
        ("not(false)", "true"),
        ("not(null)", "null"),
        ('range("[1..3]")', "[1..3]"),
        ('range("(@\\"2026-01-01\\"..date(\\"2026-02-01\\"))")', "(2026-01-01..2026-02-01)"),
        # strings
        ('substring("foobar", 3)', "obar"),
        ('substring("foobar", -2, 1)', "a"),
        ('substring("🐎ab", 2)', "ab"),
        ('string length("🐎")', "1"),
        ('upper case("aé")', "AÉ"),
        ('lower case("AÉ")', "aé"),
        ('substring before("foobar", "bar")', "foo"),
        ('substring after("foobar", "x")', ""),
        ('split("a;b;;", ";")', '["a", "b", "", ""]'),
        ('string join(["a", null, "b"], "-")', "a-b"),
        ('string join(["a", "b"])', "ab"),
        ('starts with("abc", "ab") and ends with("abc", "bc") and contains("abc", "")', "true"),
        # lists
        ("list contains([1, null], null)", "true"),
        ("count([1, [2, 3]])", "2"),
        ("min(3, 1, 2)", "1"),
        ('max(["a", "b"])', "b"),
        ("sum([1, 2]) + sum(3)", "6"),
        ('sum(@"P1D", @"PT12H")', "P1DT12H"),
        ("product(2, 3, 4)", "24"),
        ("mean([1, 2])", "1.5"),
        ("median([8, 2, 5, 7])", "6"),
        ("median(3, 1, 2)", "2"),
        ("stddev([2, 4, 7, 5])", "2.081665999466132735282297706979931"),
        ("mode([6, 3, 6, 3, 1])", "[3, 6]"),
        ("mode([])", "[]"),
        ("all([true, null])", "null"),
        ("all(true, false, null)", "false"),
        ("any([])", "false"),
        ("any([null, true])", "true"),
        ("sublist([1, 2, 3], 2)", "[2, 3]"),
        ("sublist([1, 2, 3], -2, 1)", "[2]"),
        ("append([1], 2, [3])", "[1, 2, [3]]"),
        ("concatenate([1], [2, 3], 4)", "[1, 2, 3, 4]"),
        ("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
        ("remove([1, 2, 3], -1)", "[1, 2]"),
        ("list replace([2, 4, 7, 8], 3, 6)", "[2, 4, 6, 8]"),
        ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", "[5, 5, 7, 8]"),
        ("reverse([1, 2])", "[2, 1]"),
        ("index of([1, 2, 1], 1)", "[1, 3]"),
        ("union([1, 2], [2, 3])", "[1, 2, 3]"),
        ("distinct values([1, 1.0, [1], [1], null, null, true])", "[1, [1], null, true]"),
        ("flatten([1, [2, [3]]])", "[1, 2, 3]"),
        ("sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]"),
        # numbers
        ("decimal(2.5, 0)", "2"),
        ("decimal(1 / 3, 2)", "0.33"),
        ("floor(-1.5) + ceiling(1.2)", "0"),
        ("floor(1.56, 1)", "1.5"),
        ("round up(-1.1, 0)", "-2"),
        ("round down(1.19, 1)", "1.1"),
        ("round half up(2.5, 0)", "3"),
        ("round half down(2.5, 0)", "2"),
        ("round half up(1234, -2)", "1200"),
        ("abs(-1)", "1"),
        ('abs(@"-P1M")', "P1M"),
        ('abs(@"-P1D")', "P1D"),
        ("modulo(-10, -4)", "-2"),
        ("round up(1.5, 3)", "1.5"),
        ("modulo(-12, 5)", "3"),
        ("modulo(10.1, -4.5)", "-3.4"),
        ("sqrt(16)", "4"),
        ("decimal(log(exp(1)), 9)", "1"),
        ("odd(-3) and even(0)", "true"),
        # contexts
        ('get value({a: 1}, "a")', "1"),
        ("get entries({a: 1})", '[{key: "a", value: 1}]'),
        ('context([{key: "a", value: 1}])', "{a: 1}"),
        ('context put({a: {b: 1}}, ["a", "c"], 2)', "{a: {b: 1, c: 2}}"),
        ('context put({a: 1}, "b", 2)', "{a: 1, b: 2}"),
        ("context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}"),
        # ranges
        ("before([1..5), 5)", "true"),
        ("after(6, [1..5])", "true"),
        ("meets([1..5], [5..9]) and met by([5..9], [1..5])", "true"),
        ("overlaps([1..5], [5..8])", "true"),
        ("overlaps((<5), [4..8]) and before((<5), 7)", "true"),
        ("overlaps before([1..5], (1..5])", "true"),
        ("overlaps after((1..5], [1..5])", "true"),
        ("finishes(5, [1..5]) and finished by([1..5], [3..5])", "true"),
        ("includes([1..5], (1..5)) and during(3, [1..5])", "true"),
        ("starts([1..3], [1..5]) and started by([1..5], 1)", "true"),
        ("coincides([1..5], [1..5]) and coincides(1, 1.0)", "true"),
        (
            "overlaps((<5), (<9)) and overlaps((>5), (>9)) and starts((<5), (<=9)) and finishes((>5), (>1))",
            "true",
        ),
        ("meets((>5), [5..9])", "false"),
        ("includes([1..5], 3) and during([2..3], [1..5]) and started by([1..5], [1..3])", "true"),
        ("finished by([1..5], 5)", "true"),
        # identity
        ('is(@"2026-01-01T10:00:00", @"2026-01-01T10:00:00")', "true"),
        ("is([1, {a: 2}], [1, {a: 2}]) and is(1, 1.0) and is(null, null)", "true"),
        ('is(@"10:00:00Z", @"10:00:00+00:00")', "true"),
        ('is(@"10:00:00+01:00", @"09:00:00Z")', "false"),
        ("is(value1: 1)", "false"),
        ('(function(d: date and time) d)(@"2026-01-01")', "2026-01-01T00:00:00Z"),
        ('date and time(date: @"2026-06-01", timezone: "Etc/UTC")', "2026-06-01T00:00:00@Etc/UTC"),
        ('date and time(@"2026-06-01T10:00:00", "Etc/UTC")', "2026-06-01T10:00:00@Etc/UTC"),
        # named arguments and implicit conversions
        ('substring(start position: 2, string: "abc")', "bc"),
        ('upper case(["a"])', "A"),
        ('date and time(@"2026-01-01", @"10:00:00")', "2026-01-01T10:00:00"),
    ],
)
def test_a_function_gives_what_the_standard_says(shown, text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "abs()",
        "abs(1, 2)",
        "abs(number: 1)",
        'abs("1")',
        "abs(null)",
        "sqrt(-1)",
        "log(0)",
        "exp(100000)",
        "modulo(1, 0)",
        "decimal(1, 7000)",
        'number("1.000,5", ".")',
        'number("x")',
        'number("1,5", ",", ",")',
        'substring("abc", 0)',
        'substring("abc", 4)',
        'substring("abc", 1, 0)',
        "min([])",
        'max(1, "a")',
        "sum([1, null])",
        "sum([])",
        'sum(["a"])',
        "mean([])",
        "remove([1], 10 ** 50)",
        'range("[1..")',
        "before(1, abs)",
        'date and time(@"999999999-12-31T23:59:59-05:00", "Europe/London")',
        'mean([1, "a"])',
        "stddev([1])",
        "sublist([1], 2)",
        "sublist([1, 2], 1, 3)",
        "remove([1], 0)",
        "insert before([1], 3, 1)",
        "list replace([1], function(a, b) 1, 2)",
        "sort([1, 2], function(a, b) a)",
        "sort([1, 2], 3)",
        "string join([1])",
        'context([{key: "a", value: 1}, {key: "a", value: 2}])',
        "context([{key: 1, value: 1}])",
        'context put({a: 1}, ["a", "b"], 2)',
        "context put({}, [], 2)",
        "context merge([1])",
        'before(1, "a")',
        'during("a", [1..5])',
        'range("[3..1]")',
        'range("[x..1]")',
        'range("1")',
        "not(1)",
        "is(1, 2, 3)",
        "no such function(1)",
    ],
)
def test_what_a_function_cannot_do_is_null_with_a_reason(refused, text):
    assert refused(text)


def test_the_reason_names_function_and_parameter(refused):
    assert refused('substring("abc", "x")') == ("substring: `start position` must be number, but is string")


def test_a_function_written_in_feel_hides_the_built_in_one(shown):
    assert shown("{max: function(a, b) 42, r: max(1, 2)}.r") == "42"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('add working days(@"2026-12-03", 18)', "2026-12-29"),
        ('add working days(@"2026-12-03", -1)', "2026-12-02"),
        ('working days between(@"2026-12-03", @"2026-12-10")', "5"),
        ('next working day(@"2026-12-04")', "2026-12-07"),
        ('is working day(@"2026-12-05")', "false"),
        ('working days between(a: @"2026-12-03", b: @"2026-12-04") between 1 and 2', "true"),
    ],
)
def test_working_days_count_by_the_calendar_given(shown, text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('for v in visit plan([@"2026-12-04", @"2026-12-01"]) return v.day', "[2026-12-02, 2026-12-07]"),
        ('visit plan(@"2026-12-04").latest', "[2026-12-11]"),
        ('fewest visits([@"2026-12-01", @"2026-12-07", @"2026-12-08"]).day', "[2026-12-08, 2026-12-09]"),
        ('fewest visits([@"2026-12-01", @"2026-12-07"])[1].dates', "[2026-12-01, 2026-12-07]"),
        ("visit plan([])", "[]"),
        (
            'assign visits([@"2026-12-11", @"2026-12-08"], [@"2026-12-07", @"2026-12-10"]).dates',
            "[[2026-12-07], [2026-12-10]]",
        ),
        ('assign visits([@"2026-12-09"], [@"2026-12-07", @"2026-12-08"]).earliest', "[2026-12-09]"),
        ('visit plan problems([@"2026-12-08"], [@"2026-12-01", @"2026-12-07"])', "[]"),
        ('visit plan problems(visit plan(@"2026-12-01"), @"2026-12-01")', "[]"),
        ('visit plan problems([{day: @"2026-12-02", dates: @"2026-12-01"}], @"2026-12-01")', "[]"),
        (
            'visit plan problems([{day: @"2026-12-02"}], [@"2026-12-01", @"2026-12-02"])',
            '["No visit serves the notice date Wednesday 2 December 2026: '
            'plan one by Wednesday 9 December 2026"]',
        ),
    ],
)
def test_follow_up_visits_are_planned_and_plans_checked_by_the_calendar_given(shown, text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('is working day(@"2031-01-01")', "no working days are known for 2031"),
        ('next working day(@"12026-01-01")', "does not reach"),
        ('add working days(@"2026-01-01", 1.5)', "whole number"),
        ('add working days("soon", 1)', "must be date"),
        ('visit plan([@"2026-12-01", null])', "each item of `dates` must be a date, but one is null"),
        ('visit plan problems(["soon"], [])', "each item of `chosen` must be a date, or a context"),
        ('fewest visits([@"2031-01-01"])', "no working days are known for 2031"),
    ],
)
def test_working_days_beyond_the_calendar_are_null_with_a_reason(refused, text, says):
    assert says in refused(text)


def test_without_a_calendar_working_days_are_null_with_a_reason():
    result = feel.compile('is working day(@"2026-12-03")').evaluate({})
    assert result.value is None
    assert "no calendar" in result.reasons[0].message
