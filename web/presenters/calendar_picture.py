"""A small calendar of how a deadline is counted: its start, the days left out with their names, its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.deadlines import Marks, Numbers, adjustments, months_between, weeks_of
from engine.workdays import Calendar, in_words

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of a month: `mark` is start, due, off, weekend, counted or nothing; `words` say it."""

    number: int
    mark: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month by weeks from Monday; None stands for a day of another month."""

    name: str
    weeks: tuple[tuple[Day | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The months, and the days left out by name."""

    months: tuple[Month, ...]
    left_out: tuple[str, ...]


def picture(deadline: Mapping[Any, Any], calendar: Calendar) -> Picture | None:
    """The picture of a `deadline` row whose start is known; None without one."""
    start, due, counted = deadline["start_on"], deadline["due_on"], deadline["counted"]
    if start is None or due is None or counted is None:
        return None
    agreed = [adjustments.from_json(each) for each in deadline["adjustments"]]
    marks = Marks(start, due, Numbers.from_json(counted).unit, agreed, calendar)
    return Picture(
        months=tuple(_month(year, month, marks) for year, month in months_between(start, due)),
        left_out=tuple(f"{in_words(day)}: {why}" for day, why in marks.left_out()),
    )


def _month(year: int, month: int, marks: Marks) -> Month:
    return Month(
        name=f"{date(year, month, 1):%B} {year}",
        weeks=tuple(
            tuple(_day(day, marks) if day is not None else None for day in week)
            for week in weeks_of(year, month)
        ),
    )


def _day(day: date, marks: Marks) -> Day:
    mark, words = marks.of(day)
    return Day(number=day.day, mark=mark, words=words)
