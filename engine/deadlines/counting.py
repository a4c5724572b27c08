"""From the day a deadline counts from, and the numbers it is counted with, to its dates and its words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.deadlines.adjustments import Adjustment, Extension, adjust
from engine.workdays import Calendar, Unit, periods


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What a deadline is counted with, once its model and the case's variables have said it.

    `amount`, `opens` and `warn` are whole numbers of `unit`; `later` is the day that the case itself agreed
    to. Kept with the deadline, so that a change of the calendar can be foreseen without its case.
    """

    amount: int
    unit: Unit
    before: bool
    opens: int | None
    warn: int | None
    later: date | None

    def as_json(self) -> dict[str, Any]:
        """As stored with the deadline."""
        later = self.later.isoformat() if self.later is not None else None
        return {
            "amount": self.amount,
            "unit": self.unit.value,
            "before": self.before,
            "opens": self.opens,
            "warn": self.warn,
            "later": later,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Numbers":
        """Reads `as_json` back."""
        later = date.fromisoformat(stored["later"]) if stored["later"] is not None else None
        return cls(**{**stored, "unit": Unit(stored["unit"]), "later": later})


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The dates of one deadline; London days. `due_on` of a paused one is where it stood when it stopped."""

    start_on: date
    opens_on: date | None
    warn_on: date | None
    due_on: date
    paused: bool
    extended: bool
    arithmetic: str
    calendar_revision: str
    numbers: Numbers


def count(
    start_on: date, numbers: Numbers, adjustments: Iterable[Adjustment], calendar: Calendar
) -> Schedule:
    """The dates of a deadline that counts from `start_on`. Raises `UncoveredYearError`."""
    sign, unit = -1 if numbers.before else 1, numbers.unit
    found = periods.explain(start_on, sign * numbers.amount, unit, calendar)
    agreed = list(adjustments)
    if numbers.later is not None:
        agreed.append(Extension(to=numbers.later, reason="", authority=""))
    moved = adjust(start_on, found.end, agreed, unit, calendar)
    opens = warn = None
    if numbers.opens is not None:
        opens = periods.add(start_on, sign * numbers.opens, unit, calendar)
    if numbers.warn is not None:
        warn = periods.add(moved.due_on, -numbers.warn, unit, calendar)
    return Schedule(
        start_on=start_on,
        opens_on=opens,
        warn_on=warn,
        due_on=moved.due_on,
        paused=moved.paused,
        extended=moved.extended,
        arithmetic=found.sentence + moved.told,
        calendar_revision=calendar.revision,
        numbers=numbers,
    )
