"""Offsets of named time zones, also for years that Python's datetime cannot hold."""

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.feel.values.calendar import is_leap

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
    known = zone(name)
    if known is None:
        return 0
    if not 2 <= year <= 9998:
        year = 2396 if is_leap(year) else 2397
    hour, rest = divmod(seconds_of_day, 3600)
    minute, second = divmod(rest, 60)
    offset = datetime(year, month, day, hour, minute, second, tzinfo=known).utcoffset()
    return 0 if offset is None else offset.days * 86_400 + offset.seconds
