"""Forms on the page: strict HTML, every control labelled, every error linked, nothing typed lost."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from markupsafe import Markup
from werkzeug.datastructures import FileStorage, MultiDict

from engine import feel, forms
from engine.workdays import Calendar
from web import forms as pages

ENVIRONMENT = feel.Environment(
    at=datetime(2026, 12, 3, 10, 0, tzinfo=UTC), calendar=Calendar.england(2025, 2028)
)
VALUES = [{"value": "good", "label": "Good"}, {"value": "poor", "label": "Not so good"}]
EVERYTHING: list[dict[str, Any]] = [
    {"type": "text", "id": "intro", "text": "## About\nSee **this**, {{reference}}\n\n- one\n- two <b>"},
    {"type": "textfield", "id": "f1", "key": "place", "label": "Place", "validate": {"required": True}},
    {
        "type": "textfield",
        "id": "f2",
        "key": "email",
        "label": "E-mail",
        "validate": {"validationType": "email", "required": True},
        "properties": {"sensitive": "true", "guidance": "SCH-FI-001, SCH-FI-002"},
    },
    {
        "type": "textarea",
        "id": "f3",
        "key": "notes",
        "label": "Notes",
        "description": "In short",
        "validate": {"required": True, "maxLength": 200},
    },
    {"type": "textarea", "id": "f4", "key": "more", "label": "More", "validate": {"required": True}},
    {
        "type": "number",
        "id": "f5",
        "key": "children",
        "label": "Children",
        "decimalDigits": 0,
        "appearance": {"suffixAdorner": "children"},
        "validate": {"required": True},
    },
    {
        "type": "datetime",
        "id": "f6",
        "key": "visited",
        "dateLabel": "Visited",
        "validate": {"required": True},
    },
    {
        "type": "radio",
        "id": "f7",
        "key": "outcome",
        "label": "Outcome",
        "values": VALUES,
        "validate": {"required": True},
    },
    {
        "type": "select",
        "id": "f8",
        "key": "again",
        "label": "Again",
        "values": VALUES,
        "validate": {"required": True},
    },
    {
        "type": "checklist",
        "id": "f9",
        "key": "several",
        "label": "Several",
        "values": VALUES,
        "validate": {"required": True},
    },
    {"type": "checkbox", "id": "f10", "key": "sure", "label": "I am sure", "validate": {"required": True}},
    {
        "type": "filepicker",
        "id": "f11",
        "key": "letter",
        "label": "Letter",
        "accept": ".pdf",
        "multiple": True,
        "validate": {"required": True},
    },
    {"type": "separator", "id": "line"},
    {
        "type": "group",
        "id": "g",
        "label": "If it went badly",
        "conditional": {"hide": '=outcome != "poor"'},
        "components": [
            {
                "type": "textfield",
                "id": "f12",
                "key": "reason",
                "label": "Reason",
                "validate": {"required": True},
            }
        ],
    },
    {
        "type": "dynamiclist",
        "id": "r",
        "path": "visits",
        "label": "Visits",
        "properties": {"required": "true"},
        "components": [
            {
                "type": "textfield",
                "id": "r1",
                "key": "where",
                "label": "Where",
                "validate": {"required": True},
            },
            {
                "type": "datetime",
                "id": "r2",
                "key": "when",
                "dateLabel": "When",
                "validate": {"required": True},
            },
            {"type": "checkbox", "id": "r3", "key": "alone", "label": "Alone"},
        ],
    },
    {
        "type": "table",
        "id": "t",
        "label": "Bodies",
        "dataSource": "=bodies",
        "columns": [{"key": "name", "label": "Name"}, {"key": "told", "label": "Told"}],
    },
    {"type": "textfield", "id": "f13", "key": "reference", "label": "Reference", "readonly": True},
]
CONTEXT: dict[str, feel.Value] = {
    "reference": "SC-1 <script>",
    "bodies": [{"name": "Council", "told": feel.Date(2026, 12, 3)}],
}
RAW = {"visits": ["0", "3"], "outcome": ["poor"]}


def read(*components: Mapping[str, Any]) -> forms.Form:
    return forms.read(json.dumps({"id": "a_form", "schemaVersion": 19, "components": components}).encode())


def drawn(
    components: Iterable[Mapping[str, Any]],
    raw: Mapping[str, list[str]],
    errors: Mapping[str, str] | None = None,
    context: Mapping[str, feel.Value] = CONTEXT,
    **more: Any,
) -> Element:
    """The page a form is put on, parsed as strictly as HTML can be."""
    form = read(*components)
    page = Markup(
        "<!DOCTYPE html><html lang=en><head><title>t</title></head><body>{}<form>{}</form></body></html>"
    )
    summary = pages.error_summary(form, errors or {})
    html = page.format(summary, pages.render(form, raw, errors or {}, context, ENVIRONMENT, **more))
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    document: Element = parser.parse(html)
    return document


def ids(document: Element) -> list[str]:
    return [element.attrib["id"] for element in document.iter() if "id" in element.attrib]


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def controls(document: Element) -> list[Element]:
    return [
        one
        for one in document.iter()
        if one.tag in ("input", "select", "textarea") and one.attrib.get("type") != "hidden"
    ]


def named(document: Element, name: str) -> Element:
    (found,) = [one for one in controls(document) if one.attrib["name"] == name]
    return found


@pytest.fixture
def wrong() -> forms.Submission:
    return forms.submit(read(*EVERYTHING), {**RAW, "visits-3-where": ["Bath"]}, CONTEXT, ENVIRONMENT)


def test_every_control_has_a_label_and_every_id_is_used_once() -> None:
    document = drawn(EVERYTHING, RAW)
    labelled = {label.attrib["for"] for label in document.iter("label")}
    assert {one.attrib["id"] for one in controls(document)} == labelled
    assert len(ids(document)) == len(set(ids(document)))


def test_every_error_is_listed_first_and_leads_to_a_control(wrong: forms.Submission) -> None:
    document = drawn(EVERYTHING, wrong.raw, wrong.errors)
    links = [link for link in document.iter("a") if link.attrib["href"].startswith("#")]
    assert [words(link) for link in links] == list(wrong.errors.values())
    assert len(links) == 12
    focusable = {one.attrib["id"] for one in controls(document)} | {"visits"}
    assert {link.attrib["href"][1:] for link in links} <= focusable
    assert "#visited-day" in {link.attrib["href"] for link in links}
    assert "#visits-3-when-day" in {link.attrib["href"] for link in links}


def test_every_error_is_said_beside_its_question_and_described_by_it(wrong: forms.Submission) -> None:
    document = drawn(EVERYTHING, wrong.raw, wrong.errors)
    described = {
        one for element in document.iter() for one in element.attrib.get("aria-describedby", "").split()
    }
    for name, message in wrong.errors.items():
        (error,) = [one for one in document.iter("p") if one.attrib.get("id") == f"{name}-error"]
        assert words(error) == f"Error: {message}"
        assert f"{name}-error" in described
    assert described <= set(ids(document))


def test_nothing_typed_is_lost_however_wrong_it_is() -> None:
    raw = {
        "place": [' "><script>'],
        "notes": ["x" * 300 + "</textarea>"],
        "children": ["a dozen"],
        "visited-day": ["31"],
        "visited-month": ["Februember"],
        "outcome": ["poor"],
        "again": ["good"],
        "several": ["good", "poor"],
        "sure": ["true"],
        "visits": ["3"],
        "visits-3-where": ["Bath"],
        "visits-3-when-year": ["26"],
        "visits-3-alone": ["true"],
    }
    form = read(*EVERYTHING)
    document = drawn(EVERYTHING, raw, forms.submit(form, raw, CONTEXT, ENVIRONMENT).errors)
    assert sent(document) == {name: values for name, values in raw.items()}


def sent(document: Element) -> dict[str, list[str]]:
    """What a browser would post of the page, empty controls left out."""
    found: dict[str, list[str]] = {}
    for element in document.iter():
        name = element.attrib.get("name", "")
        kind = element.attrib.get("type")
        if element.tag == "textarea":
            value = element.text or ""
        elif element.tag == "select":
            value = next(
                (one.attrib["value"] for one in element.iter("option") if "selected" in one.attrib), ""
            )
        elif element.tag == "input" and (kind not in ("checkbox", "radio") or "checked" in element.attrib):
            value = element.attrib.get("value", "")
        else:
            continue
        if name and value:
            found.setdefault(name, []).append(value)
    return found


def test_without_javascript_a_conditional_question_is_there_with_its_condition_in_words() -> None:
    document = drawn(EVERYTHING, {"outcome": ["good"]})
    assert named(document, "reason") is not None
    assert "Only if “Outcome” is “Not so good”." in words(document)


def test_a_redraw_leaves_out_what_the_answers_hide() -> None:
    form = read(*EVERYTHING)
    assert 'name="reason"' not in pages.redraw(form, {"outcome": ["good"]}, CONTEXT, ENVIRONMENT)
    shown = pages.redraw(form, {"outcome": ["poor"]}, CONTEXT, ENVIRONMENT)
    assert 'name="reason"' in shown
    assert "Only if" not in shown
    assert "data-form-region" not in shown


def test_a_condition_is_the_first_hint_of_its_question() -> None:
    field = {
        "type": "textfield",
        "id": "x",
        "key": "reason",
        "label": "Reason",
        "description": "In short",
        "conditional": {"hide": "=not(sure)"},
    }
    document = drawn([EVERYTHING[10], field], {})
    (hint,) = [one for one in document.iter("div") if one.attrib.get("id") == "reason-hint"]
    assert words(hint).startswith("Only if “I am sure” is ticked.")
    assert named(document, "reason").attrib["aria-describedby"] == "reason-hint"


def test_what_the_case_rules_out_is_not_there_at_all() -> None:
    field = {**EVERYTHING[1], "conditional": {"hide": '=reference = "SC-1 <script>"'}}
    assert controls(drawn([field], {})) == []


def test_the_choices_of_a_hidden_question_are_there_without_javascript() -> None:
    field = {
        "type": "radio",
        "id": "x",
        "key": "team",
        "label": "Team",
        "valuesExpression": '=["Red", "Blue"]',
        "conditional": {"hide": "=not(sure)"},
    }
    document = drawn([EVERYTHING[10], field], {})
    assert [one.attrib["value"] for one in controls(document)] == ["true", "Red", "Blue"]


def test_the_region_names_what_a_redraw_hangs_on() -> None:
    document = drawn(EVERYTHING, RAW, redraw_url="/tasks/1/redraw")
    (region,) = [one for one in document.iter("div") if "data-form-region" in one.attrib]
    assert region.attrib["data-redraw-url"] == "/tasks/1/redraw"
    assert region.attrib["data-redraw-on"].split() == ["outcome", "reference"]
    assert "data-redraw-url" not in drawn(EVERYTHING[1:3], {}, redraw_url="/x").find(".//form/div").attrib  # type: ignore[union-attr]


def test_rows_are_added_and_removed_by_buttons_that_need_no_javascript() -> None:
    document = drawn(EVERYTHING, RAW)
    actions = {one.attrib.get("value"): words(one) for one in document.iter("button")}
    assert actions == {
        None: "Continue",
        "remove:visits:0": "Remove Visits: entry 1",
        "remove:visits:3": "Remove Visits: entry 2",
        "add:visits": "Add another to Visits",
    }
    assert words(next(document.iter("button"))) == "Continue"
    assert all(one.attrib["name"] == "_action" for one in document.iter("button") if "value" in one.attrib)


def test_a_list_of_fixed_rows_has_no_buttons() -> None:
    fixed = {**EVERYTHING[14], "allowAddRemove": False}
    document = drawn([fixed], {"visits": ["0"]})
    assert [words(one) for one in document.iter("button")] == ["Continue"]


def test_a_sensitive_question_says_so_and_is_not_remembered_by_the_browser() -> None:
    document = drawn(EVERYTHING, {})
    assert named(document, "email").attrib["autocomplete"] == "off"
    assert "every view of this answer is recorded" in words(document)


def test_guidance_is_one_step_away_and_linked() -> None:
    link = Markup('<a class="govuk-link" href="/guidance/{0}">{0}</a>')
    document = drawn(EVERYTHING, {}, guidance_link=link.format)
    (details,) = document.iter("details")
    assert words(details).startswith("Guidance on E-mail")
    assert [one.attrib["href"] for one in details.iter("a")] == [
        "/guidance/SCH-FI-001",
        "/guidance/SCH-FI-002",
    ]


def test_attached_files_are_listed_and_can_be_removed() -> None:
    document = drawn(EVERYTHING, {}, attachments={"letter": ["one <1>.pdf"]})
    assert "one <1>.pdf" in words(document)
    assert "detach:letter:0" in {one.attrib.get("value") for one in document.iter("button")}
    picker = named(document, "letter")
    assert (picker.attrib["accept"], "multiple" in picker.attrib) == (".pdf", True)


def test_texts_tables_and_read_only_answers_are_shown_escaped() -> None:
    document = drawn(EVERYTHING, {})
    assert [words(one) for one in document.iter("h2")] == ["About", "If it went badly"]
    assert [words(one) for one in document.iter("li")][:2] == ["one", "two <b>"]
    assert list(document.iter("script")) == []
    assert [words(one) for one in document.iter("td")] == ["Council", "Thursday 3 December 2026"]
    assert words(next(document.iter("dl"))) == "Reference SC-1 <script>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* **b**", '<p class="govuk-body"><em>a</em> <strong>b</strong></p>'),
        ("[x](https://example.com/?a=1&b)", 'href="https://example.com/?a=1&amp;b"'),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("1. one\n2. two", '<ol class="govuk-list govuk-list--number"><li>one</li><li>two</li></ol>'),
        ("<img onerror=x>", "&lt;img onerror=x&gt;"),
        ("# One\n# Two\nwords", "Two</h2>"),
    ],
)
def test_the_markdown_of_texts_is_small_and_safe(text: str, html: str) -> None:
    rendered = pages.render(read({"type": "text", "id": "x", "text": text}), {}, {}, {}, ENVIRONMENT)
    assert html in rendered


def test_only_the_forms_own_files_are_taken() -> None:
    sent = MultiDict(
        [
            ("letter", FileStorage(filename="a.pdf")),
            ("letter", FileStorage(filename="")),
            ("other", FileStorage(filename="b")),
        ]
    )
    found = pages.sent_files(read(*EVERYTHING), sent)
    assert {name: [one.filename for one in files] for name, files in found.items()} == {"letter": ["a.pdf"]}
    (question,) = [one for one in read(*EVERYTHING).fields if one.key == "letter"]
    assert isinstance(question, forms.Field)
    assert pages.why_not_accepted(question, "A.PDF") is None
    assert pages.why_not_accepted(question, "a.exe") == "“a.exe” must be one of these kinds of file: .pdf"


def test_no_errors_need_no_summary() -> None:
    assert pages.error_summary(read(*EVERYTHING), {}) == ""


def test_a_case_value_that_breaks_a_condition_is_loud_on_the_page_too() -> None:
    field = {**EVERYTHING[1], "conditional": {"hide": "=reference"}}
    with pytest.raises(forms.FormConditionError):
        drawn([field], {}, context={"reference": Decimal(1)})


def test_a_control_is_as_wide_as_its_answer_and_of_its_kind() -> None:
    urn = {"type": "textfield", "id": "a", "key": "urn", "label": "URN", "validate": {"maxLength": 8}}
    phone = {
        "type": "textfield",
        "id": "b",
        "key": "phone",
        "label": "Phone",
        "validate": {"validationType": "phone"},
    }
    secret = {
        "type": "textarea",
        "id": "c",
        "key": "secret",
        "label": "Source",
        "properties": {"sensitive": "true"},
    }
    document = drawn([urn, phone, secret], {})
    assert "govuk-input--width-10" in named(document, "urn").attrib["class"]
    assert named(document, "phone").attrib["type"] == "tel"
    assert named(document, "secret").attrib["autocomplete"] == "off"
