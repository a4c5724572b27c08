"""What a command would do to a case, seen before it is given; nothing is changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import Connection

from engine import dialect, spiff
from engine.db.tables import DeadlineState
from engine.runtime.deadline_rows import is_open
from engine.runtime.deadlines.dates import Move
from engine.runtime.errors import RefusedCommandError
from engine.runtime.library import Library
from engine.runtime.rows import Picture
from engine.runtime.step import Step
from engine.runtime.store import Row, lock

Act = Callable[[Step], None]
"""What a command does to a case in memory. Raises `OperatorRefusedError` where it cannot."""

Key = tuple[object, ...]

SILENT = frozenset({"startEvent", "exclusiveGateway", "inclusiveGateway", "parallelGateway", "boundaryEvent"})
"""Kinds of elements that are passed without anything of note happening."""


class WentOnError(RefusedCommandError):
    """The case went on after somebody looked at what their command would do."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"Case {reference} went on since you looked.", "See what the command does now, then decide again."
        )


class What(StrEnum):
    """What a case waits for at a place."""

    TASK = "task"
    JOB = "job"
    TIMER = "timer"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Something open in a case: where, in which process (by name), until when if it is a timer (UTC)."""

    what: What
    element: dialect.Element
    process: str
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A path that would stop, with its cause and remedy."""

    element: dialect.Element
    message: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What would be open no more, what newly, what still; what is done on the way without a person.

    `moved` are timers before and after; `deadlines` those with another due day, or that apply no longer;
    `settled` are the names of those that stay met or missed though their step may be done again; `ends` says
    that nothing of the case would be left.
    """

    withdrawn: tuple[Place, ...]
    begun: tuple[Place, ...]
    kept: tuple[Place, ...]
    moved: tuple[tuple[Place, Place], ...]
    passed: tuple[dialect.Element, ...]
    deadlines: tuple[Move, ...]
    settled: tuple[tuple[str, DeadlineState], ...]
    stops: tuple[Stop, ...]
    ends: bool


def foresee(
    connection: Connection, library: Library, *, instance_id: int, act: Act, at: datetime
) -> Foreseen:
    """What `act` would do to the case as it stands. Raises `NotFoundError`, and what `act` raises."""
    return foresee_in(Step.look(connection, library, instance_id, at=at), act)


def foresee_in(step: Step, act: Act, rename: Mapping[str, str] = MappingProxyType({})) -> Foreseen:
    """The same for a case in memory, which must not be saved; `rename` is what `act` does to element ids."""
    before = {_renamed(key, rename): place for key, place in _places(step)}
    step.recount()
    due = {_identity(row): row for row in step.book.rows()}
    step.book.reopen()
    act(step)
    step.recount()
    if step.book.changed:
        step.execution.refresh_timers()
    after, facts = dict(_places(step)), step.execution.facts
    kept = [(before[key], after[key]) for key in before if key in after]
    begun = tuple(place for key, place in after.items() if key not in before)
    return Foreseen(
        withdrawn=tuple(place for key, place in before.items() if key not in after),
        begun=begun,
        kept=tuple(will for was, will in kept if was.due_at == will.due_at),
        moved=tuple((was, will) for was, will in kept if was.due_at != will.due_at),
        passed=tuple(_passed(step, facts)),
        deadlines=tuple(_moves(step, due)),
        settled=tuple(_settled(step, [place.element for place in begun])),
        stops=tuple(_stops(step, facts)),
        ends=step.execution.completed,
    )


def standing(
    connection: Connection, library: Library, *, instance_id: int, at: datetime
) -> tuple[Place, ...]:
    """What is open in the case now. Raises `NotFoundError`."""
    return tuple(place for _, place in _places(Step.look(connection, library, instance_id, at=at)))


def unchanged(connection: Connection, *, instance_id: int, length: int) -> None:
    """Lock the case if its history is as long as when somebody looked. Raises `WentOnError`."""
    case = lock(connection, instance_id)
    assert case is not None
    if case.history_length != length:
        raise WentOnError(case.reference)


def _places(step: Step) -> Iterator[tuple[Key, Place]]:
    open_now = Picture.of(step.execution.state(), step.execution)
    for task in open_now.tasks.values():
        yield (What.TASK, task.token_id), _place(step, What.TASK, task)
    for job in open_now.jobs.values():
        yield (What.JOB, job.token_id), _place(step, What.JOB, job)
    for timer in open_now.timers.values():
        yield (What.TIMER, timer.token_id, timer.key), _place(step, What.TIMER, timer, timer.due_at)
    for awaited in open_now.subscriptions.values():
        yield (What.MESSAGE, awaited.token_id, awaited.key), _place(step, What.MESSAGE, awaited)


def _place(
    step: Step,
    what: What,
    found: spiff.UserTask | spiff.Job | spiff.Timer | spiff.Subscription,
    due_at: datetime | None = None,
) -> Place:
    model = step.host.process(found.definition).model
    return Place(what=what, element=model.elements[found.element], process=model.name, due_at=due_at)


def _renamed(key: Key, rename: Mapping[str, str]) -> Key:
    """Timers and messages are known by the element that waits; tasks and jobs by their token alone."""
    return (*key[:2], *(rename.get(str(each), each) for each in key[2:]))


def _passed(step: Step, facts: Iterable[spiff.Fact]) -> Iterator[dialect.Element]:
    for fact in facts:
        if isinstance(fact, spiff.ElementCompleted):
            element = step.host.process(fact.definition).model.elements[fact.element]
            if element.kind not in SILENT:
                yield element


def _stops(step: Step, facts: Iterable[spiff.Fact]) -> Iterator[Stop]:
    raised = {fact.token_id for fact in facts if isinstance(fact, spiff.IncidentRaised)}
    for note in step.execution.incidents:
        if note.token_id in raised:
            element = step.host.process(note.definition).model.elements[note.element]
            yield Stop(element=element, message=note.message, remedy=note.remedy)


def _moves(step: Step, before: Mapping[Key, Row]) -> Iterator[Move]:
    for row in step.book.rows():
        old = before.get(_identity(row))
        was = old["due_on"] if old is not None else None
        closed = old is not None and is_open(old) and not is_open(row)
        if closed or (is_open(row) and row["due_on"] != was):
            yield Move(
                reference=step.case.reference,
                name=row["name"],
                force=row["force"],
                was=was,
                will=row["due_on"],
                state=str(row["state"]),
            )


def _settled(step: Step, begun: Iterable[dialect.Element]) -> Iterator[tuple[str, DeadlineState]]:
    """A deadline that has ended does not run again when the case comes to its step once more."""
    ahead = _ahead(step, begun)
    for row in step.book.rows():
        if row["met_by"] in ahead and row["ended_on"] is not None and row["state"] != DeadlineState.VOID:
            yield row["name"], DeadlineState(row["state"])


def _ahead(step: Step, begun: Iterable[dialect.Element]) -> set[str]:
    """The elements that the case can come to along the flows of its own process."""
    model = step.process.model
    found: set[str] = set()
    todo = [each.id for each in begun if each.id in model.elements]
    while todo:
        element = todo.pop()
        if element in found:
            continue
        found.add(element)
        todo += [model.flows[flow].target for flow in model.elements[element].outgoing]
        todo += [each.id for each in model.elements.values() if element in (each.attached_to, each.container)]
    return found


def _identity(row: Row) -> Key:
    return row["scope_id"], row["key"]
