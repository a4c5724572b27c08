"""What two versions of a file differ in: meaning, never layout or the way it was written down."""

import json
from pathlib import Path

import pytest
from lxml import etree

from engine.check import ChangeKind, FileKind, IncomparableError, compare

MODELS = Path(__file__).parents[2] / "web" / "models"
DRAWN = Path(__file__).parents[3] / "bpmn" / "publish_report" / "publish_report.bpmn"
DIAGRAM = (MODELS / "full_inspection.bpmn").read_bytes()
TABLE = (MODELS / "size.dmn").read_bytes()
FORM = (MODELS / "visit.form").read_bytes()

ADDED, REMOVED = ChangeKind.ADDED, ChangeKind.REMOVED
CHANGED, MOVED = ChangeKind.CHANGED, ChangeKind.MOVED


def differences(kind: FileKind, before: bytes, after: bytes) -> dict[str, ChangeKind]:
    return {each.id: each.what for each in compare(kind, before, after)}


def test_a_file_written_in_another_way_is_the_same() -> None:
    root = etree.fromstring(DIAGRAM)
    for node in root.iter():
        node.tail = None
    assert compare(FileKind.BPMN, DIAGRAM, etree.tostring(root, method="c14n")) == ()


def test_a_shape_that_was_dragged_is_the_same() -> None:
    drawn = DRAWN.read_bytes()
    moved = drawn.replace(b'x="', b'x="1')
    assert moved != drawn
    assert compare(FileKind.BPMN, drawn, moved) == ()


def test_a_renamed_task_and_another_form_are_changes_of_that_task() -> None:
    for before, after in ((b'name="Visit the home"', b'name="See the home"'), (b'"visit"', b'"agree"')):
        assert differences(FileKind.BPMN, DIAGRAM, DIAGRAM.replace(before, after)) == {"Task_Visit": CHANGED}


def test_an_arrow_is_called_by_what_it_joins() -> None:
    arrow = b'<bpmn:sequenceFlow id="New" sourceRef="Task_Visit" targetRef="Task_Agree" /></bpmn:process>'
    with_arrow = DIAGRAM.replace(b"</bpmn:process>", arrow)
    found = compare(FileKind.BPMN, DIAGRAM, with_arrow)
    assert [(each.what, each.kind) for each in found] == [(ADDED, "sequenceFlow")]
    assert found[0].name.startswith("Visit the home to ")


def test_a_rule_is_called_by_its_row() -> None:
    found = compare(FileKind.DMN, TABLE, TABLE.replace(b"&gt;= 10", b"&gt;= 11"))
    assert [(each.what, each.name) for each in found] == [(CHANGED, "row 2")]


def test_rows_and_questions_in_another_order_have_moved() -> None:
    root = etree.fromstring(TABLE)
    table = root.find(".//{*}decisionTable")
    first = table.find("{*}rule")
    table.append(first)
    assert differences(FileKind.DMN, TABLE, etree.tostring(root)) in (
        {"Rule_small": MOVED},
        {"Rule_large": MOVED},
    )
    document = json.loads(FORM)
    document["components"].append(document["components"].pop(0))
    assert set(differences(FileKind.FORM, FORM, json.dumps(document).encode()).values()) == {MOVED}


def test_questions_come_go_and_change() -> None:
    document = json.loads(FORM)
    gone = document["components"].pop(0)
    document["components"][0]["label"] = "Something else"
    document["components"].append({"type": "textfield", "id": "Field_new", "key": "new", "label": "New"})
    found = differences(FileKind.FORM, FORM, json.dumps(document).encode())
    assert found == {document["components"][0]["id"]: CHANGED, "Field_new": ADDED, gone["id"]: REMOVED}


def test_where_the_form_editor_put_a_question_is_no_change() -> None:
    document = json.loads(FORM)
    for each in document["components"]:
        each["layout"] = {"row": "Row_1", "columns": None}
    assert compare(FileKind.FORM, FORM, json.dumps(document).encode()) == ()


@pytest.mark.parametrize(
    ("kind", "content"),
    [(FileKind.BPMN, b"<x/>"), (FileKind.DMN, b"no"), (FileKind.FORM, b"[1]"), (FileKind.FORM, b"[" * 9999)],
)
def test_what_cannot_be_read_is_said_to_be_incomparable(kind: FileKind, content: bytes) -> None:
    with pytest.raises(IncomparableError):
        compare(kind, content, content)
