"""ISO 8601 durations and repeating intervals, as timers write them; no arithmetic and no clock here."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_NUMBER = r"[+-]?\d{1,6}"
_DURATION = re.compile(
    rf"(?P<sign>[+-]?)P(?=.)(?:(?P<years>{_NUMBER})Y)?(?:(?P<months>{_NUMBER})M)?"
    rf"(?:(?P<weeks>{_NUMBER})W)?(?:(?P<days>{_NUMBER})D)?"
    rf"(?:T(?=.)(?:(?P<hours>{_NUMBER})H)?(?:(?P<minutes>{_NUMBER})M)?"
    rf"(?:(?P<seconds>{_NUMBER}(?:\.\d{{1,6}})?)S)?)?"
)
_CYCLE = re.compile(r"R(?P<count>\d{0,6})/(?:(?P<start>[^/P]+)/)?(?P<period>[^/]+)")


class TimeFormatError(ValueError):
    """A text is no ISO 8601 duration, date or repeating interval; the message says which and how."""


@dataclass(frozen=True, slots=True)
class Duration:
    """Calendar months and days, and elapsed time on top; all may be negative."""

    months: int
    days: int
    elapsed: timedelta

    @property
    def is_positive(self) -> bool:
        """Whether it certainly leads forward in time (nothing negative, something positive)."""
        parts = (self.months, self.days, self.elapsed / timedelta(seconds=1))
        return all(part >= 0 for part in parts) and any(part > 0 for part in parts)


@dataclass(frozen=True, slots=True)
class Cycle:
    """``count`` firings (None: without end), the first at ``start`` or one period from now."""

    count: int | None
    start: date | datetime | None
    period: Duration


def parse_duration(text: str) -> Duration:
    """Read ``P1Y2M3W4DT5H6M7.5S``; days and larger are calendar days, the rest elapsed time.

    :raises TimeFormatError: it is no such duration.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise TimeFormatError(f"“{text}” is no ISO 8601 duration such as P5D or PT12H.")
    sign = -1 if match["sign"] == "-" else 1
    number = {name: sign * float(match[name] or 0) for name in ("hours", "minutes", "seconds")}
    whole = {name: sign * int(match[name] or 0) for name in ("years", "months", "weeks", "days")}
    return Duration(
        months=12 * whole["years"] + whole["months"],
        days=7 * whole["weeks"] + whole["days"],
        elapsed=timedelta(**number),
    )


def parse_cycle(text: str) -> Cycle:
    """Read ``R3/P1D``, ``R/PT1H`` or ``R3/2026-12-01T09:00:00Z/P1W``.

    :raises TimeFormatError: it is no such interval, repeats never, or its period does not lead forward.
    """
    match = _CYCLE.fullmatch(text.strip())
    if match is None:
        raise TimeFormatError(f"“{text}” is no ISO 8601 repetition such as R3/P1D.")
    period = parse_duration(match["period"])
    count = int(match["count"]) if match["count"] else None
    if count == 0 or not period.is_positive:
        raise TimeFormatError(f"“{text}” would never or always fire.")
    return Cycle(count, parse_date(match["start"]) if match["start"] else None, period)


def parse_date(text: str) -> date | datetime:
    """Read an ISO 8601 date or date and time, with or without an offset.

    :raises TimeFormatError: it is neither.
    """
    try:
        return date.fromisoformat(text) if len(text) == len("2026-12-01") else datetime.fromisoformat(text)
    except ValueError as error:
        raise TimeFormatError(f"“{text}” is no ISO 8601 date or date and time.") from error
