"""The two durations of FEEL: days and time (exact nanoseconds), years and months (whole months)."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Self

NANOSECONDS = 1_000_000_000
SECONDS_A_DAY = 86_400

_DAYS_TIME = re.compile(
    r"(-)?P(?=\d|T\d)(?:(\d{1,18})D)?(?:T(?=\d)(?:(\d{1,18})H)?(?:(\d{1,18})M)?"
    r"(?:(\d{1,18})(?:\.(\d*))?S)?)?",
    re.ASCII,
)
_YEARS_MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d{1,18})Y)?(?:(\d{1,18})M)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class DaysTimeDuration:
    """A span of elapsed time, counted in nanoseconds (DMN 10.3.2.3.7)."""

    nanoseconds: int

    @classmethod
    def of(cls, span: timedelta) -> Self:
        return cls(((span.days * SECONDS_A_DAY + span.seconds) * 1_000_000 + span.microseconds) * 1_000)

    @classmethod
    def of_seconds(cls, seconds: int) -> Self:
        return cls(seconds * NANOSECONDS)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read the lexical form of xsd:dayTimeDuration; None when it is not one."""
        match = _DAYS_TIME.fullmatch(text)
        if match is None:
            return None
        sign, days, hours, minutes, seconds, fraction = match.groups()
        total = int(days or 0) * SECONDS_A_DAY + int(hours or 0) * 3600 + int(minutes or 0) * 60
        total += int(seconds or 0)
        nanoseconds = total * NANOSECONDS + int((fraction or "")[:9].ljust(9, "0"))
        return cls(-nanoseconds if sign else nanoseconds)

    def to_python(self) -> timedelta:
        """As a timedelta, cut to microseconds; raises OverflowError beyond its reach."""
        return timedelta(microseconds=self.nanoseconds // 1000)

    def seconds(self) -> Decimal:
        return Decimal(self.nanoseconds).scaleb(-9)

    def parts(self) -> tuple[int, int, int, int, int]:
        """Days, hours, minutes, seconds and nanoseconds, each with the sign of the whole."""
        sign = -1 if self.nanoseconds < 0 else 1
        seconds, nanos = divmod(abs(self.nanoseconds), NANOSECONDS)
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        days, hour = divmod(hours, 24)
        return sign * days, sign * hour, sign * minute, sign * second, sign * nanos

    def __str__(self) -> str:
        if not self.nanoseconds:
            return "PT0S"
        days, hours, minutes, seconds, nanos = (abs(part) for part in self.parts())
        clock = f"{hours}H" if hours else ""
        clock += f"{minutes}M" if minutes else ""
        if nanos:
            clock += f"{seconds}.{nanos:09}".rstrip("0") + "S"
        elif seconds:
            clock += f"{seconds}S"
        sign = "-" if self.nanoseconds < 0 else ""
        return f"{sign}P{f'{days}D' if days else ''}{'T' if clock else ''}{clock}"


@dataclass(frozen=True, slots=True)
class YearsMonthsDuration:
    """A span of calendar months (DMN 10.3.2.3.8)."""

    months: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read the lexical form of xsd:yearMonthDuration; None when it is not one."""
        match = _YEARS_MONTHS.fullmatch(text)
        if match is None:
            return None
        sign, years, months = match.groups()
        total = int(years or 0) * 12 + int(months or 0)
        return cls(-total if sign else total)

    def parts(self) -> tuple[int, int]:
        """Years and months, each with the sign of the whole."""
        years, months = divmod(abs(self.months), 12)
        return (-years, -months) if self.months < 0 else (years, months)

    def __str__(self) -> str:
        if not self.months:
            return "P0M"
        years, months = (abs(part) for part in self.parts())
        sign = "-" if self.months < 0 else ""
        return f"{sign}P{f'{years}Y' if years else ''}{f'{months}M' if months else ''}"


def parse_duration(text: str) -> "DaysTimeDuration | YearsMonthsDuration | None":
    """Read either kind of duration; None when the text is neither."""
    return YearsMonthsDuration.parse(text) or DaysTimeDuration.parse(text)
