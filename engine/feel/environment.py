"""What an evaluation may know of the world (moment, working days) and how much it may spend."""

from datetime import date, datetime
from typing import Protocol

from msgspec import Struct


class WorkingDays(Protocol):
    """The working-day arithmetic FEEL asks for; `engine.workdays.Calendar` gives it.

    Each raises LookupError or ValueError for days its calendar does not cover.
    """

    def add(self, start: date, amount: int, /) -> date: ...
    def between(self, first: date, last: date, /) -> int: ...
    def is_working_day(self, day: date, /) -> bool: ...
    def next_working_day(self, day: date, /) -> date: ...


class Environment(Struct, frozen=True, kw_only=True):
    """The moment (aware) that `now()` and `today()` give, the calendar of working days, and the budgets.

    `zone` names the place whose day `today()` is. `steps` counts loop turns, calls and list items;
    `seconds` is wall time; `list_items` and `text_length` bound one value; `call_depth` bounds recursion.
    """

    at: datetime | None = None
    calendar: WorkingDays | None = None
    zone: str = "Europe/London"
    steps: int = 1_000_000
    seconds: float = 5.0
    list_items: int = 200_000
    text_length: int = 1_000_000
    call_depth: int = 60


EMPTY = Environment()
