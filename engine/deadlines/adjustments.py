"""What people changed about a deadline: facts that are applied anew whenever it is counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

from engine.workdays import Calendar, Unit, in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """The clock stood still from `since` until `until` (London days); None while it still does."""

    since: date
    until: date | None
    reason: str
    authority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """Somebody agreed to the later day `to`."""

    to: date
    reason: str
    authority: str


Adjustment: TypeAlias = Pause | Extension


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """A due day after all adjustments; `told` says in words what they did."""

    due_on: date
    paused: bool
    extended: bool
    told: str


def adjust(
    start_on: date, due_on: date, adjustments: Iterable[Adjustment], unit: Unit, calendar: Calendar
) -> Adjusted:
    """Apply adjustments in their order. Days left are working days where the deadline counts those.

    An extension to a day that the deadline has passed by itself does nothing. Raises `UncoveredYearError`.
    """
    paused = extended = False
    told = []
    for each in adjustments:
        match each:
            case Extension(to=to) if to > due_on:
                due_on, extended = to, True
                told.append(f"; extended to {in_words(to)}")
            case Pause(since=since, until=until):
                began = max(since, start_on)
                left = days_left(began, due_on, unit, calendar)
                if left < 0 or (until is not None and until <= began):
                    continue
                told.append(f"; paused on {in_words(began)} with {_counted(left, unit)} left")
                if until is None:
                    paused = True
                else:
                    due_on = days_on(until, left, unit, calendar)
                    told.append(f", resumed on {in_words(until)}: {in_words(due_on)}")
            case _:
                pass
    return Adjusted(due_on=due_on, paused=paused, extended=extended, told="".join(told))


def days_left(day: date, due_on: date, unit: Unit, calendar: Calendar) -> int:
    """How many days after `day` the due day is; negative when it has passed. Raises `UncoveredYearError`."""
    return calendar.between(day, due_on) if unit is Unit.WORKING_DAYS else (due_on - day).days


def days_on(day: date, left: int, unit: Unit, calendar: Calendar) -> date:
    """The day that lies `left` days after `day`. Raises `UncoveredYearError`."""
    return calendar.add(day, left) if unit is Unit.WORKING_DAYS else day + timedelta(days=left)


def to_json(adjustment: Adjustment) -> dict[str, Any]:
    """As stored with the deadline."""
    said = {"reason": adjustment.reason, "authority": adjustment.authority}
    match adjustment:
        case Pause(since=since, until=until):
            ended = until.isoformat() if until is not None else None
            return {"kind": "pause", "since": since.isoformat(), "until": ended, **said}
        case Extension(to=to):
            return {"kind": "extension", "to": to.isoformat(), **said}


def from_json(stored: dict[str, Any]) -> Adjustment:
    """Reads `to_json` back."""
    said = {"reason": stored["reason"], "authority": stored["authority"]}
    if stored["kind"] == "extension":
        return Extension(to=date.fromisoformat(stored["to"]), **said)
    until = date.fromisoformat(stored["until"]) if stored["until"] is not None else None
    return Pause(since=date.fromisoformat(stored["since"]), until=until, **said)


def _counted(left: int, unit: Unit) -> str:
    noun = "working day" if unit is Unit.WORKING_DAYS else "day"
    return f"{left} {noun}" if left == 1 else f"{left} {noun}s"
