"""Answers: typed, checked, and never more than the form asked for."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import feel, forms

Make = Callable[..., forms.Form]
Submit = Callable[..., forms.Submission]

PLACE = {"type": "textfield", "key": "place", "label": "Place"}
NOTES = {"type": "textarea", "key": "notes", "label": "Notes"}
CHILDREN = {"type": "number", "key": "children", "label": "Number of children"}
VISITED = {"type": "datetime", "key": "visited", "dateLabel": "Date of visit"}
VALUES = [{"value": "good", "label": "Good"}, {"value": "poor", "label": "Not so good"}]
OUTCOME = {"type": "radio", "key": "outcome", "label": "Outcome", "values": VALUES}
SEVERAL = {**OUTCOME, "type": "checklist", "key": "several", "label": "Findings"}
SURE = {"type": "checkbox", "key": "sure", "label": "I have checked this"}
LETTER = {"type": "filepicker", "key": "letter", "label": "Letter"}
VISITS = {
    "type": "dynamiclist",
    "path": "visits",
    "label": "Visits",
    "components": [
        {"type": "textfield", "key": "where", "label": "Where", "validate": {"required": True}},
        {"type": "datetime", "key": "when", "dateLabel": "When"},
        {
            "type": "textfield",
            "key": "why",
            "label": "Why there",
            "conditional": {"hide": '=where != "elsewhere"'},
        },
    ],
}


def required(component: dict[str, Any], **validate: Any) -> dict[str, Any]:
    return {**component, "validate": {"required": True, **validate}}


def date_parts(day: str, month: str, year: str, key: str = "visited") -> dict[str, list[str]]:
    return {f"{key}-day": [day], f"{key}-month": [month], f"{key}-year": [year]}


@pytest.mark.parametrize(
    ("component", "raw", "value"),
    [
        (PLACE, {"place": ["  Bath \r\n"]}, "Bath"),
        (PLACE, {"place": ["   "]}, None),
        (PLACE, {}, None),
        (NOTES, {"notes": ["one\r\ntwo\rthree"]}, "one\ntwo\nthree"),
        (CHILDREN, {"children": ["12"]}, Decimal(12)),
        (CHILDREN, {"children": [" 1,234.50 "]}, Decimal("1234.50")),
        (CHILDREN, {"children": ["−3"]}, Decimal(-3)),
        (CHILDREN, {"children": [""]}, None),
        (VISITED, date_parts("3", "12", "2026"), feel.Date(2026, 12, 3)),
        (VISITED, date_parts("03", "dec.", " 2026 "), feel.Date(2026, 12, 3)),
        (VISITED, date_parts("29", "February", "2028"), feel.Date(2028, 2, 29)),
        (VISITED, date_parts("", "", ""), None),
        (VISITED, {}, None),
        (OUTCOME, {"outcome": ["poor"]}, "poor"),
        (OUTCOME, {}, None),
        ({**OUTCOME, "type": "select"}, {"outcome": [""]}, None),
        (SEVERAL, {"several": ["poor", "good", "poor"]}, ["poor", "good"]),
        (SEVERAL, {}, []),
        (SURE, {"sure": ["true"]}, True),
        (SURE, {"sure": ["false", "true"]}, True),
        (SURE, {}, False),
    ],
)
def test_each_kind_of_question_gives_its_own_kind_of_value(
    submit: Submit, component: dict[str, Any], raw: dict[str, list[str]], value: object
) -> None:
    submission = submit(component, raw)
    assert submission.errors == {}
    assert list(submission.values.values()) == [value]


@pytest.mark.parametrize(
    ("component", "raw", "message"),
    [
        (required(PLACE), {}, "Enter place"),
        ({**required(PLACE), "properties": {"errorMessage": "Say where"}}, {}, "Say where"),
        (required({**PLACE, "label": "URN of the home"}), {}, "Enter URN of the home"),
        (
            required({**PLACE, "label": "Where was it?"}),
            {"place": [" "]},
            "Enter an answer to “Where was it?”",
        ),
        (required(OUTCOME), {}, "Select outcome"),
        (required(SEVERAL), {}, "Select findings"),
        (required(SURE), {}, "Tick “I have checked this” to continue"),
        (required(LETTER), {}, "Choose a file for letter"),
        (required(VISITED), {}, "Enter date of visit"),
        (PLACE, {"place": ["a", "b"]}, "Place must have one answer, not several"),
        (PLACE, {"place": ["a\x00b"]}, "Place must not include control characters: type the answer again"),
        (PLACE, {"place": ["\ud800"]}, "Place must not include control characters: type the answer again"),
        (PLACE, {"place": ["x" * 6_000]}, "Place must be 5,000 characters or fewer"),
        ({**PLACE, "validate": {"minLength": 3}}, {"place": ["ab"]}, "Place must be 3 characters or more"),
        ({**PLACE, "validate": {"maxLength": 3}}, {"place": ["abcd"]}, "Place must be 3 characters or fewer"),
        (
            {
                **PLACE,
                "validate": {"pattern": r"^SC\d{6}$"},
                "properties": {"patternMessage": "Like SC123456"},
            },
            {"place": ["SC12"]},
            "Like SC123456",
        ),
        (
            {**PLACE, "validate": {"pattern": r"^\w+$"}},
            {"place": ["x" * 201]},
            "Place must be 200 characters or fewer",
        ),
        (
            {**PLACE, "validate": {"validationType": "email"}},
            {"place": ["someone at example"]},
            "Place must be an email address, like name@example.com",
        ),
        (
            {**PLACE, "validate": {"validationType": "phone"}},
            {"place": ["ring me"]},
            "Place must be a phone number, like 01632 960 001",
        ),
        (CHILDREN, {"children": ["twelve"]}, "Number of children must be a number, like 12"),
        (CHILDREN, {"children": ["1,2"]}, "Number of children must be a number, like 12"),
        (CHILDREN, {"children": ["1e9"]}, "Number of children must be a number, like 12"),
        (CHILDREN, {"children": ["NaN"]}, "Number of children must be a number, like 12"),
        (CHILDREN, {"children": ["١٢"]}, "Number of children must be a number, like 12"),
        (CHILDREN, {"children": ["9" * 100_000]}, "Number of children must be a number, like 12"),
        (
            {**CHILDREN, "decimalDigits": 0},
            {"children": ["1.5"]},
            "Number of children must be a whole number",
        ),
        (
            {**CHILDREN, "decimalDigits": 1},
            {"children": ["1.55"]},
            "Number of children must have at most 1 decimal place",
        ),
        (
            {**CHILDREN, "increment": 0.1},
            {"children": ["0.35"]},
            "Number of children must be a multiple of 0.1",
        ),
        (
            {**CHILDREN, "validate": {"min": 1}},
            {"children": ["0"]},
            "Number of children must be 1 or more",
        ),
        (
            {**CHILDREN, "validate": {"max": 10}},
            {"children": ["10.01"]},
            "Number of children must be 10 or less",
        ),
        (VISITED, date_parts("3", "", ""), "Date of visit must include a month and year"),
        (VISITED, date_parts("", "12", "2026"), "Date of visit must include a day"),
        (VISITED, {"visited-day": ["3"]}, "Date of visit must include a month and year"),
        (VISITED, date_parts("3", "12", "26"), "The year of date of visit must have 4 numbers"),
        (VISITED, date_parts("29", "2", "2027"), "Date of visit must be a real date"),
        (VISITED, date_parts("3", "Brumaire", "2026"), "Date of visit must be a real date"),
        (VISITED, date_parts("3", "12", "20266"), "Date of visit must be a real date"),
        (VISITED, date_parts("-3", "12", "2026"), "Date of visit must be a real date"),
        (VISITED, {**date_parts("3", "12", "2026"), "visited-day": ["3", "4"]}, "must have one answer"),
        (
            {**VISITED, "disallowPassedDates": True},
            date_parts("2", "12", "2026"),
            "Date of visit must be Thursday 3 December 2026 or later",
        ),
        (
            {**VISITED, "properties": {"latest": "=today()"}},
            date_parts("4", "12", "2026"),
            "Date of visit must be Thursday 3 December 2026 or earlier",
        ),
        (OUTCOME, {"outcome": ["outstanding"]}, "Select outcome from the choices shown"),
        (OUTCOME, {"outcome": ["good", "poor"]}, "Outcome must have one answer, not several"),
        (SEVERAL, {"several": ["good", "other"]}, "Select findings from the choices shown"),
    ],
)
def test_an_answer_that_will_not_do_is_told_how_to_mend_it(
    submit: Submit, component: dict[str, Any], raw: dict[str, list[str]], message: str
) -> None:
    submission = submit(component, raw)
    (said,) = submission.errors.values()
    assert message in said
    assert submission.raw == raw


@pytest.mark.parametrize(
    ("component", "raw"),
    [
        ({**PLACE, "validate": {"validationType": "email"}}, {"place": ["a.person@mail.example.com"]}),
        ({**PLACE, "validate": {"validationType": "phone"}}, {"place": ["+44 (0)1632 960 001"]}),
        ({**PLACE, "validate": {"pattern": "^SC[0-9]{6}$"}}, {"place": ["SC123456"]}),
        ({**CHILDREN, "increment": 0.1}, {"children": ["0.3"]}),
        ({**VISITED, "disallowPassedDates": True}, date_parts("3", "12", "2026")),
    ],
)
def test_an_answer_within_its_limits_is_taken(
    submit: Submit, component: dict[str, Any], raw: dict[str, list[str]]
) -> None:
    assert submit(component, raw).errors == {}


def test_what_is_not_in_the_form_is_never_taken(submit: Submit) -> None:
    submission = submit(
        PLACE, {"place": ["Bath"], "lead_inspector": ["me"], "place-day": ["1"], "_action": [""]}
    )
    assert submission.values == {"place": "Bath"}


def test_a_hidden_answer_is_never_taken_and_never_asked_for(submit: Submit) -> None:
    reason = {**required(PLACE), "conditional": {"hide": '=outcome != "poor"'}}
    hidden = submit([OUTCOME, reason], {"outcome": ["good"], "place": ["forged"]})
    assert (hidden.values, hidden.errors) == ({"outcome": "good", "place": None}, {})
    asked = submit([OUTCOME, reason], {"outcome": ["poor"]})
    assert asked.errors == {"place": "Enter place"}


def test_a_hidden_group_hides_everything_in_it(submit: Submit) -> None:
    group = {"type": "group", "label": "More", "components": [required(PLACE)]}
    hidden = {**group, "conditional": {"hide": '=outcome != "poor"'}}
    assert submit([OUTCOME, hidden], {"outcome": ["good"], "place": ["x"]}).values["place"] is None


def test_a_condition_follows_a_question_that_stands_below_it_or_is_hidden_itself(submit: Submit) -> None:
    place = {**PLACE, "conditional": {"hide": "=not(sure)"}}
    sure = {**SURE, "conditional": {"hide": '=outcome != "poor"'}}
    answers = {"place": ["Bath"], "sure": ["true"], "outcome": ["poor"]}
    assert submit([place, sure, OUTCOME], answers).values["place"] == "Bath"
    assert submit([place, sure, OUTCOME], {**answers, "outcome": ["good"]}).values["place"] is None


def test_a_condition_on_an_empty_answer_that_cannot_be_told_hides(submit: Submit) -> None:
    place = {**required(PLACE), "conditional": {"hide": "=children <= 3"}}
    assert submit([CHILDREN, place], {}).errors == {}
    assert submit([CHILDREN, place], {"children": ["4"]}).errors == {"place": "Enter place"}


def test_a_condition_may_ask_about_the_case(submit: Submit) -> None:
    place = {**PLACE, "conditional": {"hide": '=setting = "agency"'}}
    assert submit(place, {"place": ["x"]}, {"setting": "agency"}).values["place"] is None
    assert submit(place, {"place": ["x"]}, {"setting": "home"}).values["place"] == "x"


@pytest.mark.parametrize(
    ("component", "context", "message"),
    [
        ({**PLACE, "conditional": {"hide": "=not(setting)"}}, {}, "The condition of “place_0”"),
        ({**PLACE, "conditional": {"hide": "=setting"}}, {"setting": "yes"}, "string is not true or false"),
        ({**PLACE, "conditional": {"hide": "=setting"}}, {"setting": None}, "it is null"),
        (
            {"type": "radio", "key": "outcome", "label": "Outcome", "valuesExpression": "=regions"},
            {"regions": "north"},
            "string is not a list",
        ),
        (
            {"type": "radio", "key": "outcome", "label": "Outcome", "valuesKey": "regions"},
            {"regions": [Decimal(1)]},
            "neither a text nor a context",
        ),
        ({**VISITED, "properties": {"earliest": '="soon"'}}, {}, "string is not a date"),
        (
            {
                "type": "table",
                "label": "T",
                "dataSource": "=regions",
                "columns": [{"key": "a", "label": "A"}],
            },
            {"regions": [Decimal(1)]},
            "not a list of contexts",
        ),
        (
            {
                **PLACE,
                "conditional": {"hide": "=count(for a in 1..1000, b in 1..1000, c in 1..9 return a) > 1"},
            },
            {},
            "evaluation was stopped",
        ),
    ],
)
def test_an_expression_without_a_usable_value_is_loud(
    submit: Submit, component: dict[str, Any], context: dict[str, feel.Value], message: str
) -> None:
    with pytest.raises(forms.FormConditionError, match=message):
        submit(component, {"outcome": ["x"]}, context)


def test_choices_are_those_offered_now(submit: Submit) -> None:
    teams = {
        "type": "select",
        "key": "team",
        "label": "Team",
        "valuesExpression": '=if outcome = "poor" then ["Red"] else [{label: "Team blue", value: "Blue"}]',
    }
    assert submit([teams, OUTCOME], {"outcome": ["poor"], "team": ["Red"]}).values["team"] == "Red"
    assert submit([teams, OUTCOME], {"outcome": ["good"], "team": ["Blue"]}).values["team"] == "Blue"
    assert "team" in submit([teams, OUTCOME], {"outcome": ["good"], "team": ["Red"]}).errors


def test_a_read_only_question_keeps_the_cases_value(submit: Submit) -> None:
    place = {**PLACE, "readonly": True}
    note = {**NOTES, "conditional": {"hide": '=place != "Bath"'}}
    submission = submit([place, note], {"place": ["forged"], "notes": ["n"]}, {"place": "Bath"})
    assert submission.values == {"notes": "n"}


def test_files_come_from_the_caller_only(submit: Submit) -> None:
    reference = {"document": Decimal(7)}
    assert submit(LETTER, {"letter": ["/etc/passwd"]}).values == {"letter": []}
    assert submit(LETTER, {}, files={"letter": [reference]}).values == {"letter": [reference]}
    two = submit(LETTER, {}, files={"letter": [reference, reference]})
    assert two.errors == {"letter": "Choose only one file for letter"}


def test_rows_give_a_list_of_contexts_without_the_empty_ones(submit: Submit) -> None:
    raw = {
        "visits": ["0", "2", "5", "junk", "2"],
        "visits-0-where": ["Bath"],
        "visits-0-why": ["forged"],
        **date_parts("3", "12", "2026", "visits-0-when"),
        "visits-5-where": ["elsewhere"],
        "visits-5-why": ["closed"],
        "visits-9-where": ["no such row"],
    }
    submission = submit(VISITS, raw)
    assert submission.errors == {}
    assert submission.values["visits"] == [
        {"where": "Bath", "when": feel.Date(2026, 12, 3), "why": None},
        {"where": "elsewhere", "when": None, "why": "closed"},
    ]


def test_an_error_in_a_row_says_which(submit: Submit) -> None:
    raw = {"visits": ["0", "4"], "visits-0-where": ["Bath"], "visits-4-when-day": ["3"]}
    submission = submit([VISITS, required(PLACE)], raw)
    assert submission.errors == {
        "visits-4-where": "Enter where (visits, entry 2)",
        "visits-4-when": "When must include a month and year (visits, entry 2)",
        "place": "Enter place",
    }


def test_rows_can_be_required_and_are_bounded(submit: Submit) -> None:
    visits = {**VISITS, "properties": {"required": "true"}}
    assert submit(visits, {"visits": ["0"]}).errors == {"visits": "Add at least one entry to visits"}
    many = {"visits": [str(number) for number in range(300)]}
    assert submit(VISITS, many).errors == {"visits": "Visits must have 100 entries or fewer"}


def test_other_questions_may_ask_about_all_rows(submit: Submit) -> None:
    place = {
        **PLACE,
        "conditional": {"hide": '=not(some row in visits satisfies row.where = "Bath")'},
        "properties": {"conditionText": "one of the visits was in Bath"},
    }
    raw = {"visits": ["0"], "visits-0-where": ["Bath"], "place": ["x"]}
    assert submit([place, VISITS], raw).values["place"] == "x"
    assert submit([place, VISITS], {**raw, "visits": []}).values["place"] is None


LEFT = {
    "type": "datetime",
    "key": "left",
    "dateLabel": "Left",
    "properties": {"refuse": '=if left < arrived then "Enter a day on or after the arrival" else null'},
}
ARRIVED = {"type": "datetime", "key": "arrived", "dateLabel": "Arrived"}


@pytest.mark.parametrize(
    ("arrived", "left", "errors"),
    [
        (3, 2, {"left": "Enter a day on or after the arrival"}),
        (3, 3, {}),
        (3, None, {}),  # only an answer is judged
        (None, 3, {}),  # nothing to judge it by yet
    ],
)
def test_an_answer_is_refused_for_what_another_says(
    submit: Submit, arrived: int | None, left: int | None, errors: dict[str, str]
) -> None:
    days = {
        **({} if arrived is None else day("arrived", arrived)),
        **({} if left is None else day("left", left)),
    }
    assert submit([LEFT, ARRIVED], days).errors == errors


def test_a_list_is_refused_as_a_whole_once_its_rows_are_right(submit: Submit) -> None:
    plan = {
        **VISITS,
        "components": [
            {"type": "datetime", "key": "day", "dateLabel": "Day", "validate": {"required": True}}
        ],
        "properties": {"refuse": "=visit plan problems(visits.day, notices.date)"},
    }
    case = {"notices": [{"date": feel.Date(2026, 12, 1)}, {"date": feel.Date(2026, 12, 7)}]}
    late = submit(plan, {"visits": ["0"], **day("visits-0-day", 2)}, case)
    assert list(late.errors) == ["visits"]
    assert late.errors["visits"].startswith(
        "No visit serves the notice date Monday 7 December 2026: plan one"
    )
    assert submit(plan, {"visits": ["0"], **day("visits-0-day", 8)}, case).errors == {}
    unreal = submit(plan, {"visits": ["0"], **day("visits-0-day", 99)}, case)
    assert unreal.errors.keys() == {"visits-0-day"}
    both = submit(plan, {"visits": []}, case).errors["visits"]
    assert both.count("No visit serves") == 2
    assert ". " in both


@pytest.mark.parametrize(
    ("refuse", "why"),
    [("=nobody.knows", "There is no variable"), ("=1", "neither a sentence"), ("=[1]", "neither a sentence")],
)
def test_a_refusal_that_says_nothing_usable_is_loud(submit: Submit, refuse: str, why: str) -> None:
    with pytest.raises(forms.FormConditionError, match=why):
        submit({**PLACE, "properties": {"refuse": refuse}}, {"place": ["Example"]})


def day(name: str, number: int) -> dict[str, list[str]]:
    return {f"{name}-day": [str(number)], f"{name}-month": ["12"], f"{name}-year": ["2026"]}


def test_rows_are_added_and_removed_without_losing_what_was_typed(make: Make) -> None:
    form = make(VISITS, PLACE)
    raw = {"visits": ["0", "1"], "visits-0-where": ["Bath"], "visits-1-where": ["York"], "place": [" typed"]}
    assert forms.act(form, raw, "add:visits") == {**raw, "visits": ["0", "1", "2"]}
    removed = forms.act(form, raw, "remove:visits:0")
    assert removed == {"visits": ["1"], "visits-1-where": ["York"], "place": [" typed"]}
    assert forms.act(form, {}, "add:visits") == {"visits": ["0"]}


@pytest.mark.parametrize(
    "action",
    [
        "",
        "add",
        "add:place",
        "add:visits:1",
        "remove:visits",
        "remove:visits:7",
        "remove:visits:²",
        "x" * 999,
    ],
)
def test_an_action_the_form_does_not_offer_is_refused(make: Make, action: str) -> None:
    with pytest.raises(forms.UnknownActionError):
        forms.act(make(VISITS, PLACE), {"visits": ["0"]}, action)


def test_rows_of_a_fixed_list_stay(make: Make, submit: Submit) -> None:
    fixed = {**VISITS, "allowAddRemove": False}
    with pytest.raises(forms.UnknownActionError):
        forms.act(make(fixed), {"visits": ["0"]}, "add:visits")
    assert submit(fixed, {"visits": ["0"]}).errors == {"visits-0-where": "Enter where (visits, entry 1)"}


def test_a_form_is_filled_from_the_case_and_gives_the_same_values_back(
    make: Make, environment: feel.Environment
) -> None:
    form = make(PLACE, NOTES, CHILDREN, VISITED, OUTCOME, SEVERAL, SURE, VISITS)
    context: dict[str, feel.Value] = {
        "place": "Bath",
        "notes": "two\nlines",
        "children": Decimal("1200.50"),
        "visited": feel.Date(2026, 12, 3),
        "outcome": "poor",
        "several": ["good"],
        "sure": True,
        "visits": [{"where": "elsewhere", "when": feel.Date(2026, 1, 2), "why": "closed"}],
        "unrelated": "x",
    }
    submission = forms.submit(form, forms.prefill(form, context), context, environment)
    assert submission.errors == {}
    assert submission.values == {key: value for key, value in context.items() if key != "unrelated"}


def test_defaults_fill_what_the_case_does_not_know(make: Make) -> None:
    form = make(
        {**PLACE, "defaultValue": "York"},
        {**CHILDREN, "defaultValue": 3},
        {**SEVERAL, "defaultValue": ["good"]},
        VISITED,
        VISITS,
    )
    assert forms.prefill(form, {"visited": "2026-12-03"}) == {
        "place": ["York"],
        "children": ["3"],
        "several": ["good"],
        **date_parts("3", "12", "2026"),
        "visits": ["0"],
    }


def test_a_value_of_another_kind_does_not_fill_a_question(make: Make) -> None:
    form = make(PLACE, CHILDREN, VISITED, SURE, SEVERAL)
    context = {"place": Decimal(1), "children": "many", "visited": "soon", "sure": "yes", "several": "all"}
    assert forms.prefill(form, context) == {}


def test_texts_and_tables_show_the_case(make: Make, environment: feel.Environment) -> None:
    form = make(
        {"type": "text", "text": "Visit {{reference}} by {{due}} ({{missing}}): {{sure}} {{names}}"},
        {"type": "text", "text": '="Dear " + reference'},
        {"type": "table", "label": "T", "dataSource": "=rows", "columns": [{"key": "a", "label": "A"}]},
    )
    context: dict[str, feel.Value] = {
        "reference": "SC1",
        "due": feel.Date(2026, 12, 3),
        "sure": False,
        "names": ["a", Decimal(2)],
        "rows": [{"a": True}, {"b": 1}],
    }
    answers = forms.settle(form, {}, context, environment)
    assert answers.texts == {
        "text_0": "Visit SC1 by Thursday 3 December 2026 ((not known)): No a, 2",
        "text_1": "Dear SC1",
    }
    assert answers.tables == {"table_2": (["Yes"], [""])}


names = st.sampled_from(
    [
        "place",
        "children",
        "visited",
        "visited-day",
        "visited-year",
        "outcome",
        "several",
        "visits",
        "visits-0-where",
    ]
)
hostile = st.dictionaries(names | st.text(max_size=8), st.lists(st.text(max_size=12), max_size=4), max_size=9)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=hostile)
def test_whatever_is_posted_values_have_their_kinds_or_errors_are_said(
    submit: Submit, raw: dict[str, list[str]]
) -> None:
    submission = submit([PLACE, CHILDREN, VISITED, OUTCOME, SEVERAL, SURE, VISITS], raw)
    assert submission.values.keys() == {
        "place",
        "children",
        "visited",
        "outcome",
        "several",
        "sure",
        "visits",
    }
    kinds = {key: feel.type_name(value) for key, value in submission.values.items() if value is not None}
    expected = {"place": "string", "children": "number", "visited": "date", "outcome": "string"}
    expected |= {"several": "list", "sure": "boolean", "visits": "list"}
    assert kinds.items() <= expected.items()
    assert all(message for message in submission.errors.values())


def test_choices_that_hang_on_an_empty_answer_are_none_yet(submit: Submit) -> None:
    team = {"type": "select", "key": "team", "label": "Team", "valuesExpression": "=split(place, 1)"}
    assert submit([PLACE, team], {"team": ["Red"]}).errors == {"team": "Select team from the choices shown"}


def test_today_is_never_guessed(make: Make) -> None:
    form = make({**VISITED, "disallowPassedDates": True})
    with pytest.raises(forms.FormConditionError, match="no moment was given"):
        forms.submit(form, date_parts("3", "12", "2026"), {}, feel.Environment())


def test_a_text_that_takes_too_long_to_work_out_says_it_is_not_known(
    make: Make, environment: feel.Environment
) -> None:
    form = make({"type": "text", "text": "{{count(for a in 1..9000, b in 1..9000 return a)}}"})
    assert forms.settle(form, {}, {}, environment).texts == {"text_0": "(not known)"}


def test_a_context_is_shown_part_by_part() -> None:
    assert forms.shown({"name": "Council", "told": feel.Date(2026, 12, 3)}) == (
        "name: Council, told: Thursday 3 December 2026"
    )
