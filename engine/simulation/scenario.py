"""Scenarios: written-down ways through a process, by working day, that people and tests can replay."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from engine import feel
from engine.clock import LONDON
from engine.simulation.driver import Driver
from engine.starting import SETTINGS
from engine.workdays import Calendar

OPENING = time(9)
"""When the first task of a day is done; the others follow a quarter of an hour apart."""
PAUSE = timedelta(minutes=15)
USUAL_SETTING = "secure children's home"
"""What a scenario means that names no setting."""


class ScenarioError(ValueError):
    """A scenario cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A task done on a working day (0 is the first) with answers; values that begin with "=" are FEEL."""

    day: int
    element: str
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A way through a process, for a service of `setting`."""

    name: str
    process: str
    setting: str
    variables: Mapping[str, Any]
    steps: tuple[Step, ...]

    def moments(self, first_day: date, calendar: Calendar) -> Iterator[tuple[datetime, Step]]:
        """When each step is taken if the case starts on `first_day`, a working day."""
        at = datetime.combine(first_day, OPENING, LONDON)
        for step in self.steps:
            day = calendar.add(first_day, step.day) if step.day else first_day
            at = max(at + PAUSE, datetime.combine(day, OPENING, LONDON))
            yield at, step


def perform(driver: Driver, case: int, step: Step) -> None:
    """Take one step of a case. Raises `NotOpenError`, `FormRefusedError`, `ScenarioError`."""
    answers = {name: value_of(value, driver.environment) for name, value in step.answers.items()}
    driver.do(case, step.element, **answers)


def read(path: Path) -> Scenario:
    """Read a scenario file. Raises `ScenarioError` naming the step that is wrong."""
    try:
        found = yaml.safe_load(path.read_bytes())
    except yaml.YAMLError as error:
        raise ScenarioError(f"{path.name} is not YAML: {error}") from error
    if not isinstance(found, dict) or not {"name", "process", "steps"} <= found.keys():
        raise ScenarioError(f"{path.name}: a scenario needs 'name', 'process' and 'steps'.")
    return Scenario(
        name=str(found["name"]),
        process=str(found["process"]),
        setting=_setting(path.name, found.get("setting", USUAL_SETTING)),
        variables=found.get("variables", {}),
        steps=tuple(_step(path.name, number, each) for number, each in enumerate(found["steps"], start=1)),
    )


def _setting(file: str, found: object) -> str:
    if found not in SETTINGS:
        raise ScenarioError(f"{file}: there is no setting '{found}'. Use one of: {', '.join(SETTINGS)}.")
    return str(found)


def _step(file: str, number: int, found: object) -> Step:
    match found:
        case {"day": int(day), "do": str(element), **rest}:
            answers = rest.get("answers") or {}
            if isinstance(answers, dict) and rest.keys() <= {"answers"}:
                return Step(day=day, element=element, answers=answers)
        case _:
            pass
    raise ScenarioError(f"{file}: step {number} needs 'day', 'do' and, if any, 'answers'.")


def value_of(written: Any, environment: feel.Environment) -> feel.Value:
    """A value as a scenario writes it. Raises `ScenarioError` when its FEEL gives none."""
    match written:
        case str() if written.startswith("="):
            result = feel.compile(written[1:].strip()).evaluate({}, environment)
            if result.value is None:
                raise ScenarioError(f"'{written}' has no value.")
            return result.value
        case bool() | str() | None:
            return written
        case int() | float():
            return Decimal(str(written))
        case date():
            return feel.Date.of(written)
        case list():
            return [value_of(item, environment) for item in written]
        case dict():
            return {name: value_of(item, environment) for name, item in written.items()}
        case _:
            raise ScenarioError(f"'{written}' is no value a form can have.")
