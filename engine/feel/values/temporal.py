"""Dates, times and dates with times: own frozen types with wide years, nanoseconds, offsets and zones."""

import datetime as python
import re
from dataclasses import dataclass, replace
from typing import Self
from zoneinfo import ZoneInfo

from engine.feel.values.calendar import (
    MAX_YEAR,
    days_in_month,
    epoch_day,
    from_epoch_day,
    is_date,
    week_of_year,
)
from engine.feel.values.durations import NANOSECONDS, SECONDS_A_DAY
from engine.feel.values.zones import offset_at, offset_seconds, zone

_DATE = re.compile(r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:(Z)|([+-])(\d\d):(\d\d)(?::(\d\d))?|@([A-Za-z0-9_+\-/]+))?", re.ASCII
)
_TIME_ZONE_REFERENCE = (1970, 1, 1)  # a time without a date has no summer: its zone counts by this day
MAX_OFFSET = 18 * 3600


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar date, years -999,999,999 to 999,999,999 (DMN 10.3.2.3.4)."""

    year: int
    month: int
    day: int

    @classmethod
    def of(cls, date: python.date) -> Self:
        return cls(date.year, date.month, date.day)

    @classmethod
    def of_parts(cls, year: int, month: int, day: int) -> Self | None:
        return cls(year, month, day) if is_date(year, month, day) else None

    @classmethod
    def parse(cls, text: str) -> Self | None:
        match = _DATE.fullmatch(text)
        return None if match is None else cls.of_parts(*(int(part) for part in match.groups()))

    @classmethod
    def from_epoch_day(cls, days: int) -> Self | None:
        year, month, day = from_epoch_day(days)
        return cls(year, month, day) if -MAX_YEAR <= year <= MAX_YEAR else None

    def to_python(self) -> python.date:
        """As a datetime.date; raises ValueError outside years 1 to 9999."""
        return python.date(self.year, self.month, self.day)

    @property
    def epoch_day(self) -> int:
        return epoch_day(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        """1 for Monday to 7 for Sunday."""
        return (self.epoch_day + 3) % 7 + 1

    @property
    def day_of_year(self) -> int:
        return self.epoch_day - epoch_day(self.year, 1, 1) + 1

    @property
    def week_of_year(self) -> int:
        return week_of_year(self.year, self.month, self.day)

    def plus_months(self, months: int) -> "Date | None":
        """Move by calendar months; the day is cut to the month's last. None beyond the known years."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        if not -MAX_YEAR <= year <= MAX_YEAR:
            return None
        return Date(year, month + 1, min(self.day, days_in_month(year, month + 1)))

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04}-{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True, eq=False)
class Time:
    """A time of day, local or with an offset (seconds) or a zone name (DMN 10.3.2.3.5)."""

    hour: int
    minute: int
    second: int
    nanosecond: int = 0
    offset: int | None = None
    zone: str | None = None

    @classmethod
    def of(cls, time: python.time) -> Self:
        return cls(time.hour, time.minute, time.second, time.microsecond * 1000, *_python_zone(time))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        match = _TIME.fullmatch(text)
        if match is None:
            return None
        hour, minute, second, fraction, zulu, sign, hours, minutes, seconds, name = match.groups()
        offset = 0 if zulu else None
        if sign:
            offset = (int(hours) * 3600 + int(minutes) * 60 + int(seconds or 0)) * (-1 if sign == "-" else 1)
            if abs(offset) > MAX_OFFSET or int(minutes) > 59 or int(seconds or 0) > 59:
                return None
        if int(hour) > 23 or int(minute) > 59 or int(second) > 59 or (name and zone(name) is None):
            return None
        nanosecond = int((fraction or "")[:9].ljust(9, "0"))
        return cls(int(hour), int(minute), int(second), nanosecond, offset, name)

    def to_python(self) -> python.time:
        """As a datetime.time, cut to microseconds."""
        return python.time(self.hour, self.minute, self.second, self.nanosecond // 1000, _tzinfo(self))

    @property
    def is_local(self) -> bool:
        return self.offset is None and self.zone is None

    @property
    def second_of_day(self) -> int:
        return self.hour * 3600 + self.minute * 60 + self.second

    def offset_on(self, date: tuple[int, int, int] = _TIME_ZONE_REFERENCE) -> int | None:
        """Seconds east of UTC on that date; None when local."""
        if self.zone is not None:
            return offset_seconds(self.zone, *date, self.second_of_day)
        return self.offset

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Time) and _time_key(self) == _time_key(other)

    def __hash__(self) -> int:
        return hash(_time_key(self))

    def __str__(self) -> str:
        clock = f"{self.hour:02}:{self.minute:02}:{self.second:02}"
        if self.nanosecond:
            clock += f".{self.nanosecond:09}".rstrip("0")
        return clock + (f"@{self.zone}" if self.zone is not None else _offset_text(self.offset))


