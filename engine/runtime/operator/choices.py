"""What an operator can choose from: tokens, steps to begin again at, variables, people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine import dialect, feel
from engine.groups import Relation
from engine.runtime.library import Library
from engine.runtime.operator.people import groups_of
from engine.runtime.operator.rights import Command, allowed
from engine.runtime.step import Step
from engine.runtime.user_tasks import Actor

ACTIVITIES = frozenset(
    {
        "userTask", "manualTask", "task", "serviceTask", "sendTask", "receiveTask", "scriptTask",
        "businessRuleTask", "callActivity", "subProcess",
    }
)  # fmt: skip
"""Kinds of elements that a case is taken back to: where something is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movable:
    """A token that stands for itself, in a process (by name), and the elements it can be put on."""

    token_id: int
    element: dialect.Element
    process: str
    targets: tuple[dialect.Element, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The variables of a scope; `element` is what opened it, None for the case itself."""

    scope_id: int
    element: dialect.Element | None
    variables: Mapping[str, feel.Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A role that the case names one person for (by user id)."""

    role: str
    name: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What there is to choose from in a case as it stands, and which commands the asker may give."""

    allowed: frozenset[Command]
    movable: tuple[Movable, ...]
    beginnings: tuple[dialect.Element, ...]
    held: tuple[Held, ...]
    named: tuple[Named, ...]
    length: int
    """Of the case's history: tells whether the case went on since."""


def choices(
    connection: Connection, library: Library, *, instance_id: int, by: Actor, at: datetime
) -> Choices:
    """What `by` can choose from in a case. Raises `NotFoundError`."""
    step = Step.look(connection, library, instance_id, at=at)
    return Choices(
        allowed=allowed(step, by),
        movable=tuple(_movable(step)),
        beginnings=tuple(_beginnings(step)),
        held=tuple(_held(step)),
        named=tuple(_named(step)),
        length=step.case.history_length,
    )


def _movable(step: Step) -> Iterator[Movable]:
    for token in step.execution.state().tokens.values():
        targets = step.execution.move_targets(token.id)
        if not targets:
            continue
        model = step.host.process(token.definition).model
        yield Movable(
            token_id=token.id,
            element=model.elements[token.element],
            process=model.name,
            targets=tuple(model.elements[each] for each in targets),
        )


def _beginnings(step: Step) -> Iterator[dialect.Element]:
    for each in step.execution.restart_targets():
        element = step.process.model.elements[each]
        if element.kind in ACTIVITIES:
            yield element


def _held(step: Step) -> Iterator[Held]:
    state = step.execution.state()
    for scope in state.scopes.values():
        token = state.tokens.get(scope.id)
        element = None
        if token is not None:
            element = step.host.process(token.definition).model.elements[token.element.partition("[")[0]]
        if scope.variables:
            yield Held(scope_id=scope.id, element=element, variables=scope.variables)


def _named(step: Step) -> Iterator[Named]:
    variables = step.execution.variables(0)
    for group in groups_of(step):
        person = variables.get(group.variable or "")
        if group.relation is Relation.VARIABLE and isinstance(person, str):
            yield Named(role=group.id, name=group.name, person=person)
