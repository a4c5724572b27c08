"""The analysts' library: what is deployed, and how new files get in."""

from collections.abc import Callable
from io import BytesIO

from engine.runtime.cases import Case
from tests.web.browser import Browser, Page
from tests.web.office import MODELS

Open = Callable[[str], Browser]


def uploaded(browser: Browser, **files: bytes) -> Page:
    browser.get("/models/upload")
    chosen = [(BytesIO(content), name.replace("__", ".")) for name, content in files.items()]
    return browser.post("/models/upload", {"files": chosen})


def deployed(browser: Browser) -> Page:
    """Sends the form of the page of findings."""
    names = [f.get("value", "") for f in browser.page.all("input") if f.get("name") == "name"]
    contents = [f.get("value", "") for f in browser.page.all("input") if f.get("name") == "content"]
    return browser.post("/models/deploy", {"name": names, "content": contents, "note": "Ask for more"})


def changed_form() -> bytes:
    return (MODELS / "visit.form").read_bytes().replace(b"What did you see?", b"What did you see and hear?")


def test_the_library_lists_versions_and_the_cases_on_them(browser: Open, case: Case) -> None:
    page = browser("ana").get("/models")
    assert {
        "Short inspection, version 1",
        "Size of the home, version 1",
        "visit, version 1",
    } <= page.links().keys()
    assert "full_inspection.bpmn 1 1 30 November 2026" in page.text


def test_a_process_is_shown_with_its_text(browser: Open, case: Case) -> None:
    ana = browser("ana")
    page = ana.get(ana.get("/models").links()["Short inspection, version 1"])
    assert "Visit the home" in page.text
    assert "Count places (if: Yes)" in page.text
    assert ana.file(page.links()["full_inspection.bpmn"]).mimetype == "application/xml"


def test_a_table_is_shown_row_by_row_with_its_reasons(browser: Open, case: Case) -> None:
    ana = browser("ana")
    page = ana.get(ana.get("/models").links()["Size of the home, version 1"])
    assert "Unique: at most one row may hold" in page.text
    assert '1 < 10 "small" Fewer than ten children' in page.text


def test_a_form_is_shown_as_questions_and_as_people_see_it(browser: Open, case: Case) -> None:
    ana = browser("ana")
    page = ana.get(ana.get("/models").links()["visit, version 1"])
    assert "Day of the visit visited_on Date, required" in page.text
    assert page.text.count("What did you see?") >= 2


def test_a_changed_form_is_checked_then_deployed_as_a_new_version(browser: Open, case: Case) -> None:
    ana = browser("ana")
    page = uploaded(ana, visit__form=changed_form())
    assert page.heading == "Checked: ready to deploy"
    page = deployed(ana)
    assert "Deployed" in page.text
    assert "visit, version 2" in page.links()
    assert "Ask for more" in page.text


def test_deploying_what_is_there_already_changes_nothing(browser: Open, case: Case) -> None:
    ana = browser("ana")
    uploaded(ana, visit__form=(MODELS / "visit.form").read_bytes())
    assert "Nothing was changed" in deployed(ana).text


def test_findings_name_file_element_reason_and_remedy(browser: Open, case: Case) -> None:
    broken = (MODELS / "full_inspection.bpmn").read_bytes().replace(b'formId="visit"', b'formId="missing"')
    ana = browser("ana")
    page = uploaded(ana, full_inspection__bpmn=broken)
    assert page.heading == "Findings: not ready to deploy"
    for part in (
        "full_inspection.bpmn",
        "Task_Visit",
        "The form 'missing' is not among the files",
        "Add the form",
    ):
        assert part in page.text
    assert not [form for form in page.all("form") if form.get("action") == "/models/deploy"]


def test_hostile_files_are_findings_and_not_faults(browser: Open, case: Case) -> None:
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    ana = browser("ana")
    for name, content in (("a__bpmn", entity), ("b__dmn", b"\x00\xff"), ("c__form", b"[" * 10_000)):
        page = uploaded(ana, **{name: content})
        assert page.status == 200
        assert page.heading == "Findings: not ready to deploy", name


def test_files_of_other_kinds_are_refused_by_name(browser: Open, case: Case) -> None:
    page = uploaded(browser("ana"), program__exe=b"MZ")
    assert page.status == 422
    assert "program.exe is no model file" in page.errors()["files"]


def test_an_upload_that_was_tampered_with_is_refused(browser: Open, case: Case) -> None:
    ana = browser("ana")
    ana.get("/models/upload")
    assert ana.post("/models/deploy", {"name": "visit.form", "content": "not base64!"}).status == 400


def test_a_rule_says_where_it_is_carried_out(browser: Open, case: Case) -> None:
    page = browser("ivy").get("/guidance/SCH-FI-001")
    assert "Short inspection Visit the home Task for a person" in page.text
    assert "visit Day of the visit Question" in page.text
    assert "Evidence comes mainly from the children’s cases" in page.text
    assert "The guidance says it should be so" in page.text
    assert browser("ivy").get("/guidance/SCH-XX-999").status == 404


def test_the_register_lists_every_rule_of_a_part_with_where_it_lives(browser: Open, case: Case) -> None:
    page = browser("ivy").get("/guidance")
    assert "SCH-FI-001" in page.text
    assert "Rules of the guidance" in page.text
    assert browser("ivy").get("/guidance?part=nowhere").status == 404
