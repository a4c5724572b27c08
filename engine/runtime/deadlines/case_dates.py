"""The dates of a case that can be corrected: variables, dates in lists, the days elements began or ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from engine import feel
from engine.deadlines import StartKind, as_date
from engine.runtime.deadline_rows import is_open
from engine.runtime.step import Step
from engine.runtime.store import Row

_SAID = {StartKind.STARTED: "begun", StartKind.COMPLETED: "completed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableDate:
    """A variable of the case."""

    id: str
    words: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDate:
    """A date in a list of contexts, such as that of a notice; `place` counts from 0."""

    id: str
    words: str
    day: date
    variable: str
    place: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartDate:
    """The day on which `element` began or was completed, from which open deadlines count."""

    id: str
    words: str
    day: date
    element: str
    deadlines: tuple[tuple[int, str], ...]  # scope and key


CaseDate: TypeAlias = VariableDate | ListedDate | StartDate
"""`id` tells dates of a case apart, `words` name one to people."""


def dates_of(step: Step) -> tuple[CaseDate, ...]:
    """Every date that can be corrected; those in lists only where a deadline counts from the list."""
    root = step.execution.state().scopes.get(0)  # gone once the case has ended
    if root is None:
        return ()
    held = sorted(root.variables.items())
    plain = [
        VariableDate(id=name, words=name.replace("_", " "), day=value.to_python())
        for name, value in held
        if isinstance(value, feel.Date)
    ]
    counted = frozenset[str]().union(*(policy.start.names for policy in step.host.policies()))
    listed = [each for name, value in held if name in counted for each in _listed(name, value)]
    return (*plain, *listed, *_starts(step))


def put(step: Step, known: CaseDate, to: date) -> None:
    """Set a date in memory, with the copies of it that called processes and loops were handed."""
    match known:
        case VariableDate(id=name, day=was):
            scopes = step.execution.state().scopes.values()
            holding = [each.id for each in scopes if as_date(each.variables.get(name)) == was]
            step.correct({each: {name: feel.Date.of(to)} for each in holding})
        case ListedDate():
            step.correct(dict(_with(step, known, to)))
        case StartDate(deadlines=counting):
            for scope_id, key in counting:
                step.book.restart(scope_id, key, to)


def _listed(name: str, value: feel.Value) -> Iterator[ListedDate]:
    for place, item in enumerate(value if isinstance(value, list) else ()):
        for key, day in item.items() if isinstance(item, dict) else ():
            if isinstance(day, feel.Date):
                called = item.get("reference") or item.get("name") or place + 1
                yield ListedDate(
                    id=f"{name}[{place + 1}].{key}",
                    words=f"{name.replace('_', ' ')} {called}: {key.replace('_', ' ')}",
                    day=day.to_python(),
                    variable=name,
                    place=place,
                    key=key,
                )


def _with(step: Step, known: ListedDate, to: date) -> Iterator[tuple[int, dict[str, feel.Value]]]:
    """By scope: the list with the new date, and the item where a loop holds a copy of it."""
    held = step.execution.variables(0)[known.variable]
    assert isinstance(held, list)
    was = held[known.place]
    assert isinstance(was, dict)
    now: dict[str, feel.Value] = {**was, known.key: feel.Date.of(to)}
    changed = [now if place == known.place else item for place, item in enumerate(held)]
    for scope in step.execution.state().scopes.values():
        copies: dict[str, feel.Value] = {
            name: changed if value == held else now
            for name, value in scope.variables.items()
            if (name == known.variable and value == held) or (scope.id != 0 and value == was)
        }
        if copies:
            yield scope.id, copies


def _starts(step: Step) -> Iterator[StartDate]:
    policies = {(policy.element, policy.key): policy for policy in step.host.policies()}
    rows: dict[tuple[StartKind, str, date], list[Row]] = {}
    for row in step.book.rows():
        policy = policies.get((row["element"], row["key"]))
        if policy is not None and policy.start.kind in _SAID and is_open(row) and row["start_on"] is not None:
            rows.setdefault((policy.start.kind, policy.start.name, row["start_on"]), []).append(row)
    for (kind, element, day), counting in sorted(rows.items()):
        yield StartDate(
            id=f"{kind}:{element}@{day}",
            words=f"{step.host.name_of(element)}: {_SAID[kind]}",
            day=day,
            element=element,
            deadlines=tuple((row["scope_id"], row["key"]) for row in counting),
        )
