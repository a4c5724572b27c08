"""A decision tried in the library: questions by type, the answer its rows and reasons, nothing stored."""

from collections.abc import Callable

import pytest

from engine import dmn
from engine.runtime.cases import Case
from engine.runtime.library import DeployedDecision
from tests.web.browser import Browser, Page
from web.models import trying

Open = Callable[[str], Browser]


def tried(browser: Browser, **answers: str) -> Page:
    page = browser.get(browser.get("/models").links()["Size of the home, version 1"])
    path = page.response.request.path
    before = browser.rows()
    page = browser.post(path, answers)
    assert browser.rows() == before
    return page


def test_the_row_that_holds_is_marked_with_its_reason_and_rule(browser: Open, case: Case) -> None:
    page = tried(browser("ana"), input_1="12")
    assert page.status == 200
    assert 'Size of the home: "large"' in page.text
    assert "Row 2 holds: Ten children or more (D-1)" in page.text
    marked = [row for row in page.all("tr") if "sccif-matched" in row.get("class", "")]
    assert len(marked) == 1
    assert ">= 10 holds" in page.text
    assert "< 10 does not hold" in page.text


def test_what_is_left_empty_is_null_and_no_row_is_said(browser: Open, case: Case) -> None:
    page = tried(browser("ana"))
    assert "Size of the home: null" in page.text
    assert "No row holds" in page.text


def test_an_answer_of_the_wrong_type_is_an_error_and_stays(browser: Open, case: Case) -> None:
    page = tried(browser("ana"), input_1="many")
    assert page.status == 422
    assert page.errors().keys() == {"input_1"}
    assert "many" in [field.get("value") for field in page.all("input")]


def test_administrators_may_try_a_table_and_inspectors_may_not(browser: Open, case: Case) -> None:
    assert "Row 1 holds" in tried(browser("ada"), input_1="3").text
    ivy = browser("ivy")
    ivy.get("/tasks")
    assert ivy.post("/models/decisions/1", {"input_1": "3"}).status == 403


def decision(inputs: str, clauses: str = "", text: str = "", items: str = "") -> DeployedDecision:
    """A decision with these parts of a DMN file."""
    names = [part.split('"')[1] for part in inputs.split("<inputData ")[1:]]
    needs = "".join(
        f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>' for name in names
    )
    logic = (
        f'<decisionTable hitPolicy="UNIQUE">{clauses}<output name="o"/></decisionTable>'
        if clauses
        else f"<literalExpression><text>{text}</text></literalExpression>"
    )
    file = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
        f'{items}<decision id="x" name="x">{needs}{logic}</decision>{inputs}</definitions>'
    )
    return DeployedDecision(1, 1, "x", dmn.loads(file.encode()))


def an_input(name: str, type_ref: str) -> str:
    return f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{type_ref}"/></inputData>'


@pytest.mark.parametrize(
    ("type_ref", "part"),
    [
        ("number", 'inputmode="decimal"'),
        ("boolean", '<option value="true">Yes</option>'),
        ("date", 'name="input_1-day"'),
        ("string", '<input class="govuk-input'),
        ("time", "Written in FEEL"),
        ("grade", '<option value="good">good</option>'),
        ("grades", "Written in FEEL"),
    ],
)
def test_each_type_has_its_question(type_ref: str, part: str, app: object) -> None:
    items = (
        '<itemDefinition name="grade"><typeRef>string</typeRef>'
        '<allowedValues><text>"good","poor"</text></allowedValues></itemDefinition>'
        '<itemDefinition name="grades" isCollection="true"><typeRef>string</typeRef></itemDefinition>'
    )
    shown = _page(decision(an_input("it", type_ref), text="it", items=items), app)
    assert part in str(shown["questions"])


def test_a_table_without_drawn_inputs_asks_for_what_its_columns_read(app: object) -> None:
    expression = '<inputExpression typeRef="number"><text>places</text></inputExpression>'
    clauses = f'<input label="How many?">{expression}</input>'
    questions = str(_page(decision("", clauses=clauses), app)["questions"])
    assert "How many?" in questions
    assert 'inputmode="decimal"' in questions


def _page(deployed: DeployedDecision, app: object) -> dict[str, object]:
    with app.test_request_context():  # type: ignore[attr-defined]
        return trying.form_of(deployed)
