"""The diagram, table and form islands in a real browser, under the content policy of the pages."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask, request
from flask.wrappers import Response
from playwright.sync_api import Page, expect

ROOT = Path(__file__).parents[2]
ISLANDS = Path(__file__).parent / "islands"
SHOWING = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self'"
)
# The editors, and dmn-js always, write styles into elements: their pages allow that and only that.
EDITING = SHOWING.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")

BUNDLES = {
    "viewer": ("viewer", SHOWING),
    "table": ("dmn", EDITING),
    "form": ("site", SHOWING),
    "modeler": ("modeler", EDITING),
    "table-editor": ("dmn", EDITING),
    "form-editor": ("form", EDITING),
}
HTML = """<!doctype html>
<html lang="en" class="govuk-template">
<head><title>{name}</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/dist/govuk-frontend.min.css">
<link rel="stylesheet" href="/static/dist/{bundle}.css"></head>
<body class="govuk-template__body js-enabled govuk-frontend-supported">{body}
<script type="module" src="/static/dist/{bundle}.js"></script></body>
</html>"""


@dataclass
class Bench:
    """A page that is only an island, what was sent from it, and what the browser complained of."""

    page: Page
    address: str
    sent: dict[str, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def open(self, name: str) -> None:
        self.page.goto(f"{self.address}/{name}")
        self.page.wait_for_selector("[data-ready=true]")


def _app(sent: dict[str, str]) -> Flask:
    app = Flask(__name__, static_folder=str(ROOT / "web" / "static"))

    @app.get("/<name>")
    def answer(name: str) -> Response:
        if name not in BUNDLES:
            return Response((ISLANDS / name).read_text())
        bundle, policy = BUNDLES[name]
        body = (ISLANDS / f"{name}.html").read_text()
        html = HTML.format(name=name, bundle=bundle, body=body)
        return Response(html, headers={"Content-Security-Policy": policy}, mimetype="text/html")

    @app.post("/save")
    def save() -> str:
        sent.update(request.form)
        return '<link rel="icon" href="data:,">saved'

    @app.post("/redraw")
    def redraw() -> str:
        sent.update(request.form)
        more = (
            '<label>Reason <input id="reason" name="reason"></label>'
            if request.form["notice"] == "none"
            else ""
        )
        return (
            '<label>Notice <input id="notice" name="notice"></label>'
            f'<label>Note <input id="note" name="note"></label>{more}'
        )

    return app


@pytest.fixture
def bench(page: Page, serve: Callable[[Flask], str]) -> Iterator[Bench]:
    """Any complaint of the browser fails the test, the content policy's among them."""
    sent: dict[str, str] = {}
    bench = Bench(page, serve(_app(sent)), sent)
    page.on(
        "console", lambda message: bench.complaints.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: bench.complaints.append(str(error)))
    yield bench
    assert bench.complaints == []


def test_a_diagram_shows_where_a_case_is_in_colour_and_in_words(bench: Bench) -> None:
    bench.open("viewer")
    assert "sccif-late" in (bench.page.locator('[data-element-id="plan"]').get_attribute("class") or "")
    expect(bench.page.get_by_text("2 days late")).to_be_visible()
    expect(bench.page.get_by_role("img", name="Diagram of a visit")).to_be_visible()
    expect(bench.page.locator(".bjs-powered-by")).to_be_visible()


def test_a_click_on_a_task_leads_to_its_text_and_back(bench: Bench) -> None:
    bench.open("viewer")
    bench.page.locator('[data-element-id="plan"] .djs-hit').first.click(force=True)
    expect(bench.page.locator("#element-plan")).to_be_focused()
    bench.page.get_by_role("button", name="Show").click()
    expect(bench.page.locator('[data-element-id="plan"].selected')).to_be_attached()


def test_the_diagram_zooms_by_keyboard(bench: Bench) -> None:
    bench.open("viewer")
    viewport = bench.page.locator("g.viewport")
    before = viewport.get_attribute("transform")
    bench.page.get_by_role("button", name="Zoom in").press("Enter")
    assert viewport.get_attribute("transform") != before
    bench.page.get_by_role("button", name="Whole diagram").press("Enter")
    assert viewport.get_attribute("transform") == before


