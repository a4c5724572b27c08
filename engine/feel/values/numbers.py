"""Decimal numbers with 34 digits (IEEE 754 decimal128), as the standard demands (DMN 10.3.2.3.1)."""

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
"""The arithmetic of every FEEL number; what it cannot represent raises, and becomes null with a reason."""

MIN_SCALE = -6111
MAX_SCALE = 6176
ZERO = Decimal(0)
ONE = Decimal(1)


def number(value: int | str | Decimal) -> Decimal:
    """Take a number as written, rounded to 34 digits; raises `ArithmeticError` when it is too large."""
    return CONTEXT.create_decimal(value)


def whole(value: Decimal) -> int | None:
    """The integer a number equals, or None when it has a fraction."""
    if value.adjusted() > 40:
        return None
    integer = int(value)
    return integer if integer == value else None


def text(value: Decimal) -> str:
    """The plain decimal form: no exponent, no trailing zeros, no minus on zero."""
    if not value:
        return "0"
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
