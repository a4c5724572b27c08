"""Offsets of named time zones, also for years that Python's datetime cannot hold."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.feel.values.calendar import from_epoch_day

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+)*")


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo | None:
    """The zone of that IANA name, or None when there is none."""
    if not _NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return None


def offset_seconds(name: str, year: int, month: int, day: int, seconds_of_day: int) -> int:
    """The zone's offset from UTC in seconds at a local time.

    Python knows years 2 to 9998 safely; beyond them a year of the same length stands in, so that
    the zone's last known rules go on.
    """
    return _seconds(_stand_in(year, month, day, seconds_of_day).replace(tzinfo=zone(name)).utcoffset())


def offset_at(name: str, epoch_seconds: int) -> int:
    """The zone's offset from UTC in seconds at an instant, counted from 1970-01-01T00:00:00Z."""
    days, seconds_of_day = divmod(epoch_seconds, 86_400)
    moment = _stand_in(*from_epoch_day(days), seconds_of_day).replace(tzinfo=UTC)
    return _seconds(moment.astimezone(zone(name)).utcoffset())


def _stand_in(year: int, month: int, day: int, seconds_of_day: int) -> datetime:
    if not 2 <= year <= 9998:
        year = 2000 + year % 400  # the calendar repeats every 400 years, weekdays too
    hour, rest = divmod(seconds_of_day, 3600)
    return datetime(year, month, day, hour, *divmod(rest, 60))  # noqa: DTZ001 - the caller gives it its zone


def _seconds(offset: timedelta | None) -> int:
    return 0 if offset is None else offset.days * 86_400 + offset.seconds
