"""Every row of every table decides some example; the example says what."""

import pkgutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from engine import dmn, feel
from tests.processes import examples
from tests.processes.examples import CH, Example, Inputs, inspections

DECISIONS = Path(__file__).parents[2] / "bpmn" / "decisions"
EXAMPLES: list[Example] = [
    example
    for each in pkgutil.iter_modules(examples.__path__)
    for example in import_module(f"{examples.__name__}.{each.name}").EXAMPLES
]


@pytest.fixture(scope="module")
def tables() -> dict[str, dmn.Model]:
    return {path.stem: dmn.load(path) for path in DECISIONS.glob("*.dmn")}


@pytest.mark.parametrize(("file", "decision", "inputs", "expected"), EXAMPLES)
def test_the_table_decides_as_the_guidance_says(
    tables: dict[str, dmn.Model], file: str, decision: str, inputs: Inputs, expected: feel.Value
) -> None:
    explained = tables[file].explain(decision, inputs)

    assert explained.errors == ()
    value = explained.value
    if isinstance(value, dict) and isinstance(expected, list):
        value = list(value.values())[: len(expected)]
    assert value == expected


def test_every_row_of_every_table_is_reached(
    tables: dict[str, dmn.Model], record_property: Callable[[str, object], None]
) -> None:
    reached: set[str] = set()
    for file, decision, inputs, _ in EXAMPLES:
        waiting = [tables[file].explain(decision, inputs)]
        for explained in waiting:
            reached |= {match.rule_id for match in explained.matched}
            waiting.extend(explained.required)

    written = {
        row.id
        for model in tables.values()
        for decided in model.decisions.values()
        if decided.table is not None
        for row in decided.table.rules
    }
    record_property("coverage", f"{len(written & reached)} of {len(written)} rows of decision tables reached")
    assert written - reached == set()


@pytest.mark.parametrize("file", sorted(path.stem for path in DECISIONS.glob("*.dmn")))
def test_no_table_has_a_gap_or_an_overlap(tables: dict[str, dmn.Model], file: str) -> None:
    assert dmn.prove(tables[file]) == []


def test_a_setting_whose_limits_are_not_drawn_yet_is_refused_and_not_let_through(
    tables: dict[str, dmn.Model],
) -> None:
    _, _, inputs, _ = inspections.leadership(0, 0)

    assert tables["limits"].explain("leadership_limits", inputs | {"setting": CH}).errors
