"""Changing a model in the browser: checked, nothing lost, deployed with a reason, never over another's."""

from base64 import b64encode
from collections.abc import Callable

import pytest

from engine.runtime.cases import Case
from tests.web.browser import Browser, Page
from tests.web.office import MODELS
from web.models import uploading

Open = Callable[[str], Browser]

DIAGRAM = (MODELS / "full_inspection.bpmn").read_text()
RENAMED = DIAGRAM.replace("Visit the home", "See the home &amp; garden")
WHY = "Gardens count"


def address(browser: Browser, version: str = "Short inspection, version 1") -> str:
    """Of the editor, by way of the library."""
    page = browser.get(browser.get("/models").links()[version])
    links = page.links()
    return links["Edit"] if "Edit" in links else links["Edit the newest version"]


def sent(browser: Browser, action: str, text: str, **fields: str) -> Page:
    """The form of the editor as the browser sends it."""
    path = next(
        form.get("action", "") for form in browser.page.all("form") if "data-editor-controls" in form.attrib
    )
    form = browser.page.form(path)
    return browser.post(path, {"base": form["base"], "edited": text, "_action": action, **fields})


def kept(page: Page) -> str:
    return next(field.get("value", "") for field in page.all("input") if field.get("name") == "edited")


@pytest.mark.parametrize(
    ("version", "file", "island"),
    [
        ("Short inspection, version 1", "full_inspection.bpmn", "data-bpmn-modeler"),
        ("Size of the home, version 1", "size.dmn", "data-dmn-modeler"),
        ("visit, version 1", "visit.form", "data-form-editor"),
    ],
)
def test_the_editor_opens_with_the_deployed_file(
    browser: Open, case: Case, version: str, file: str, island: str
) -> None:
    ana = browser("ana")
    page = ana.get(address(ana, version))
    assert kept(page) == (MODELS / file).read_text()
    assert [each for each in page.all("div") if island in each.attrib]


def test_without_javascript_the_page_offers_download_and_upload(browser: Open, case: Case) -> None:
    ana = browser("ana")
    page = ana.get(address(ana))
    assert "The editor needs JavaScript" in page.text
    assert {"download the file", "upload it"} <= page.links().keys()
    assert all("hidden" in form.attrib for form in page.all("form") if "data-editor-controls" in form.attrib)


def test_only_the_editors_may_write_styles_and_nothing_may_run_scripts(browser: Open, case: Case) -> None:
    ana = browser("ana")
    editor = ana.get(address(ana)).response.headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline';" in editor
    assert editor.count("unsafe") == 1
    again = sent(ana, "check", RENAMED).response.headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline';" in again
    assert "unsafe" not in ana.get("/models").response.headers["Content-Security-Policy"]


def test_a_check_shows_findings_and_loses_nothing(browser: Open, case: Case) -> None:
    ana = browser("ana")
    ana.get(address(ana))
    broken = RENAMED.replace('formId="visit"', 'formId="missing"')
    page = sent(ana, "check", broken.replace("\n", "\r\n"), note=WHY)
    assert page.status == 200
    for part in (
        "Findings: not ready to deploy",
        "Task_Visit",
        "The form 'missing' is not among",
        "Add the form",
    ):
        assert part in page.text
    assert [each.get("data-editor-show") for each in page.all("button") if each.get("data-editor-show")] == [
        "Task_Visit"
    ]
    assert kept(page) == broken
    assert ("note", WHY) in {(field.get("name"), field.get("value")) for field in page.all("input")}


def test_what_is_right_is_ready_to_deploy_and_not_deployed_yet(browser: Open, case: Case) -> None:
    ana = browser("ana")
    ana.get(address(ana))
    assert "Checked: ready to deploy" in sent(ana, "check", RENAMED).text
    assert "Short inspection, version 2" not in ana.get("/models").links()


def test_deploying_needs_a_reason_and_keeps_what_was_changed(browser: Open, case: Case) -> None:
    ana = browser("ana")
    ana.get(address(ana))
    page = sent(ana, "deploy", RENAMED)
    assert page.status == 422
    assert page.errors() == {"note": "Enter what changes, and why"}
    assert kept(page) == RENAMED


