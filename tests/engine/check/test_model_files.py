"""What `sccif check` and a deployment say of files that are wrong: where, why and how to mend it."""

from pathlib import Path

import pytest

from engine import check
from engine.check import Severity

MODELS = Path(__file__).parents[1] / "models"
Files = dict[str, bytes]


@pytest.fixture
def files() -> Files:
    """Model files without a fault."""
    return check.read_folder(MODELS)


def _changed(files: Files, name: str, before: str, after: str) -> Files:
    assert before.encode() in files[name], "the fault must be planted"
    return files | {name: files[name].replace(before.encode(), after.encode())}


def _only(findings: list[check.Finding]) -> check.Finding:
    (finding,) = findings
    return finding


def test_files_without_a_fault_have_no_finding(files: Files) -> None:
    assert [each.reason for each in check.check(files)] == ["Nothing is drawn."]


@pytest.mark.parametrize(
    ("name", "before", "after", "element", "reason"),
    [
        ("skeleton.bpmn", 'formId="visit"', 'formId="vist"', "Task_Visit", "The form 'vist' is not among"),
        (
            "skeleton.bpmn",
            'decisionId="limit_for_setting"',
            'decisionId="limit"',
            "Rule_Limit",
            "The decision 'limit' is not among",
        ),
        (
            "skeleton.bpmn",
            'formId="visit" bindingType="deployment"',
            'formId="visit"',
            "Task_Visit",
            "It does not say which version of the form 'visit'",
        ),
        (
            "skeleton.bpmn",
            'key="template" value="report"',
            'key="template" value="repot"',
            "Send_Report",
            "The letter 'repot' is not among",
        ),
        (
            "skeleton.bpmn",
            'name="deadline.report.unit" value="working days"',
            'name="deadline.report.unit" value="workdays"',
            "skeleton",
            "unit 'workdays' is unknown",
        ),
        (
            "skeleton.bpmn",
            'name="deadline.report.owner" value="manager"',
            'name="deadline.report.owner" value="boss"',
            "skeleton",
            "owned by the unknown role 'boss'",
        ),
        (
            "skeleton.bpmn",
            'name="deadline.report.owner"',
            'name="deadline.report.right" value="yes"/><zeebe:property name="deadline.report.owner"',
            "skeleton",
            "right 'yes' is unknown",
        ),
        (
            "skeleton.bpmn",
            'name="deadline.report.owner" value="manager"',
            'name="deadline.report.owner" value="manager" />'
            '<zeebe:property name="deadline.report.metBy" value="fact:visit"',
            "skeleton",
            "is met by 'fact:visit', which nothing is called",
        ),
        ("skeleton.bpmn", 'name="Lead"', 'name="Leader"', "Task_Visit", "lane 'Leader' means no role"),
        ("limit.dmn", 'not("secure children\'s home")', '"children\'s home"', "limit_for_setting", "No row"),
        (
            "skeleton.bpmn",
            'value="visited_on"',
            'value="visitd_on"',
            "skeleton",
            "Nothing sets the variable 'visitd_on'",
        ),
        (
            "skeleton.bpmn",
            '<zeebe:formDefinition formId="visit"',
            '<zeebe:priorityDefinition priority="high" /><zeebe:formDefinition formId="visit"',
            "Task_Visit",
            "The priority “high” is no whole number from 0 to 100",
        ),
        (
            "skeleton.bpmn",
            '<zeebe:formDefinition formId="visit"',
            '<zeebe:priorityDefinition priority="101" /><zeebe:formDefinition formId="visit"',
            "Task_Visit",
            "The priority “101” is no whole number",
        ),
        (
            "skeleton.bpmn",
            '<zeebe:formDefinition formId="visit"',
            '<zeebe:taskSchedule dueDate="soon" /><zeebe:formDefinition formId="visit"',
            "Task_Visit",
            "The due date: “soon” is no ISO 8601 date or date and time",
        ),
        (
            "skeleton.bpmn",
            '<zeebe:formDefinition formId="visit"',
            '<zeebe:taskSchedule dueDate="0001-01-01T00:00:00+14:00" /><zeebe:formDefinition formId="visit"',
            "Task_Visit",
            "The due date: The time is outside the calendar.",
        ),
        (
            "skeleton.bpmn",
            '<zeebe:formDefinition formId="visit"',
            '<zeebe:taskSchedule followUpDate="24.12." /><zeebe:formDefinition formId="visit"',
            "Task_Visit",
            "The follow-up date: “24.12.” is no ISO 8601 date or date and time",
        ),
        (
            "skeleton.bpmn",
            '<zeebe:taskDefinition type="email" retries="2" />',
            '<zeebe:taskDefinition type="email" retries="often" />',
            "Send_Report",
            "The number of retries “often” is no whole number from 1 to 99",
        ),
        (
            "skeleton.bpmn",
            '<zeebe:header key="template"',
            '<zeebe:header key="retryBackoff" value="a bit" /><zeebe:header key="template"',
            "Send_Report",
            "The header retryBackoff: “a bit” is no ISO 8601 duration",
        ),
        (
            "skeleton.bpmn",
            'type="email" retries="2" />\n        <zeebe:taskHeaders>',
            'type="publish-message" /><zeebe:taskHeaders><zeebe:header key="timeToLive" value="soon" />',
            "Send_Report",
            "The header timeToLive: “soon” is no ISO 8601 duration",
        ),
        ("visit.form", '"type": "textarea"', '"type": "html"', "notes", "html"),
        ("groups.yaml", "relation: team", "relation: tribe", "", "relation must be one of"),
    ],
)
def test_a_fault_is_told_with_its_place_and_reason(
    files: Files, name: str, before: str, after: str, element: str, reason: str
) -> None:
    findings = [each for each in check.check(_changed(files, name, before, after)) if each.file == name]
    told = [each for each in findings if each.element == element and reason in each.reason]
    assert told, [str(each) for each in findings]
    assert all(each.remedy for each in told)


