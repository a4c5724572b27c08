"""From a policy and the day it counts from to its dates, with the arithmetic in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine import feel
from engine.deadlines.policy import Policy
from engine.workdays import Calendar, periods


class DeadlineValueError(ValueError):
    """An amount or a start date of a deadline has no usable value."""

    def __init__(self, policy: Policy, part: str, why: str) -> None:
        super().__init__(
            f"Deadline '{policy.name}': its {part} {why}. Correct the model's property "
            f"'deadline.{policy.key}.{part}' or the variables it reads, then retry."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The dates of one deadline; London days."""

    start_on: date
    opens_on: date | None
    warn_on: date | None
    due_on: date
    arithmetic: str
    calendar_revision: str


def schedule(
    policy: Policy, start_on: date, variables: Mapping[str, feel.Value], environment: feel.Environment
) -> Schedule:
    """The dates of `policy` counted from `start_on`. Raises `DeadlineValueError`, `UncoveredYearError`."""
    calendar = environment.calendar
    if not isinstance(calendar, Calendar):
        raise DeadlineValueError(policy, "unit", "needs a calendar and the command has none")

    def number(expression: feel.Expression, part: str) -> int:
        result = expression.evaluate(variables, environment)
        if not isinstance(result.value, Decimal) or result.value != int(result.value):
            said = "; ".join(reason.message for reason in result.reasons) or f"is {result.value!r}"
            raise DeadlineValueError(policy, part, f"is not a whole number ({said})")
        return int(result.value)

    sign = -1 if policy.before else 1
    found = periods.explain(start_on, sign * number(policy.amount, "amount"), policy.unit, calendar)
    opens = warn = None
    if policy.opens is not None:
        opens = periods.add(start_on, sign * number(policy.opens, "opens"), policy.unit, calendar)
    if policy.warn is not None:
        warn = periods.add(found.end, -number(policy.warn, "warn"), policy.unit, calendar)
    return Schedule(
        start_on=start_on,
        opens_on=opens,
        warn_on=warn,
        due_on=found.end,
        arithmetic=found.sentence,
        calendar_revision=calendar.revision,
    )