def test_a_changed_diagram_is_sent_in_the_dialect_with_what_was_typed_last(bench: Bench) -> None:
    bench.open("modeler")
    bench.page.locator('[data-element-id="plan"] .djs-hit').first.click(force=True)
    bench.page.locator(".bio-properties-panel-group-header-title", has_text="General").click()
    bench.page.locator("#bio-properties-panel-name").fill("Plan the visit again")
    bench.page.get_by_role("button", name="Save").click()
    bench.page.wait_for_url("**/save")
    assert 'name="Plan the visit again"' in bench.sent["xml"]
    assert '<zeebe:formDefinition formId="plan" />' in bench.sent["xml"]


@pytest.mark.parametrize(
    ("editor", "selected"),
    [
        ("modeler", '[data-element-id="plan"].selected'),
        ("table-editor", 'td[data-element-id="d"] .feel-editor.focussed'),
        ("form-editor", ".fjs-editor-selected"),
    ],
)
def test_a_finding_leads_to_its_element_in_the_editor(bench: Bench, editor: str, selected: str) -> None:
    bench.open(editor)
    expect(bench.page.locator(selected)).to_have_count(0)
    bench.page.get_by_role("button", name="Show in the editor").click()
    expect(bench.page.locator(selected)).to_be_visible()


def test_a_page_that_could_not_be_sent_sends_what_is_changed_later(bench: Bench) -> None:
    bench.open("modeler")
    bench.page.route("**/save", lambda route: route.fulfill(status=204))
    bench.page.get_by_role("button", name="Save").click()
    bench.page.wait_for_timeout(1500)
    bench.page.unroute("**/save")
    bench.page.locator('[data-element-id="plan"] .djs-hit').first.click(force=True)
    bench.page.locator(".bio-properties-panel-group-header-title", has_text="General").click()
    bench.page.locator("#bio-properties-panel-name").fill("Changed later")
    bench.page.get_by_role("button", name="Save").click()
    bench.page.wait_for_url("**/save")
    assert 'name="Changed later"' in bench.sent["xml"]


def test_our_templates_are_offered_for_a_new_element(bench: Bench) -> None:
    bench.open("modeler")
    bench.page.locator(".djs-palette [data-action=create]").click()
    bench.page.keyboard.type("Check and send")
    expect(bench.page.locator(".djs-popup-body").get_by_text("Check and send")).to_be_visible()


def test_a_decision_shows_the_rows_that_matched(bench: Bench) -> None:
    bench.open("table")
    matched = bench.page.locator("td.sccif-matched")
    expect(matched.first).to_be_visible()
    assert {cell.get_attribute("data-row-id") for cell in matched.all()} == {"home"}


def test_a_changed_table_is_sent(bench: Bench) -> None:
    bench.open("table-editor")
    cell = bench.page.locator('td[data-element-id="b"]')
    cell.click()
    bench.page.keyboard.press("End")
    bench.page.keyboard.type(' + "!"')
    bench.page.get_by_role("button", name="Save").click()
    bench.page.wait_for_url("**/save")
    assert '"good" + "!"' in bench.sent["xml"].replace("&#34;", '"').replace("&quot;", '"')


def test_a_form_is_sent_as_the_editor_writes_it(bench: Bench) -> None:
    bench.open("form-editor")
    expect(bench.page.get_by_text("Why now")).to_be_visible()
    bench.page.get_by_role("button", name="Save", exact=True).click()
    bench.page.wait_for_url("**/save")
    assert json.loads(bench.sent["json"])["components"][0]["key"] == "why"


def test_an_answer_that_opens_a_question_redraws_and_keeps_what_was_typed(bench: Bench) -> None:
    bench.open("form")
    bench.page.fill("#note", "kept")
    bench.page.fill("#notice", "none")
    bench.page.locator("#note").focus()
    expect(bench.page.locator("#reason")).to_be_visible()
    assert bench.page.input_value("#note") == "kept"
    assert bench.page.input_value("#notice") == "none"
    expect(bench.page.locator("#note")).to_be_focused()
