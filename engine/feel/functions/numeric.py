"""Numeric functions (DMN 10.3.4.5)."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.values.durations import DaysTimeDuration, YearsMonthsDuration
from engine.feel.values.functions import FunctionError
from engine.feel.values.numbers import CONTEXT, MAX_SCALE, MIN_SCALE, ONE, ZERO

_ROUNDING = Context(prec=12_400, Emin=-12_400, Emax=12_400)


def rounded(value: Decimal, scale: Decimal, rounding: str) -> Decimal:
    """Round to so many places after the point (negative: before it)."""
    if not MIN_SCALE <= scale <= MAX_SCALE:
        raise FunctionError(f"`scale` must lie between {MIN_SCALE} and {MAX_SCALE}")
    places = int(scale)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and places >= -exponent:
        return value
    return CONTEXT.plus(value.quantize(Decimal((0, (1,), -places)), rounding=rounding, context=_ROUNDING))


@builtin("decimal(n: number, scale: number)")
def decimal(run: Run, n: Decimal, scale: Decimal) -> Decimal:
    return rounded(n, scale, ROUND_HALF_EVEN)


@builtin("floor(n: number, scale?: number)")
def floor(run: Run, n: Decimal, scale: Decimal = ZERO) -> Decimal:
    return rounded(n, scale, ROUND_FLOOR)


@builtin("ceiling(n: number, scale?: number)")
def ceiling(run: Run, n: Decimal, scale: Decimal = ZERO) -> Decimal:
    return rounded(n, scale, ROUND_CEILING)


@builtin("round up(n: number, scale: number)")
def round_up(run: Run, n: Decimal, scale: Decimal) -> Decimal:
    return rounded(n, scale, ROUND_UP)


@builtin("round down(n: number, scale: number)")
def round_down(run: Run, n: Decimal, scale: Decimal) -> Decimal:
    return rounded(n, scale, ROUND_DOWN)


@builtin("round half up(n: number, scale: number)")
def round_half_up(run: Run, n: Decimal, scale: Decimal) -> Decimal:
    return rounded(n, scale, ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number)")
def round_half_down(run: Run, n: Decimal, scale: Decimal) -> Decimal:
    return rounded(n, scale, ROUND_HALF_DOWN)


@builtin("abs(n: number|days and time duration|years and months duration)")
def absolute(
    run: Run, n: Decimal | DaysTimeDuration | YearsMonthsDuration
) -> Decimal | DaysTimeDuration | YearsMonthsDuration:
    if isinstance(n, DaysTimeDuration):
        return DaysTimeDuration(abs(n.nanoseconds))
    if isinstance(n, YearsMonthsDuration):
        return YearsMonthsDuration(abs(n.months))
    return CONTEXT.abs(n)


@builtin("modulo(dividend: number, divisor: number)")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Decimal:
    """The remainder with the divisor's sign: dividend - divisor * floor(dividend / divisor)."""
    if not divisor:
        raise FunctionError("`divisor` must not be zero")
    remainder = _ROUNDING.remainder(dividend, divisor)
    if remainder and (remainder < 0) != (divisor < 0):
        remainder = _ROUNDING.add(remainder, divisor)
    return CONTEXT.plus(remainder)


@builtin("sqrt(number: number)")
def sqrt(run: Run, number: Decimal) -> Decimal:
    if number < 0:
        raise FunctionError("`number` must not be negative")
    return CONTEXT.sqrt(number)


@builtin("log(number: number)")
def log(run: Run, number: Decimal) -> Decimal:
    if number <= 0:
        raise FunctionError("`number` must be greater than zero")
    return CONTEXT.ln(number)


@builtin("exp(number: number)")
def exp(run: Run, number: Decimal) -> Decimal:
    return CONTEXT.exp(number)


@builtin("odd(number: number)")
def odd(run: Run, number: Decimal) -> bool:
    return _remainder_of_two(number) == ONE


@builtin("even(number: number)")
def even(run: Run, number: Decimal) -> bool:
    return _remainder_of_two(number) == ZERO


def _remainder_of_two(number: Decimal) -> Decimal:
    return abs(_ROUNDING.remainder(number, Decimal(2)))