@dataclass(frozen=True, slots=True, eq=False)
class DateTime:
    """A date and a time of day (DMN 10.3.2.3.6)."""

    date: Date
    time: Time

    @classmethod
    def of(cls, moment: python.datetime) -> Self:
        """Take a datetime; in the hour that comes twice the second pass keeps its offset, not its zone."""
        time = Time.of(moment.timetz())
        offset = moment.utcoffset()
        found = cls(Date.of(moment), time)
        if (
            offset is None
            or time.zone is None
            or found.offset == offset.days * SECONDS_A_DAY + offset.seconds
        ):
            return found
        return cls(found.date, replace(time, zone=None, offset=offset.days * SECONDS_A_DAY + offset.seconds))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        date_text, separator, time_text = text.partition("T")
        date, time = Date.parse(date_text), Time.parse(time_text)
        return cls(date, time) if separator and date is not None and time is not None else None

    @classmethod
    def from_local(cls, nanoseconds: int, like: Time) -> Self | None:
        """The local time so many nanoseconds after 1970-01-01T00:00:00, with the offset or zone of `like`."""
        seconds, nanosecond = divmod(nanoseconds, NANOSECONDS)
        days, second_of_day = divmod(seconds, SECONDS_A_DAY)
        date = Date.from_epoch_day(days)
        if date is None:
            return None
        hour, rest = divmod(second_of_day, 3600)
        return cls(date, Time(hour, *divmod(rest, 60), nanosecond, like.offset, like.zone))

    @classmethod
    def from_instant(cls, nanoseconds: int, name: str) -> "DateTime | None":
        """An instant (nanoseconds after 1970-01-01T00:00:00Z) on the clocks of a zone.

        In the hour that comes twice, the second pass is written with its offset instead of the zone.
        """
        offset = offset_at(name, nanoseconds // NANOSECONDS)
        local = nanoseconds + offset * NANOSECONDS
        found = cls.from_local(local, Time(0, 0, 0, zone=name))
        if found is None or found.offset == offset:
            return found
        return cls.from_local(local, Time(0, 0, 0, offset=offset))

    def to_python(self) -> python.datetime:
        """As a datetime, cut to microseconds; raises ValueError outside years 1 to 9999."""
        return python.datetime.combine(self.date.to_python(), self.time.to_python())

    @property
    def offset(self) -> int | None:
        return self.time.offset_on((self.date.year, self.date.month, self.date.day))

    @property
    def instant(self) -> int:
        """Nanoseconds after 1970-01-01T00:00:00Z; a local one is taken as UTC."""
        return self.local_nanoseconds - (self.offset or 0) * NANOSECONDS

    @property
    def local_nanoseconds(self) -> int:
        seconds = self.date.epoch_day * SECONDS_A_DAY + self.time.second_of_day
        return seconds * NANOSECONDS + self.time.nanosecond

    @property
    def local_seconds(self) -> int:
        return self.date.epoch_day * SECONDS_A_DAY + self.time.second_of_day

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DateTime) and _moment_key(self) == _moment_key(other)

    def __hash__(self) -> int:
        return hash(_moment_key(self))

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


def _time_key(time: Time) -> tuple[bool, int]:
    offset = time.offset_on()
    return offset is None, time.second_of_day - (offset or 0)


def _moment_key(moment: DateTime) -> tuple[bool, int]:
    offset = moment.offset
    return offset is None, moment.local_seconds - (offset or 0)


def _offset_text(offset: int | None) -> str:
    if offset is None:
        return ""
    if offset == 0:
        return "Z"
    minutes, seconds = divmod(abs(offset), 60)
    sign = "-" if offset < 0 else "+"
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def _tzinfo(time: Time) -> python.tzinfo | None:
    if time.zone is not None:
        return zone(time.zone)
    return None if time.offset is None else python.timezone(python.timedelta(seconds=time.offset))


def _python_zone(time: python.time) -> tuple[int | None, str | None]:
    if isinstance(time.tzinfo, ZoneInfo) and time.tzinfo.key:
        return None, time.tzinfo.key
    offset = time.utcoffset()
    return (None if offset is None else offset.days * SECONDS_A_DAY + offset.seconds), None
