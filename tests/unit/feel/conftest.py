"""Short ways to ask FEEL something."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine import feel

AT = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # 00:30 on the 25th in London, still summer time


class Weekdays:
    """Every weekday of 2026 and 2027 is a working day; other years are not covered."""

    def is_working_day(self, day: date, /) -> bool:
        if day.year not in (2026, 2027):
            raise LookupError(f"no working days are known for {day.year}")
        return day.weekday() < 5

    def next_working_day(self, day: date, /) -> date:
        return self.add(day, 1)

    def add(self, start: date, amount: int, /) -> date:
        step, left, day = (1 if amount >= 0 else -1), abs(amount), start
        while left:
            day += timedelta(days=step)
            left -= self.is_working_day(day)
        return day

    def between(self, first: date, last: date, /) -> int:
        days = (last - first).days
        return sum(self.is_working_day(first + timedelta(days=n + 1)) for n in range(days))


ENVIRONMENT = feel.Environment(at=AT, calendar=Weekdays())


@pytest.fixture
def evaluate():
    """Evaluate in an environment with a moment and a calendar: the result with its reasons."""

    def ask(text: str, context: dict[str, Any] | None = None) -> feel.Result:
        return feel.compile(text, names=tuple(context or ())).evaluate(context or {}, ENVIRONMENT)

    return ask


@pytest.fixture
def value(evaluate):
    return lambda text, context=None: evaluate(text, context).value


@pytest.fixture
def shown(value):
    """The value as FEEL writes it: short to compare with."""
    return lambda text, context=None: feel.text(value(text, context))


@pytest.fixture
def refused(evaluate):
    """The reason of an expression that must be null."""

    def why(text: str, context: dict[str, Any] | None = None) -> str:
        result = evaluate(text, context)
        assert result.value is None
        assert result.reasons, f"{text} is null without a reason"
        return result.reasons[0].message

    return why
