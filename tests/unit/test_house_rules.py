"""Rules of the house that a machine can hold: one clock, small modules, reasons for what we depend on."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("engine/**/*.py"), *ROOT.glob("web/**/*.py")])
CODE = [path for path in SOURCES if "node_modules" not in path.parts and "migrations" not in path.parts]
CLOCK = ROOT / "engine" / "clock.py"
READS_THE_CLOCK = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}
LONGEST_MODULE = 350


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _calls(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            owner_name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            yield owner_name, node.func.attr


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_the_clock_is_read_in_one_module_only(path: Path) -> None:
    assert path == CLOCK or not READS_THE_CLOCK & set(_calls(path))


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_a_module_is_small_and_opens_with_a_sentence(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_MODULE
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_no_code_of_a_model_can_run(path: Path) -> None:
    called = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"eval", "exec", "__import__"}


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    listed = re.findall(r'^ {4}"[A-Za-z].*$', text[: text.index("[tool.hatch")], re.MULTILINE)
    explained = [line for line in listed if "#" in line]
    # A long requirement has its reason on the line above.
    above = re.findall(r'^ {4}# .*\n {4}"[A-Za-z]', text, re.MULTILINE)
    assert listed
    assert len(explained) + len(above) == len(listed)


def test_every_decision_record_has_a_status() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("0*.md"))
    assert records
    assert all(re.search(r"^Status: \w+", path.read_text(), re.MULTILINE) for path in records)
