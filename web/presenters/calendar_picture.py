"""A small calendar of how a deadline is counted: its start, the days left out with their names, its end."""

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.workdays import Calendar, UncoveredYearError, Unit
from web.presenters import dates

MOST_MONTHS = 4
"""A longer span shows the months of its ends only."""

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
    marks = _Marks(start, due, counted["unit"] == Unit.WORKING_DAYS, deadline["adjustments"], calendar)
    first, last = min(start, due), max(start, due)
    names = [marks.named(date.fromordinal(day)) for day in range(first.toordinal(), last.toordinal() + 1)]
    return Picture(
        months=tuple(_month(year, month, marks) for year, month in _months(first, last)),
        left_out=tuple(name for name in names if name),
    )


class _Marks:
    """What each day of the picture is."""

    def __init__(
        self,
        start: date,
        due: date,
        leaves_out: bool,
        adjustments: list[dict[str, Any]],
        calendar: Calendar,
    ) -> None:
        self._start, self._due, self._leaves_out, self._calendar = start, due, leaves_out, calendar
        self._pauses = [
            (date.fromisoformat(each["since"]), date.fromisoformat(each["until"]) if each["until"] else due)
            for each in adjustments
            if each["kind"] == "pause"
        ]

    def of(self, day: date) -> tuple[str, str]:
        """The mark of a day and its words."""
        if day == self._due:
            return "due", "due"
        if day == self._start:
            return "start", "counted from here"
        if not min(self._start, self._due) < day < max(self._start, self._due):
            return "", ""
        if any(since <= day < until for since, until in self._pauses):
            return "paused", "paused"
        off = self._off(day)
        if off:
            return ("weekend" if off == "weekend" else "off"), f"left out: {off}"
        return "counted", "counted"

    def named(self, day: date) -> str:
        """The words of a day that is left out and has a name."""
        off = self._off(day)
        return f"{dates.weekday(day)}: {off}" if off and off != "weekend" and day != self._due else ""

    def _off(self, day: date) -> str:
        if not self._leaves_out:
            return ""
        try:
            return self._calendar.why_not_working(day) or ""
        except UncoveredYearError:
            return ""


def _months(first: date, last: date) -> list[tuple[int, int]]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    found = [
        ((first.month - 1 + step) % 12 + 1, first.year + (first.month - 1 + step) // 12)
        for step in range(count)
    ]
    in_order = [(year, month) for month, year in found]
    return in_order if count <= MOST_MONTHS else [in_order[0], in_order[-1]]


def _month(year: int, month: int, marks: _Marks) -> Month:
    weeks = months.Calendar().monthdatescalendar(year, month)
    return Month(
        name=f"{date(year, month, 1):%B} {year}",
        weeks=tuple(
            tuple(_day(day, marks) if day.month == month else None for day in week) for week in weeks
        ),
    )


def _day(day: date, marks: _Marks) -> Day:
    mark, words = marks.of(day)
    return Day(number=day.day, mark=mark, words=words)