def test_two_rows_that_hold_together_refuse_a_unique_table(files: Files) -> None:
    overlapping = _changed(files, "limit.dmn", 'not("secure children\'s home")', "-")
    finding = _only([each for each in check.check(overlapping) if each.severity is Severity.ERROR])
    assert (finding.file, finding.element) == ("limit.dmn", "limit_for_setting")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml at all",
        b'<!DOCTYPE a [<!ENTITY x "y">]><definitions>&x;</definitions>',
        b"<bpmn:definitions",
        b"\xff\xfe\x00",
    ],
)
@pytest.mark.parametrize("name", ["a.bpmn", "b.dmn", "c.form"])
def test_a_malformed_file_is_one_finding_and_never_an_exception(
    files: Files, name: str, content: bytes
) -> None:
    findings = [each for each in check.check(files | {name: content}) if each.file == name]
    assert findings
    assert all(each.severity is Severity.ERROR and each.remedy for each in findings)


def test_a_file_that_is_no_model_is_told(files: Files) -> None:
    finding = _only(check.check(files | {"program.py": b"print()"}))
    assert (finding.file, finding.remedy) == ("program.py", "Leave it out.")


def test_a_huge_file_is_refused_unread(files: Files) -> None:
    finding = _only(check.check(files | {"big.dmn": b" " * (5 * 2**20 + 1)}))
    assert "larger than 5 MiB" in finding.reason


def test_a_completion_condition_may_count_instances(files: Files) -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics>"
        '<bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=[1]" />'
        "</bpmn:extensionElements>"
        "<bpmn:completionCondition>=numberOfCompletedInstances = 1</bpmn:completionCondition>"
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    )
    repeated = _changed(files, "skeleton.bpmn", "</bpmn:userTask>", loop)
    assert [each.reason for each in check.check(repeated)] == ["Nothing is drawn."]
