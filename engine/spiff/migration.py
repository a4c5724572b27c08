"""Moves an instance to another version of a process: tokens by name, due dates and counts kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace
from SpiffWorkflow.util.task import TaskState as S

from engine.spiff import arming, storing
from engine.spiff.building import EACH, START
from engine.spiff.containers import INSIDE, OPEN, CallActivity, SubProcess
from engine.spiff.definition import Definition
from engine.spiff.elements import Element
from engine.spiff.events import Attached, Waiting
from engine.spiff.host import Host
from engine.spiff.process_spec import ProcessSpec
from engine.spiff.state import DefinitionKey, State, Token
from engine.spiff.workflows import Container, Instance


class MigrationError(Exception):
    """Tokens stand where the new version has no fitting element; ``problems`` names each with a reason."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{element}: {reason}" for element, reason in problems.items()))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Every process of an instance that runs one of the versions ``old`` is to run ``new``.

    ``rename`` maps old element ids to new ones, where they differ.
    """

    old: Collection[DefinitionKey]
    new: Definition
    rename: Mapping[str, str]


def migrate(definition: Definition, host: Host, state: State, target: Target) -> Instance:
    """The instance with its processes moved; ``definition`` is that of the top process afterwards.

    Timers keep their due times, messages and signals their names. Events that are waited for beside an
    activity or behind an event-based gateway and are gone, or are of another kind, are waited for no more;
    new ones begin to be. Called processes are moved like the top one, wherever they run one of the old
    versions.

    :raises MigrationError: a token's element is missing or of another kind in the new version.
    """
    moved = _Moved(host, target)
    for token_id in sorted(state.tokens):
        moved.take(state.tokens[token_id])
    if moved.problems:
        raise MigrationError(moved.problems)
    instance = storing.load(definition, host, replace(state, tokens=moved.tokens))
    for owner, (old, _new) in moved.places.items():
        container = instance if owner is None else instance.subprocesses.get(owner)
        if container is not None:
            _arm_new(container, {_renamed(name, target.rename) for name in old.task_specs})
    return instance


@dataclass(slots=True)
class _Moved:
    """The tokens as they will stand; ``places`` holds the moved containers by their owner's token."""

    host: Host
    target: Target
    tokens: dict[int, Token] = field(default_factory=dict)
    places: dict[int | None, tuple[ProcessSpec, ProcessSpec]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    def take(self, token: Token) -> None:
        """Put one token in its new place; those of owners come before those inside."""
        if token.container is None and None not in self.places and token.definition in self.target.old:
            self.places[None] = (self.host.definition(token.definition).top, self.target.new.top)
        if token.container in self.places:
            found = self._placed(token)
            if found is None:
                return
            token = found
        called = token.data.get("definition")
        if isinstance(called, int | str) and called in self.target.old and token.data.get(INSIDE) == OPEN:
            self.places[token.id] = (self.host.definition(called).top, self.target.new.top)
            token = replace(token, data={**token.data, "definition": self.target.new.key})
        self.tokens[token.id] = token

    def _placed(self, token: Token) -> Token | None:
        """The token on its new element; None where it is dropped or has a problem."""
        rename = self.target.rename
        old_place, new_place = self.places[token.container]
        old = old_place.task_specs[token.element]
        new = new_place.task_specs.get(_renamed(token.element, rename))
        if new is None and isinstance(old, Attached) and token.state == "waiting":
            return None
        if new is None or type(new) is not type(old):
            self.problems[old.bpmn_id] = _problem(old, new)
            return None
        if isinstance(new, SubProcess) and isinstance(old, SubProcess) and not isinstance(new, CallActivity):
            self.places[token.id] = (old.inner, new.inner)
        data = _still_awaited(token, new, rename) if isinstance(new, Waiting) else token.data
        return replace(token, element=new.name, data=data)


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


def _still_awaited(token: Token, new: Waiting, rename: Mapping[str, str]) -> Mapping[str, object]:
    """What the token knows, without the events that the new version does not wait for there."""
    armed = token.data.get("armed")
    if not isinstance(armed, dict):
        return token.data
    named = {rename.get(key, key): record for key, record in armed.items()}
    kept = {key: record for key, record in named.items() if arming.fits(record, new.awaited.get(key))}
    return {**token.data, "armed": kept}


def _arm_new(container: Container, known: Collection[str]) -> None:
    """Let events be waited for that the old version did not have: behind an event-based gateway where a
    token stands, on the border of an activity, and as event sub-processes.

    A border or sub-process event that it had and that waits no more has fired already.
    """
    for task in list(container.live()):
        if task.incident is not None:
            continue
        if isinstance(task.task_spec, Waiting) and task.state == S.WAITING:
            task.task_spec.renew(task)
        for event in task.task_spec.boundary:
            if event.name not in known:
                event.arm(container.new_task(event, S.WAITING, host=task))
    for trigger in container.spec.triggers:
        if trigger.name not in known:
            trigger.arm(container.new_task(trigger, S.WAITING))
