"""Whole numbers that a model states as a text or computes."""

from decimal import Decimal, InvalidOperation

from engine import feel

PRIORITIES = range(101)
"""Of user tasks; the higher, the sooner."""

RETRIES = range(1, 100)
"""How often a job may be tried."""


def whole_number(value: feel.Value, among: range) -> int | None:
    """The number that a value is or writes, if it is one of `among`."""
    if not isinstance(value, Decimal | str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    within = number.is_finite() and among[0] <= number <= among[-1]
    return int(number) if within and number == int(number) else None
