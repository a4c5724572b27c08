"""The sccif command: what it prints and how it exits."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from web.cli import main

MODELS = Path(__file__).parents[1] / "engine" / "models"
BPMN = Path(__file__).parents[2] / "bpmn"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_every_command_explains_itself() -> None:
    for name in main.commands:
        assert run(name, "--help").exit_code == 0


def test_checking_sound_models_exits_with_0() -> None:
    result = run("check", str(BPMN))
    assert (result.exit_code, result.output) == (0, "0 errors, 0 warnings\n")


def test_checking_faulty_models_exits_with_1_and_names_file_element_reason_and_remedy(tmp_path: Path) -> None:
    for source in (file for file in MODELS.rglob("*") if file.is_file()):
        target = tmp_path / source.relative_to(MODELS)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(source.read_bytes().replace(b'formId="visit"', b'formId="vist"'))
    result = run("check", str(tmp_path), "--json")
    finding, *others = [each for each in json.loads(result.output) if each["severity"] == "error"]
    assert (result.exit_code, others) == (1, [])
    assert (finding["file"], finding["element"]) == ("skeleton.bpmn", "Task_Visit")
    assert finding["reason"]
    assert finding["remedy"]


def test_a_decision_is_made_with_its_row_and_guidance() -> None:
    inputs = json.dumps({"setting": "secure children's home"})
    result = run("decide", str(MODELS / "limit.dmn"), "limit_for_setting", "--inputs", inputs, "--json")
    told = json.loads(result.output)
    assert (result.exit_code, told["value"]) == (0, 18)
    assert told["matched"][0]["annotations"] == {"Guidance": "SCH-XC-176"}


def test_a_decision_without_an_answer_exits_with_1_and_says_why() -> None:
    inputs = json.dumps({"setting": "castle"})
    result = run("decide", str(MODELS / "limit.dmn"), "limit_for_setting", "--inputs", inputs)
    assert result.exit_code == 1
    assert "castle" in result.output


@pytest.mark.parametrize(
    ("day", "amount", "end"),
    [
        ("2024-06-06", "18", "2024-07-02"),
        ("2024-06-06", "30", "2024-07-18"),
        ("2026-12-31", "-18", "2026-12-03"),
    ],
)
def test_working_days_are_counted_both_ways(day: str, amount: str, end: str) -> None:
    result = run("workdays", day, amount, "--json")
    assert (result.exit_code, json.loads(result.output)["end"]) == (0, end)


def test_the_fewest_visits_are_a_proposal_beside_one_a_date() -> None:
    result = run("workdays", "--visits", "2026-12-24", "--visits", "2026-12-29", "--json")
    plans = json.loads(result.output)
    assert [len(plans[name]) for name in ("one visit a date", "fewest visits")] == [2, 1]


@pytest.mark.parametrize(
    "arguments",
    [("workdays",), ("workdays", "soon", "3"), ("check", "nowhere"), ("decide",), ("no-such-command",)],
)
def test_a_wrong_call_exits_with_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_the_guidance_command_lists_every_rule_with_its_fate() -> None:
    result = run("guidance", str(BPMN), "--json")
    told = json.loads(result.output)
    assert (result.exit_code, told["findings"]) == (0, [])
    assert all(rule["fate"] for rule in told["rules"])
