"""Moves an instance to another version of a process: tokens by name, due dates and counts kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace
from SpiffWorkflow.util.task import TaskState as S

from engine.dialect import Process
from engine.spiff import arming, storing
from engine.spiff.building import EACH, START
from engine.spiff.containers import INSIDE, OPEN, CallActivity, SubProcess
from engine.spiff.definition import Definition
from engine.spiff.elements import Element
from engine.spiff.events import Attached, Boundary, Waiting
from engine.spiff.host import Host
from engine.spiff.incidents import IncidentError
from engine.spiff.multi_instance import MultiInstance
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
    new ones begin to be. So does an event that now is on the border of another activity. Jobs become what
    the new version says. Called processes are moved like the top one, wherever they run one of the old
    versions.

    :raises MigrationError: a token's element is missing or of another kind in the new version, or what the
        token has done or waits for cannot be told there.
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
            known = {_place(spec, target.rename) for spec in old.task_specs.values()}
            for token_id, why in _renew(container, known):
                moved.problems[_plain(state.tokens[token_id].element)] = why
    if moved.problems:
        raise MigrationError(moved.problems)
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
            self.problems.setdefault(old.bpmn_id, _problem(old, new))  # a body comes before its instances
            return None
        if isinstance(old, Boundary) and token.parent is not None and _place(old, rename) != _place(new, {}):
            return None
        if isinstance(new, SubProcess) and isinstance(old, SubProcess) and not isinstance(new, CallActivity):
            self.places[token.id] = (old.inner, new.inner)
        try:
            return replace(token, element=new.name, data=self._data(token, old, new))
        except _NoPlaceError as problem:
            self.problems[old.bpmn_id] = str(problem)
            return None

    def _data(self, token: Token, old: Element, new: Element) -> Mapping[str, object]:
        """What the token knows, in the words of the new version. Raises `_NoPlaceError`."""
        if isinstance(new, Waiting):
            return _still_awaited(token, new, self.target.rename)
        if isinstance(old, MultiInstance) and isinstance(new, MultiInstance) and "count" in token.data:
            return _still_counted(token, old, new)
        if new.is_join and token.state == "waiting":
            before = self.host.definition(token.definition).process
            return {**token.data, "from": self._came_on(str(token.data["from"]), before, new)}
        return token.data

    def _came_on(self, flow: str, before: Process, new: Element) -> str:
        """The flow of the new version by which a token came that waits at a join."""
        flows, incoming = self.target.new.process.flows, new.element.incoming
        came_from = before.flows[flow].source
        source = _renamed(came_from, self.target.rename)
        fitting = [each for each in incoming if flows[each].source == source]
        if flow in incoming and (flow in fitting or not fitting):
            return flow
        if len(fitting) == 1:
            return fitting[0]
        raise _NoPlaceError(
            f"a token waits there that came from {came_from}; in the new version"
            f" {'several flows come' if fitting else 'no flow comes'} from {source}"
        )


class _NoPlaceError(Exception):
    """What a token has done or waits for cannot be told in the new version."""


def _problem(old: Element, new: Element | None) -> str:
    if new is None:
        return "it has a token and is not in the new version; say what it is called there"
    if isinstance(old, MultiInstance):
        return "it is done once for each item of a list, and in the new version once"
    if isinstance(new, MultiInstance):
        return "it is done once, and in the new version once for each item of a list"
    return f"it is a {type(old).__name__} with a token and a {type(new).__name__} in the new version"


def _place(spec: Element, rename: Mapping[str, str]) -> tuple[str | None, str]:
    """An event on a border is known by its activity and its name, everything else by its name."""
    host = spec.element.attached_to if isinstance(spec, Boundary) else None
    return (None if host is None else _renamed(host, rename)), _renamed(spec.name, rename)


def _plain(name: str) -> str:
    """The id of the element that a spec is made from."""
    return name.removesuffix(EACH).removesuffix(START)


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


def _still_counted(token: Token, old: MultiInstance, new: MultiInstance) -> Mapping[str, object]:
    """What a body has counted. It gathers results from here on only if none is missing."""
    if old.loop.sequential != new.loop.sequential:
        ways = ("all at once", "one after another")
        raise _NoPlaceError(
            f"it is done {ways[old.loop.sequential]} for the items of a list,"
            f" and in the new version {ways[new.loop.sequential]}"
        )
    if new.loop.output_element is None or "results" in token.data:
        return token.data
    if token.data["done"]:
        raise _NoPlaceError(
            f"it was done for some items of its list already, without the results that the new version"
            f" gathers in {new.loop.output_collection}"
        )
    count = token.data["count"]
    assert isinstance(count, int), "written by begin()"
    return {**token.data, "results": [None] * count}


def _renew(container: Container, known: Collection[tuple[str | None, str]]) -> Iterator[tuple[int, str]]:
    """Let tokens take up what the new version changed, and events be waited for that the old one did not
    have: behind an event-based gateway where a token stands, on the border of an activity, and as event
    sub-processes. Gives the tokens that cannot, with the reason.

    A border or sub-process event that it had and that waits no more has fired already.
    """
    for task in list(container.live()):
        if task.incident is not None or not task.is_live:
            continue
        try:
            task.task_spec.renew(task)
        except IncidentError as error:
            yield task.id, error.message
            continue
        for event in task.task_spec.boundary:
            if _place(event, {}) not in known:
                event.arm(container.new_task(event, S.WAITING, host=task))
    for trigger in container.spec.triggers:
        if _place(trigger, {}) not in known:
            trigger.arm(container.new_task(trigger, S.WAITING))
