"""How a due date was reached, as a value that can say itself in words."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WEEKEND = "weekend"
"""The reason for leaving out a Saturday or Sunday."""

CLOSED = "closed: "
"""Before the reason of an extra closure, where a bank holiday has its name."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Unit(StrEnum):
    """What a deadline's amount is counted in; the values are the words of the modelling dialect."""

    WORKING_DAYS = "working days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    LAST_DAY_OF_MONTH = "last day of month"
    LAST_DAY_OF_INSPECTION_YEAR = "last day of inspection year"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that was passed over, and why (`weekend`, a bank holiday's name, `closed: ` and a reason)."""

    day: date
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic:
    """From `start`, `amount` of `unit` (negative counts back) reaches `end`, passing over `skipped`."""

    start: date
    amount: int
    unit: Unit
    end: date
    skipped: tuple[Skipped, ...] = ()

    @property
    def sentence(self) -> str:
        """The arithmetic in words, bank holidays and closures named, weekends left to "working days"."""
        return f"{_distance(self)}{_start_note(self)}{_passed_over(self)}: {in_words(self.end)}"


def in_words(day: date) -> str:
    """A date as people read it, whatever the locale: `Thursday 3 December 2026`."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def _distance(found: Arithmetic) -> str:
    count, direction = abs(found.amount), "before" if found.amount < 0 else "after"
    start = in_words(found.start)
    if found.unit in (Unit.LAST_DAY_OF_MONTH, Unit.LAST_DAY_OF_INSPECTION_YEAR):
        period = "month" if found.unit is Unit.LAST_DAY_OF_MONTH else "inspection year"
        if count == 0:
            return f"Last day of the {period} of {start}"
        return f"Last day of the {period} {_counted(count, period)} {direction} that of {start}"
    if count == 0:
        return f"On the day itself, {start}"
    return f"{_counted(count, found.unit.value.removesuffix('s'))} {direction} {start}"


def _counted(count: int, singular: str) -> str:
    return f"{count} {singular}" if count == 1 else f"{count} {singular}s"


def _start_note(found: Arithmetic) -> str:
    """Says aloud that a start on a day off does not use up a day (decision D-16)."""
    if found.unit is not Unit.WORKING_DAYS or found.amount == 0:
        return ""
    off = next((skipped.why for skipped in found.skipped if skipped.day == found.start), None)
    return "" if off is None else f" ({_named(off)})"


def _passed_over(found: Arithmetic) -> str:
    passed = (one.why for one in found.skipped if one.day != found.start and one.why != WEEKEND)
    names = list(dict.fromkeys(map(_named, passed)))
    if not names:
        return ""
    return f", skipping {names[0] if len(names) == 1 else ', '.join(names[:-1]) + ' and ' + names[-1]}"


def _named(why: str) -> str:
    """`Christmas Day` and `Good Friday` stand alone; `Boxing Day substitute` takes an article."""
    if why == WEEKEND:
        return "a weekend"
    if why.startswith(CLOSED):
        return f"a closure ({why.removeprefix(CLOSED)})"
    return why if why.lower().endswith("day") and not why.endswith("holiday") else f"the {why}"
