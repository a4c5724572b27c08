"""What an operator's command does to a case, in words: before it is given, and where the case stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from engine.dialect import Element
from engine.runtime.deadlines.dates import Move
from engine.runtime.operator import Foreseen, Place, Stop, What
from web.presenters import dates
from web.presenters.twin import KINDS, name_of

WHAT = {
    What.TASK: "Task",
    What.JOB: "Automatic step",
    What.TIMER: "Timer",
    What.MESSAGE: "Waits for",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """One kind of effect and what it befalls."""

    title: str
    things: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What would happen; `stops` are paths that would stop at once, with what mends them."""

    rows: tuple[Effect, ...]
    stops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An element to choose, by its id."""

    value: str
    text: str


def effects(found: Foreseen) -> Effects:
    """The effects in the order in which they come about; those that do not are left out."""
    told = (
        ("Is taken away", map(place, found.withdrawn)),
        ("Is done on the way", map(name_of, found.passed)),
        ("Begins", map(place, found.begun)),
        ("Moves", (f"{place(was)} → {_when(will)}" for was, will in found.moved)),
        ("Deadlines", map(deadline, found.deadlines)),
        ("Deadlines that do not begin again", (f"{name}: stays {state}" for name, state in found.settled)),
        ("The case", ("ends",) if found.ends else ()),
    )
    rows = tuple(Effect(title, things) for title, each in told if (things := tuple(each)))
    return Effects(rows=rows, stops=tuple(map(stop, found.stops)))


def place(found: Place) -> str:
    """Where a case stands, and until when."""
    said = f"{WHAT[found.what]}: {name_of(found.element)}"
    return f"{said}, {_when(found)}" if found.due_at is not None else said


def deadline(move: Move) -> str:
    """A due day that changes, or what it comes to."""
    if move.state == "void":
        return f"{move.name}: applies no longer"
    return f"{move.name}: {_day(move.was)} → {_day(move.will)}"


def stop(found: Stop) -> str:
    """A path that would stop."""
    return f"{name_of(found.element)}: {found.message} To mend it: {found.remedy}"


def choices(elements: Iterable[Element]) -> tuple[Choice, ...]:
    """Elements by name and kind; where two read the same, with the id that tells them apart."""
    found = [(each.id, _called(each)) for each in elements]
    texts = [text for _, text in found]
    return tuple(
        Choice(each, text if texts.count(text) == 1 else f"{text}, {each}")
        for each, text in sorted(found, key=lambda pair: pair[1].lower())
    )


def _called(element: Element) -> str:
    kind = KINDS.get(element.kind, element.kind)
    return f"{element.name} ({kind[0].lower()}{kind[1:]})" if element.name else name_of(element)


def listed(things: Sequence[str]) -> str:
    """A, B and C."""
    return " and ".join([", ".join(things[:-1]), things[-1]] if len(things) > 1 else things)


def _when(found: Place) -> str:
    return dates.moment(found.due_at) if found.due_at is not None else "once its day is known"


def _day(when: date | None) -> str:
    return dates.weekday(when) if when is not None else "not known"
