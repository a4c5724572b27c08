"""The working-day calendar: Monday to Friday without bank holidays in England and without extra closures."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Self

import holidays

from engine.workdays.arithmetic import CLOSED, WEEKEND, Arithmetic, Skipped, Unit

_ONE_DAY = timedelta(days=1)
_OBSERVED = " (observed)"
_PUBLISHED_NAMES = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
}
"""The `holidays` package's names, where the published list of England and Wales has others."""


class UncoveredYearError(ValueError):
    """A date was reached in a year the calendar holds no bank holidays for."""

    def __init__(self, year: int, calendar: "Calendar") -> None:
        self.year = year
        super().__init__(
            f"The working-day calendar {calendar.revision} covers {calendar.first_year} to "
            f"{calendar.last_year}, but the count reached {year}: its bank holidays are unknown. "
            "Record a calendar revision that covers that year, or correct the date or the number of days."
        )


class CalendarDataError(ValueError):
    """A stored calendar revision cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One dated revision of the working-day calendar; never changes once made.

    `holidays` maps a date to the bank holiday's name, `closures` maps a date to the reason why the
    office is closed; both inclusive years are those whose holidays are known.
    """

    revision: str
    first_year: int
    last_year: int
    holidays: Mapping[date, str]
    closures: Mapping[date, str]

    @classmethod
    def england(cls, first_year: int, last_year: int, *, closures: Mapping[date, str] | None = None) -> Self:
        """Bank holidays in England of both years and those between, from the `holidays` package.

        The revision's id is a digest of its content, so that equal calendars have equal ids.
        Raises `CalendarDataError` for a year the package holds nothing about.
        """
        found = holidays.country_holidays(
            "GB", subdiv="ENG", years=range(first_year, last_year + 1), language="en_GB"
        )
        named = {day: _published(name) for day, name in sorted(found.items())}
        _check_every_year(range(first_year, last_year + 1), named)
        unnamed = cls(
            revision="",
            first_year=first_year,
            last_year=last_year,
            holidays=MappingProxyType(named),
            closures=MappingProxyType(dict(sorted((closures or {}).items()))),
        )
        return replace(unnamed, revision=_digest(unnamed))

    @classmethod
    def from_dict(cls, stored: Mapping[str, object]) -> Self:
        """Reads `as_dict` back. Raises `CalendarDataError`."""
        match stored:
            case {
                "revision": str(revision),
                "first_year": int(first_year),
                "last_year": int(last_year),
                "holidays": dict(named),
                "closures": dict(closures),
            }:
                return cls(
                    revision=revision,
                    first_year=first_year,
                    last_year=last_year,
                    holidays=_days(named),
                    closures=_days(closures),
                )
        raise CalendarDataError(
            "A calendar revision needs revision, first_year, last_year, holidays and closures; "
            f"found {', '.join(sorted(stored)) or 'nothing'}. Store it as Calendar.as_dict gives it."
        )

    def as_dict(self) -> dict[str, object]:
        """The revision as plain JSON-able data, for storing."""
        return {
            "revision": self.revision,
            "first_year": self.first_year,
            "last_year": self.last_year,
            "holidays": {day.isoformat(): name for day, name in sorted(self.holidays.items())},
            "closures": {day.isoformat(): reason for day, reason in sorted(self.closures.items())},
        }

    def closing(self, closures: Mapping[date, str]) -> "Calendar":
        """The revision that follows this one when the office also closes on those dates."""
        wider = replace(self, closures=MappingProxyType(dict(sorted({**self.closures, **closures}.items()))))
        return replace(wider, revision=_digest(wider))

    def why_not_working(self, day: date) -> str | None:
        """Why nobody works that day; None for a working day. Raises `UncoveredYearError`."""
        if not self.first_year <= day.year <= self.last_year:
            raise UncoveredYearError(day.year, self)
        if day.weekday() >= 5:
            return WEEKEND
        if day in self.holidays:
            return self.holidays[day]
        return f"{CLOSED}{self.closures[day]}" if day in self.closures else None

    def is_working_day(self, day: date) -> bool:
        """Whether that day counts. Raises `UncoveredYearError`."""
        return self.why_not_working(day) is None

    def add(self, start: date, amount: int) -> date:
        """The `amount`-th working day after `start` (before it, when negative); 0 is `start` itself.

        The start is day 0, so from a non-working day the next working day is day 1 (decision D-16).
        Raises `UncoveredYearError`.
        """
        self.why_not_working(start)
        step = _ONE_DAY if amount > 0 else -_ONE_DAY
        day, left = start, abs(amount)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def next_working_day(self, day: date) -> date:
        """The first working day after that day. Raises `UncoveredYearError`."""
        return self.add(day, 1)

    def previous_working_day(self, day: date) -> date:
        """The last working day before that day. Raises `UncoveredYearError`."""
        return self.add(day, -1)

    def between(self, start: date, end: date) -> int:
        """How many working days `end` lies after `start` (negative: before it), start not counted.

        `add(start, between(start, end))` is `end` whenever `end` is a working day.
        Raises `UncoveredYearError`.
        """
        step = _ONE_DAY if end >= start else -_ONE_DAY
        self.why_not_working(start)
        count, day = 0, start
        while day != end:
            day += step
            count += self.is_working_day(day)
        return count if end >= start else -count

    def explain(self, start: date, amount: int) -> Arithmetic:
        """`add`, with every day it passed over. Raises `UncoveredYearError`."""
        end = self.add(start, amount)
        step = _ONE_DAY if amount > 0 else -_ONE_DAY
        passed = (start + step * offset for offset in range(abs((end - start).days)))
        skipped = tuple(Skipped(day, why) for day in passed if (why := self.why_not_working(day)))
        return Arithmetic(start=start, amount=amount, unit=Unit.WORKING_DAYS, end=end, skipped=skipped)


def _check_every_year(years: range, named: Mapping[date, str]) -> None:
    missing = [year for year in years if date(year, 12, 25) not in named]
    if missing or not years:
        raise CalendarDataError(
            f"No bank holidays are known for {', '.join(map(str, missing)) or 'an empty range of years'}. "
            "Ask for years the `holidays` package covers."
        )


def _published(name: str) -> str:
    plain = name.removesuffix(_OBSERVED)
    published = _PUBLISHED_NAMES.get(plain, plain)
    return published if plain == name else f"{published} substitute"


def _days(stored: Mapping[object, object]) -> Mapping[date, str]:
    try:
        return MappingProxyType({date.fromisoformat(str(day)): str(name) for day, name in stored.items()})
    except ValueError as error:
        raise CalendarDataError(
            f"A calendar revision has a date that is none ({error}). Dates are written YYYY-MM-DD."
        ) from error


def _digest(calendar: Calendar) -> str:
    content = {**calendar.as_dict(), "revision": ""}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return f"england-{calendar.first_year}-{calendar.last_year}-{digest[:12]}"
