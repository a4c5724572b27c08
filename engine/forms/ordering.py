"""The order in which a form's components can be settled: after the answers their conditions ask about."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from engine import feel
from engine.forms.findings import Finding
from engine.forms.model import Component, Condition, Field, Group, Rows, Step, Table, Text


def ordered(components: tuple[Component, ...], findings: list[Finding]) -> tuple[Step, ...]:
    """Every component (those in groups too; rows whole) after those it depends on.

    Conditions that wait for each other's answers become a finding.
    """
    steps = list(_steps(components, ()))
    owners = {
        one.component.key: index for index, one in enumerate(steps) if isinstance(one.component, Field | Rows)
    }
    needs = {
        index: {owners[name] for name in _names(step) if name in owners} for index, step in enumerate(steps)
    }
    try:
        return tuple(steps[index] for index in TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = [steps[index].component for index in error.args[1]]
        findings.append(
            Finding(
                component_id=circle[0].id,
                key=getattr(circle[0], "key", ""),
                message=f"its condition waits for itself: {' ← '.join(one.id for one in circle)}",
                remedy="Let each condition ask only about questions that do not depend on it",
            )
        )
        return ()


def asked_about(order: tuple[Step, ...]) -> frozenset[str]:
    """Every name some component of the form asks about, rows' own questions included."""
    names: set[str] = set()
    for step in order:
        names |= _names(step)
        if isinstance(step.component, Rows):
            names |= {name for inner in step.component.order for name in _names(inner)}
    return frozenset(names)


def misplaced(order: tuple[Step, ...]) -> Iterator[Finding]:
    """Components outside a list of rows that ask about an answer given once a row."""
    inner = {
        field.key: step.component.key
        for step in order
        if isinstance(step.component, Rows)
        for field in step.component.fields
    }
    for step in order:
        for name in sorted(_names(step) & inner.keys()):
            yield Finding(
                component_id=step.component.id,
                key=getattr(step.component, "key", ""),
                message=f"it asks about “{name}”, which has an answer for each row of “{inner[name]}”",
                remedy=f"Ask about the list, for example some row in {inner[name]} satisfies row.{name}",
            )


def _steps(components: tuple[Component, ...], held_by: tuple[Condition, ...]) -> Iterator[Step]:
    for component in components:
        conditions = (*held_by, component.condition) if component.condition else held_by
        yield Step(component, conditions)
        if isinstance(component, Group):
            yield from _steps(component.components, conditions)


def _names(step: Step) -> set[str]:
    """The names a component's conditions, options, limits, words and refusal ask about."""
    names = {name for condition in step.conditions for name in condition.hide.names}
    for expression in expressions(step.component):
        names |= expression.names
    if isinstance(step.component, Rows):
        names |= {name for inner in step.component.order for name in _names(inner)}
        names -= {field.key for field in step.component.fields}
    if isinstance(step.component, Field | Rows) and step.component.refuse is not None:
        names |= step.component.refuse.names - {step.component.key}  # it may ask about its own answer
    return names


def expressions(component: Component) -> Iterator[feel.Expression]:
    """The expressions of a component besides its conditions and its refusal."""
    match component:
        case Field(options_from=options, limits=limits):
            yield from (one for one in (options, limits.earliest, limits.latest) if one is not None)
        case Text(parts=parts):
            yield from (part for part in parts if not isinstance(part, str))
        case Table(source=source):
            yield source
