"""Moves an instance to another version of its process: tokens by name, due dates and counts kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from SpiffWorkflow.util.task import TaskState as S

from engine.spiff import storing
from engine.spiff.building import EACH, START
from engine.spiff.containers import CallActivity, SubProcess
from engine.spiff.definition import Definition
from engine.spiff.elements import Element
from engine.spiff.events import Attached
from engine.spiff.host import Host
from engine.spiff.process_spec import ProcessSpec
from engine.spiff.state import State, Token
from engine.spiff.workflows import Container, Instance


class MigrationError(Exception):
    """Tokens stand where the new version has no fitting element; ``problems`` names each with a reason."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{element}: {reason}" for element, reason in problems.items()))
        self.problems = problems


def migrate(definition: Definition, host: Host, state: State, rename: Mapping[str, str]) -> Instance:
    """The instance on ``definition``; ``rename`` maps old element ids to new ones.

    Timers keep their due times. Waiting boundary events that are gone are dropped, new ones begin to
    wait. Processes called by the instance stay on their own versions.

    :raises MigrationError: a token's element is missing or of another kind in the new version.
    """
    tokens = dict(_moved(definition, host, state, rename))
    instance = storing.load(definition, host, replace(state, tokens=tokens))
    for container in (instance, *instance.subprocesses.values()):
        if container.definition is definition:
            _arm_new(container)
    return instance


def _moved(
    definition: Definition, host: Host, state: State, rename: Mapping[str, str]
) -> Iterator[tuple[int, Token]]:
    problems: dict[str, str] = {}
    places: dict[int | None, tuple[ProcessSpec, ProcessSpec]] = {}
    for token_id in sorted(state.tokens):
        token = state.tokens[token_id]
        if token.container is None and None not in places:
            places[None] = (host.definition(token.definition).top, definition.top)
        if token.container not in places:  # inside a called process
            yield token_id, token
            continue
        old_place, new_place = places[token.container]
        old = old_place.task_specs[token.element]
        new = new_place.task_specs.get(_renamed(token.element, rename))
        if new is None and isinstance(old, Attached) and token.state == "waiting":
            continue
        if new is None or type(new) is not type(old):
            problems[old.bpmn_id] = _problem(old, new)
            continue
        if isinstance(new, SubProcess) and isinstance(old, SubProcess) and not isinstance(new, CallActivity):
            places[token_id] = (old.inner, new.inner)
        yield token_id, replace(token, element=new.name, data=_renamed_data(token, rename))
    if problems:
        raise MigrationError(problems)


def _problem(old: Element, new: Element | None) -> str:
    if new is None:
        return "it has a token and is not in the new version; say what it is called there"
    return f"it is a {type(old).__name__} with a token and a {type(new).__name__} in the new version"


def _renamed(name: str, rename: Mapping[str, str]) -> str:
    for suffix in (EACH, START):
        if name.endswith(suffix):
            plain = name.removesuffix(suffix)
            return rename.get(plain, plain) + suffix
    return rename.get(name, name)


def _renamed_data(token: Token, rename: Mapping[str, str]) -> Mapping[str, object]:
    armed = token.data.get("armed")
    if not isinstance(armed, dict):
        return token.data
    return {**token.data, "armed": {rename.get(key, key): record for key, record in armed.items()}}


def _arm_new(container: Container) -> None:
    """Let boundary events and event sub-processes wait that the old version did not have."""
    waiting = {(task.host, task.task_spec) for task in container.live()}
    for task in container.live():
        if task.incident is not None:
            continue
        for event in task.task_spec.boundary:
            if (task, event) not in waiting:
                event.arm(container.new_task(event, S.WAITING, host=task))
    for trigger in container.spec.triggers:
        if (None, trigger) not in waiting:
            trigger.arm(container.new_task(trigger, S.WAITING))
