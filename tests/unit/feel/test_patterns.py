"""Regular expressions by the rules of XPath."""

import pytest

from engine import feel


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"),
    [
        ("abracadabra", "bra", "", True),
        ("abracadabra", "^a.*a$", "", True),
        ("abracadabra", "^bra", "", False),
        ("a\nb", "^b$", "", False),
        ("a\nb", "^b$", "m", True),
        ("a\nb", "a.b", "", False),
        ("a\nb", "a.b", "s", True),
        ("ABC", "b", "i", True),
        ("helloworld", "hello world", "x", True),
        ("hello world", "hello[ ]world", "x", True),
        ("a.b", "a.b", "q", True),
        ("axb", "a.b", "q", False),
        ("5", r"\d", "", True),
        ("٣", r"\d", "", True),
        ("é", r"^\w$", "", True),
        ("-", r"^\W$", "", True),
        ("a", r"^\S$", "", True),
        ("a:b", r"^\i\c*$", "", True),
        ("b", "[a-z-[aeiou]]", "", True),
        ("e", "[a-z-[aeiou]]", "", False),
        ("E", "[A-Z-[AEIOU]]", "i", False),
        ("b", "[A-Z-[AEIOU]]", "i", True),
        ("é", r"[\p{L}-[a-z]]", "", True),
        ("x", r"^\p{IsBasicLatin}$", "", True),
        ("é", r"^\P{IsBasicLatin}$", "", True),
        ("a", r"\p{Lu}", "i", False),
        ("]", r"[\]]", "", True),
        ("-", "[-a]", "", True),
        ("-", "[a-]", "", True),
        ("hello", r"(.)\1", "", True),
        ("helo", r"(.)\1", "", False),
        ("aXaX", r"^(a(x))\1$", "i", True),
        ("abab", r"^(?:(a)b)+?$", "", True),
        ("aa b", r"^(a|aa)+?\s\w$", "", True),
        ("abcabc", r"^(a|b|c)*?\1?$", "", True),
        ("xx", r"^(x{1,2}?)\1{1}$", "", True),
        ("a\na", r"^(a)$\n^\1$", "m", True),
        ("aab", r"^(?:(a)\1)b", "", True),
        ("a", "[a-[a]]", "", False),
        ("abcdefghijkk", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)\\11", "", True),
    ],
)
def test_a_pattern_matches_as_in_xpath(text, pattern, flags, expected):
    context = {"t": text, "p": pattern, "f": flags}
    assert feel.evaluate("matches(t, p, f)", context) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        "[0-9",
        "(a",
        "a)",
        "a{2,1}",
        "a{",
        "a{1001}",
        "*a",
        "a**",
        "[]",
        "[z-a]",
        "[a-z-[b]c]",
        r"\b",
        r"\1",
        r"(a\1)",
        r"(?=a)",
        r"\p{Nope}",
        r"\p{IsNope}",
        r"\pL",
        r"[\1]",
        "[a-b-c]",
        "[a-[b-" * 30,
        "a]",
        "\\",
        "(" * 60 + ")" * 60,
        "((a{1,1000}){1,1000}){1,1000}",
        r"(a)((\1{1000}){1000})",
        "a" * 2000,
    ],
)
def test_a_pattern_that_is_none_is_null_with_a_reason(refused, pattern):
    assert "pattern" in refused("matches(t, p)", {"t": "a", "p": pattern})


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('replace("abracadabra", "bra", "*")', "a*cada*"),
        ('replace("abracadabra", "a(.)", "a$1$1")', "abbraccaddabbra"),
        ('replace("darted", "^(.*?)d(.*)$", "$1c$2")', "carted"),
        ('replace("AAAA", "A+?", "b")', "bbbb"),
        ('replace("aaa", "^a", "b")', "baa"),
        ('replace("abc", "b", "[$0]")', "a[b]c"),
        (r'replace("abc", "b", "\\$1")', "a$1c"),
        ('replace("ab", "(a)|(b)", "<$2>")', "<><b>"),
        ('replace("ab", "(a)", "$12")', "a2b"),
        ('replace("abcdefghijk", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)", "$11")', "k"),
        ('replace("a.b", ".", "$1", "q")', "a$1b"),
        (r'replace("aabb", "(.)\1", "<$1>")', "<a><b>"),
        (r'split("John  Doe", "\s+")', '["John", "Doe"]'),
    ],
)
def test_matches_are_replaced_and_split_at(shown, expression, expected):
    assert shown(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        'replace("abc", ".*?", "x")',
        'replace("abc", "b", "$x")',
        r'replace("abc", "b", "\x")',
        'replace("abc", "b", "x", "z")',
        'split("abc", "")',
    ],
)
def test_a_replacement_that_makes_no_sense_is_null_with_a_reason(refused, expression):
    assert refused(expression)


def test_a_pattern_made_to_blow_up_answers_at_once(value):
    assert value("matches(t, p)", {"t": "a" * 50_000 + "!", "p": "^(a|a)*$"}) is False


def test_back_references_made_to_blow_up_are_given_up(refused):
    assert "too long" in refused("matches(t, p)", {"t": "a" * 60, "p": r"^(a*)*(a*)*\1\2b$"})


def test_half_a_character_is_refused(refused):
    assert "surrogate" in refused('matches(t, "a")', {"t": "\ud83d"})
    assert "surrogate" in refused('replace(t, "a", "b")', {"t": "\ud83d"})
