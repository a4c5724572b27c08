"""Dates and times as people in England read them."""

from datetime import date, datetime

from engine.clock import LONDON


def day(when: date | None) -> str:
    """3 December 2026."""
    return "" if when is None else f"{when.day} {when:%B %Y}"


def weekday(when: date | None) -> str:
    """Thursday 3 December 2026."""
    return "" if when is None else f"{when:%A} {day(when)}"


def moment(at: datetime | None) -> str:
    """3 December 2026 at 3:04pm, in London."""
    if at is None:
        return ""
    local = at.astimezone(LONDON)
    return f"{day(local.date())} at {clock_time(at)}"


def clock_time(at: datetime) -> str:
    """3:04pm, in London."""
    local = at.astimezone(LONDON)
    hour = local.hour % 12 or 12
    return f"{hour}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def distance(when: date, today: date) -> str:
    """How far a day is from today, in words: today, tomorrow, in 3 days, 2 days ago."""
    days = (when - today).days
    match days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case -1:
            return "yesterday"
        case _ if days > 0:
            return f"in {days} days"
        case _:
            return f"{-days} days ago"


def counted(number: int, noun: str, plural: str = "") -> str:
    """1 case, 2 cases; "no cases" for none."""
    if number == 1:
        return f"1 {noun}"
    return f"{number or 'no'} {plural or noun + 's'}"
