"""Turns an instance in memory into its live tokens and scopes, and back."""

from __future__ import annotations

from collections.abc import Mapping

from SpiffWorkflow.util.task import TaskState as S

from engine import feel
from engine.spiff.containers import INSIDE, OPEN, SubProcess
from engine.spiff.definition import Definition
from engine.spiff.elements import Element
from engine.spiff.host import Host
from engine.spiff.live import LIVE, RUN, LiveTask
from engine.spiff.state import State, Token, TokenState
from engine.spiff.workflows import Container, Instance

STATES: Mapping[int, TokenState] = {
    S.WAITING: TokenState.WAITING,
    S.READY: TokenState.READY,
    S.STARTED: TokenState.STARTED,
}
NUMBERS: Mapping[TokenState, int] = {state: number for number, state in STATES.items()}


def dump(instance: Instance) -> State:
    """Everything that must be kept until the next command."""
    return State(
        tokens={task.id: _token(task) for task in instance.tokens.values() if task._state & LIVE},
        scopes=instance.scopes.dump(),
        next_id=instance.next_id,
        completed=instance.completed,
    )


def _token(task: LiveTask) -> Token:
    container = task.workflow
    return Token(
        id=task.id,
        container=None if container.owner is None else container.owner.id,
        parent=None if task.host is None else task.host.id,
        element=task.task_spec.name,
        state=STATES[task._state],
        triggered=task.host is not None,
        data=dict(task.internal_data),
        definition=container.definition.key,
    )


def load(definition: Definition, host: Host, state: State) -> Instance:
    """The instance that ``dump`` was given; ``definition`` is that of the top process.

    :raises KeyError: a token stands on an element that the definition does not have.
    """
    instance = Instance(definition, host, state.next_id)
    instance.completed = state.completed
    instance.scopes.restore(state.scopes)
    places: dict[int | None, Container] = {None: instance}
    for token_id in sorted(state.tokens):
        token = state.tokens[token_id]
        task = _restore(places[token.container], token, instance)
        if isinstance(task.task_spec, SubProcess) and task.internal_data.get(INSIDE) == OPEN:
            places[token_id] = task.task_spec.reopen(task)
    return instance


def _restore(container: Container, token: Token, instance: Instance) -> LiveTask:
    spec: Element = container.spec.task_specs[token.element]
    host = None if token.parent is None else instance.tokens[token.parent]
    task = container.new_task(spec, NUMBERS[token.state], host=host, token_id=token.id)
    task.internal_data.update(token.data)
    task.stage = RUN
    result = token.data.get("result")
    if result is not None:
        task.result = feel.from_json(result)
    if task.state == S.WAITING:
        instance.expect(task)
    return task
