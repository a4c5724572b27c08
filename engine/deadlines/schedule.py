"""From a policy of the model and the variables of a case to the dates of a deadline."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from engine import feel
from engine.deadlines.adjustments import Adjustment
from engine.deadlines.counting import Numbers, Schedule, count
from engine.deadlines.policy import Policy
from engine.workdays import Calendar


class DeadlineValueError(ValueError):
    """An amount or a start date of a deadline has no usable value."""

    def __init__(self, policy: Policy, part: str, why: str) -> None:
        super().__init__(
            f"Deadline '{policy.name}': its {part} {why}. Correct the model's property "
            f"'deadline.{policy.key}.{part}' or the variables it reads, then retry."
        )


def start_of(
    policy: Policy, variables: Mapping[str, feel.Value], environment: feel.Environment
) -> date | None:
    """The day that the case's variables give a deadline to count from; None while they do not.

    Raises `DeadlineValueError` where FEEL gives something else than a date.
    """
    start = policy.start
    if start.expression is None:
        return as_date(variables.get(start.name))
    value = start.expression.evaluate(variables, environment).value
    if value is not None and as_date(value) is None:
        raise DeadlineValueError(policy, "from", f"is not a date ({feel.type_name(value)})")
    return as_date(value)


def as_date(value: feel.Value) -> date | None:
    """The London day of a FEEL date or date and time; None for anything else."""
    if isinstance(value, feel.DateTime):
        return value.to_python().date()
    return value.to_python() if isinstance(value, feel.Date) else None


def schedule(
    policy: Policy,
    start_on: date,
    variables: Mapping[str, feel.Value],
    environment: feel.Environment,
    *,
    later: date | None = None,
    adjustments: Iterable[Adjustment] = (),
) -> Schedule:
    """The dates of `policy` counted from `start_on`; `later` is the day the case's own variable agrees to.

    Raises `DeadlineValueError`, `UncoveredYearError`.
    """
    calendar = environment.calendar
    if not isinstance(calendar, Calendar):
        raise DeadlineValueError(policy, "unit", "needs a calendar and the command has none")

    def number(expression: feel.Expression | None, part: str) -> int | None:
        if expression is None:
            return None
        result = expression.evaluate(variables, environment)
        if not isinstance(result.value, Decimal) or result.value != int(result.value):
            said = "; ".join(reason.message for reason in result.reasons) or f"is {result.value!r}"
            raise DeadlineValueError(policy, part, f"is not a whole number ({said})")
        return int(result.value)

    amount = number(policy.amount, "amount")
    assert amount is not None
    numbers = Numbers(
        amount=amount,
        unit=policy.unit,
        before=policy.before,
        opens=number(policy.opens, "opens"),
        warn=number(policy.warn, "warn"),
        later=later,
    )
    return count(start_on, numbers, adjustments, calendar)