def test_a_deployed_change_is_a_new_version_and_says_what_it_changed(browser: Open, case: Case) -> None:
    ana = browser("ana")
    ana.get(address(ana))
    page = sent(ana, "deploy", RENAMED, note=WHY)
    assert "Deployed: full_inspection version 2" in page.text
    page = ana.get(page.links()["Short inspection, version 2"])
    assert WHY in page.text
    assert "What version 2 changed" in page.text
    assert "Task for a person: See the home & garden Task_Visit Changed" in page.text
    states = ana.file(f"{ana.page.response.request.path}/changes.json").get_json()["elements"]
    assert states == {"Task_Visit": {"states": ["changed"], "badge": "Changed"}}
    old = ana.get(ana.get("/models").links()["Short inspection, version 1"])
    assert "This is an older version" in old.text
    assert ana.get(old.links()["Edit the newest version"]).heading == "Edit Short inspection"


def test_a_version_that_only_a_bound_form_brought_says_so(browser: Open, case: Case) -> None:
    ana = browser("ana")
    ana.get(address(ana, "visit, version 1"))
    sent(ana, "deploy", (MODELS / "visit.form").read_text().replace("you see", "you notice"), note=WHY)
    page = ana.get(ana.get("/models").links()["Short inspection, version 2"])
    assert "Its own file is as it was in version 1" in page.text
    page = ana.get(ana.get("/models").links()["visit, version 2"])
    assert "Long text: What did you notice? Field_summary Changed" in page.text


def test_a_deployment_with_an_error_is_refused_and_changes_nothing(browser: Open, case: Case) -> None:
    ana = browser("ana")
    ana.get(address(ana))
    before = ana.rows()
    page = sent(ana, "deploy", "<not xml", note=WHY)
    assert page.status == 422
    assert "not well-formed XML" in page.text
    assert kept(page) == "<not xml"
    assert ana.rows() == before


def test_nobody_deploys_over_a_version_they_have_not_seen(browser: Open, case: Case) -> None:
    ana, other = browser("ana"), browser("ana")
    ana.get(address(ana))
    other.get(address(other))
    sent(other, "deploy", DIAGRAM.replace("Count places", "Count beds"), note="Beds it is")
    page = sent(ana, "deploy", RENAMED, note=WHY)
    assert page.status == 409
    for part in (
        "Someone deployed a newer version meanwhile",
        "Beds it is",
        "What they changed",
        "Count beds",
        "What you changed",
        "See the home & garden",
    ):
        assert part in page.text
    assert kept(page) == RENAMED
    over = next(field.get("value", "") for field in page.all("input") if field.get("name") == "over")
    assert "Deployed: full_inspection version 3" in sent(ana, "deploy", RENAMED, note=WHY, over=over).text


def test_what_both_changed_is_named(browser: Open, case: Case) -> None:
    ana, other = browser("ana"), browser("ana")
    ana.get(address(ana))
    other.get(address(other))
    sent(other, "deploy", DIAGRAM.replace("Visit the home", "Go there"), note="Shorter")
    page = sent(ana, "check", RENAMED)
    assert "Changed on both sides: Task_Visit." in page.text


def test_a_file_that_is_too_large_is_refused_and_kept(browser: Open, case: Case) -> None:
    ana = browser("ana")
    ana.get(address(ana))
    page = sent(ana, "check", "x" * (uploading.LARGEST_TOGETHER + 1))
    assert page.status == 422
    assert page.errors() == {"editor": "The file must be 2 MB or smaller"}
    assert len(kept(page)) == uploading.LARGEST_TOGETHER + 1


@pytest.mark.parametrize(
    "fields", [{}, {"base": "x", "edited": ""}, {"base": "9" * 40, "edited": ""}, {"base": "1"}]
)
def test_a_form_that_the_editor_does_not_send_is_refused(
    browser: Open, case: Case, fields: dict[str, str]
) -> None:
    ana = browser("ana")
    path = address(ana)
    ana.get(path)
    assert ana.post(path, fields).status == 400


def test_what_is_not_there_cannot_be_edited(browser: Open, case: Case) -> None:
    assert browser("ana").get("/models/processes/999999/edit").status == 404
    assert browser("ana").get("/models/letters/1/edit").status == 404


def test_administrators_read_and_do_not_edit(browser: Open, case: Case) -> None:
    ada = browser("ada")
    page = ada.get(ada.get("/models").links()["Short inspection, version 1"])
    assert "Edit" not in page.links()
    assert ada.get("/models/processes/1/edit").status == 403


def test_an_upload_needs_a_reason_too(browser: Open, case: Case) -> None:
    ana = browser("ana")
    ana.get("/models/upload")
    content = b64encode((MODELS / "visit.form").read_bytes()).decode()
    page = ana.post("/models/deploy", {"name": "visit.form", "content": content})
    assert page.status == 422
    assert page.errors() == {"note": "Enter what changes, and why"}
    assert page.form("/models/deploy")["content"] == content
