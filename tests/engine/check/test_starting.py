"""What a process says of its start is held against what pages can give, and against the roles there are."""

from pathlib import Path

import pytest

from engine import check

MODELS = Path(__file__).parents[2] / "web" / "starting" / "models"
OFFICE = Path(__file__).parents[2] / "web" / "models"


@pytest.mark.parametrize(
    ("file", "before", "after", "reason"),
    [
        ("secret.bpmn", 'value="case"', 'value="cases"', "startFrom says 'cases'"),
        ("agency_note.bpmn", 'value="adoption support agency"', 'value="agency"', "settings says 'agency'"),
        ("secret.bpmn", 'value="rim"', 'value="rims"', "confidentialTo says 'rims'"),
        ("secret.bpmn", 'value="true"', 'value="yes"', "confidential says 'yes'"),
        ("secret.bpmn", 'value="true"', 'value="false"', "the process is not confidential"),
        ("secret.bpmn", 'value="about, recorded_by"', 'value="whom"', "nobody gives the variable 'whom'"),
        ("short_visit.bpmn", 'value="planning"', 'value="case"', "no form is asked before it starts"),
        ("short_visit.bpmn", ", why", ", when", "nobody gives the variable 'when'"),
    ],
)
def test_a_wrong_word_is_found_with_what_to_write(file: str, before: str, after: str, reason: str) -> None:
    files = check.read_folder(OFFICE) | check.read_folder(MODELS)
    assert {each.reason for each in check.check(files)} == {"Nothing is drawn."}
    wrong = files | {file: files[file].replace(before.encode(), after.encode())}
    assert any(reason in finding.reason for finding in check.check(wrong) if finding.file == file)


def test_people_start_only_what_has_a_plain_start_event() -> None:
    files = check.read_folder(OFFICE) | check.read_folder(MODELS)
    start = b'<bpmn:startEvent id="Start" name="Begun">'
    event = b'<bpmn:messageEventDefinition id="Event" messageRef="Message_1" /></bpmn:startEvent>'
    drawn = files["secret.bpmn"].replace(b"</bpmn:startEvent>", event)
    drawn = drawn.replace(
        b"  <bpmn:process ", b'  <bpmn:message id="Message_1" name="Go" />\n  <bpmn:process ', 1
    )
    assert start in drawn
    found = check.check(files | {"secret.bpmn": drawn})
    assert any("no plain start event" in finding.reason for finding in found)
