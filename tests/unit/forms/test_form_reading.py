"""What a form may hold, and how everything else is refused."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from engine import forms

Make = Callable[..., forms.Form]
Findings = Callable[..., tuple[forms.Finding, ...]]

TEXT = {"type": "textfield", "key": "place", "label": "Place"}
OUTCOME = {
    "type": "radio",
    "key": "outcome",
    "label": "Outcome",
    "values": [{"value": "good", "label": "Good"}, {"value": "poor", "label": "Not so good"}],
}


def test_every_kind_of_question_is_read(make: Make) -> None:
    form = make(
        TEXT,
        {"type": "textarea", "key": "notes", "label": "Notes", "validate": {"maxLength": 200}},
        {"type": "number", "key": "children", "label": "Children", "validate": {"min": 0.5, "max": "12"}},
        {"type": "datetime", "key": "visited", "dateLabel": "Date of visit", "subtype": "date"},
        OUTCOME,
        {**OUTCOME, "type": "select", "key": "again"},
        {**OUTCOME, "type": "checklist", "key": "several"},
        {"type": "checkbox", "key": "sure", "label": "I am sure"},
        {"type": "filepicker", "key": "letter", "label": "Letter", "multiple": True, "accept": ".pdf, .PNG"},
    )
    fields = {one.key: one for one in form.fields if isinstance(one, forms.Field)}
    assert [field.kind.value for field in fields.values()] == [
        *("textfield", "textarea", "number", "datetime", "radio"),
        *("select", "checklist", "checkbox", "filepicker"),
    ]
    assert fields["children"].limits.minimum == Decimal("0.5")
    assert fields["children"].limits.maximum == 12
    assert fields["visited"].label == "Date of visit"
    assert fields["letter"].limits.accept == (".pdf", ".png")
    assert fields["outcome"].options[1] == forms.Option("poor", "Not so good")


def test_properties_say_what_form_js_cannot(make: Make) -> None:
    properties = {
        "errorMessage": "Say where",
        "guidance": "SCH-FI-001, SCH-FI-002",
        "hint": "The town will do",
        "sensitive": "true",
    }
    (field,) = make({**TEXT, "description": "Not this", "properties": properties}).fields
    assert isinstance(field, forms.Field)
    assert (field.error_message, field.hint, field.sensitive) == ("Say where", "The town will do", True)
    assert field.guidance == ("SCH-FI-001", "SCH-FI-002")


def test_buttons_and_spacers_are_nothing(make: Make) -> None:
    assert make({"type": "button", "label": "Send"}, {"type": "spacer"}, TEXT).components[0].id == "place_2"


@pytest.mark.parametrize(
    "kind", ["expression", "html", "iframe", "image", "documentPreview", "taglist", "surprise", None, 5]
)
def test_other_components_are_refused_with_a_remedy(findings: Findings, kind: object) -> None:
    (finding,) = findings({"type": kind, "key": "odd", "label": "Odd", "content": "x"})
    assert (finding.component_id, finding.key) == ("odd_0", "odd")
    assert f"“{kind}” is not supported" in finding.message
    assert finding.remedy


@pytest.mark.parametrize(
    ("component", "message"),
    [
        ({**TEXT, "key": "a place"}, "cannot name a variable"),
        ({**TEXT, "key": "csrf_token"}, "cannot name a variable"),
        ({**TEXT, "key": "_action"}, "cannot name a variable"),
        ({**TEXT, "key": "x" * 65}, "cannot name a variable"),
        ({**TEXT, "label": ""}, "no label"),
        ({**TEXT, "label": "=place"}, "expression, which is not run"),
        ({**TEXT, "label": 5}, "is not a text"),
        ({**TEXT, "label": "x" * 20_000}, "is not a text of at most"),
        ({**TEXT, "validate": {"required": "=a"}}, "must be true or false"),
        ({**TEXT, "validate": "all"}, "is not an object"),
        ({**TEXT, "validate": {"min": 5}}, "“min” is not supported"),
        ({**TEXT, "validate": {"maxLength": -1}}, "not a whole number"),
        ({**TEXT, "validate": {"maxLength": 1.5}}, "not a whole number"),
        ({**TEXT, "validate": {"minLength": 5, "maxLength": 4}}, "least allowed is more"),
        ({**TEXT, "validate": {"pattern": "(a+)+$"}}, "can itself be matched in several ways"),
        ({**TEXT, "validate": {"pattern": "("}}, "it is not a pattern"),
        ({**TEXT, "validate": {"pattern": 5}}, "it is not a text"),
        ({**TEXT, "validate": {"validationType": "iban"}}, "“iban” is not known"),
        ({**TEXT, "readonly": "=true"}, "must be true or false"),
        ({**TEXT, "conditional": {"hide": "=1 +"}}, "is not FEEL"),
        ({**TEXT, "conditional": {"hide": "place = 1"}}, "is not an expression"),
        ({**TEXT, "conditional": {"show": "=true"}}, "“show” is not supported"),
        ({"type": "number", "key": "n", "label": "N", "validate": {"min": "=a"}}, "is not a number"),
        ({"type": "number", "key": "n", "label": "N", "serializeToString": True}, "kept as a number"),
        ({"type": "number", "key": "n", "label": "N", "increment": -1}, "step is not more than 0"),
        ({"type": "datetime", "key": "d", "dateLabel": "D", "subtype": "time"}, "only dates"),
        ({**OUTCOME, "values": []}, "options come from nowhere"),
        ({**OUTCOME, "valuesKey": "also"}, "several places"),
        ({**OUTCOME, "values": [{"value": "a"}, {"value": "a"}]}, "two have the same"),
        ({**OUTCOME, "values": [{"label": "a"}]}, "has no value"),
        ({**OUTCOME, "values": "many"}, "not a list"),
        ({**OUTCOME, "values": [{"value": str(n)} for n in range(600)]}, "at most 500"),
        ({"type": "group", "label": "G", "path": "inner", "components": []}, "does not make a variable"),
        ({"type": "group", "label": "G"}, "no list of components"),
        ({"type": "group", "label": "G", "components": [5]}, "no list of components"),
        ({"type": "text", "text": 5}, "text is missing"),
        ({"type": "text", "text": "Dear {{name +}}"}, "is not FEEL"),
        ({"type": "table", "label": "T", "dataSource": "=rows"}, "needs a data source and columns"),
    ],
)
def test_a_fault_is_a_finding_naming_the_component(
    findings: Findings, component: dict[str, Any], message: str
) -> None:
    if component["type"] == "group" and component.get("components") == [5]:
        component = {**component, "components": (5,)}
    found = findings(component)
    assert any(message in finding.message for finding in found), found
    assert all(finding.component_id.endswith("_0") and finding.remedy for finding in found)


def test_all_faults_are_reported_at_once(findings: Findings) -> None:
    found = findings({**TEXT, "label": ""}, {"type": "html", "key": "h"}, schemaVersion=5)
    assert len(found) == 3


def test_a_key_used_twice_is_refused_also_inside_rows(findings: Findings) -> None:
    rows = {
        "type": "dynamiclist",
        "path": "visits",
        "label": "Visits",
        "components": [{**TEXT, "id": "other"}],
    }
    (finding,) = findings(TEXT, rows)
    assert finding.message == "the key is used 2 times"


def test_rows_hold_no_rows_and_no_files(findings: Findings) -> None:
    inner = {"type": "dynamiclist", "path": "inner", "label": "Inner", "components": []}
    files = {"type": "filepicker", "key": "letter", "label": "Letter"}
    found = findings(
        {"type": "dynamiclist", "path": "visits", "label": "Visits", "components": [inner, files]}
    )
    assert {finding.component_id for finding in found} == {"inner_0", "letter_1"}


def test_conditions_that_wait_for_each_other_are_refused(findings: Findings) -> None:
    one = {**TEXT, "key": "one", "conditional": {"hide": "=two = null"}}
    two = {**TEXT, "key": "two", "conditional": {"hide": "=one = null"}}
    (finding,) = findings(one, two)
    assert "waits for itself" in finding.message


def test_a_condition_cannot_ask_about_an_answer_given_once_a_row(findings: Findings) -> None:
    rows = {"type": "dynamiclist", "path": "visits", "label": "Visits", "components": [TEXT]}
    note = {**TEXT, "key": "note", "conditional": {"hide": '=place != "here"'}}
    (finding,) = findings(rows, note)
    assert "an answer for each row of “visits”" in finding.message


def test_a_condition_without_words_needs_them_written(findings: Findings, make: Make) -> None:
    hidden = {**TEXT, "conditional": {"hide": "=string length(outcome) > 4"}}
    (finding,) = findings(OUTCOME, hidden)
    assert "cannot be put into words" in finding.message
    assert "conditionText" in finding.remedy
    form = make(OUTCOME, {**hidden, "properties": {"conditionText": "If the outcome is short"}})
    assert form.components[1].condition is not None
    assert form.components[1].condition.words == "the outcome is short"


def test_a_condition_on_the_case_alone_needs_no_words(make: Make) -> None:
    form = make({**TEXT, "conditional": {"hide": "=string length(setting) > 4"}})
    assert form.components[0].condition is not None
    assert form.components[0].condition.words is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is not JSON"),
        (b"[]", "not a JSON object"),
        (b"\xff\xfe", "is not JSON"),
        (b"[" * 200_000, "nested too deeply|is not JSON"),
        (b'{"components":' * 40_000, "larger than"),
        (b" " * 600_000, "larger than 512 kB"),
        (json.dumps({"id": "a", "schemaVersion": 19}).encode(), "no list of components"),
        (json.dumps({"id": "a b", "schemaVersion": 19, "components": []}).encode(), "no usable id"),
        (json.dumps({"id": "a", "components": []}).encode(), "schema version is not 16 or later"),
        (b'{"id": "a", "schemaVersion": 1e400, "components": []}', "schema"),
    ],
)
def test_a_file_that_is_no_form_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(forms.FormError, match=message):
        forms.read(data)


def test_size_and_depth_are_bounded(findings: Findings) -> None:
    nested: dict[str, Any] = TEXT
    for level in range(8):
        nested = {"type": "group", "id": f"g{level}", "label": "G", "components": [nested]}
    assert any("nested more than" in finding.message for finding in findings(nested))
    many = [{**TEXT, "key": f"k{index}"} for index in range(500)]
    assert any("more than 400 components" in finding.message for finding in findings(*many))
