"""Dates as three boxes give them."""

from collections.abc import Mapping
from datetime import date


def day(sent: Mapping[str, str], name: str) -> date | None:
    """The date typed into the boxes `name`-day, -month and -year; None where it is no real date."""
    try:
        return date(*(int(sent.get(f"{name}-{part}", "")) for part in ("year", "month", "day")))
    except ValueError:
        return None


def boxes(name: str, when: date) -> dict[str, str]:
    """What the boxes hold for a date."""
    return {f"{name}-day": str(when.day), f"{name}-month": str(when.month), f"{name}-year": str(when.year)}
