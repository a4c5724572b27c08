"""How a deadline is counted, day by day: what a calendar picture of it shows, and that picture as text."""

import calendar as months
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from engine.deadlines.adjustments import Adjustment, Pause
from engine.workdays import Calendar, UncoveredYearError, Unit

MOST_MONTHS = 4
"""A longer span shows the months of its ends only."""

_CELLS = {"start": ">{}", "due": "[{}]", "counted": "{}", "off": "-", "weekend": "-", "paused": "=", "": ""}
_KEY = "> counted from here   [ ] due   - left out   = paused"


class Marks:
    """What each day between the start and the due day of a deadline is."""

    def __init__(
        self, start: date, due: date, unit: Unit, agreed: Iterable[Adjustment], calendar: Calendar
    ) -> None:
        self._start, self._due, self._calendar = start, due, calendar
        self._leaves_out = unit is Unit.WORKING_DAYS
        self._pauses = [(each.since, each.until or due) for each in agreed if isinstance(each, Pause)]

    def of(self, day: date) -> tuple[str, str]:
        """The mark of a day (start, due, off, weekend, counted, paused or nothing) and its words."""
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

    def left_out(self) -> Iterator[tuple[date, str]]:
        """The days besides weekends that are left out, with their names."""
        day, last = min(self._start, self._due), max(self._start, self._due)
        while day <= last:
            off = self._off(day)
            if off and off != "weekend" and day != self._due:
                yield day, off
            day += timedelta(days=1)

    def _off(self, day: date) -> str:
        if not self._leaves_out:
            return ""
        try:
            return self._calendar.why_not_working(day) or ""
        except UncoveredYearError:
            return ""


def months_between(one: date, other: date) -> list[tuple[int, int]]:
    """Year and month of every month from the earlier day to the later; of a long span, the ends."""
    first, last = min(one, other), max(one, other)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    found = [
        (first.year + (first.month - 1 + step) // 12, (first.month - 1 + step) % 12 + 1)
        for step in range(count)
    ]
    return found if count <= MOST_MONTHS else [found[0], found[-1]]


def weeks_of(year: int, month: int) -> list[list[date | None]]:
    """A month by weeks from Monday; None stands for a day of another month."""
    weeks = months.Calendar().monthdatescalendar(year, month)
    return [[day if day.month == month else None for day in week] for week in weeks]


def as_text(start: date, due: date, marks: Marks) -> str:
    """The picture in letters of one width, for e-mails."""
    drawn = [line for year, month in months_between(start, due) for line in _month(year, month, marks)]
    return "\n".join((*drawn, _KEY))


def _month(year: int, month: int, marks: Marks) -> Iterator[str]:
    yield f"{date(year, month, 1):%B} {year}"
    yield "".join(f"{name:>5}" for name in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"))
    for week in weeks_of(year, month):
        cells = [_CELLS[marks.of(day)[0]].format(day.day) if day is not None else "" for day in week]
        if any(cells):
            yield "".join(f"{cell:>5}" for cell in cells)
