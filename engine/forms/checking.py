"""Whether a typed answer satisfies its question; the first thing wrong is the one said."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from engine import feel
from engine.forms import messages
from engine.forms.model import Field, FieldKind, Option
from engine.forms.patterns import LONGEST_MATCHED

_EMAIL = re.compile(r"[^@\s]{1,64}@(?=.{4,253}$)(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}", re.ASCII)
_PHONE = re.compile(r"\+?[0-9 ()-]{7,25}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What an answer is held against now: the offered options, and the dates it may lie between."""

    options: tuple[Option, ...] = ()
    earliest: date | None = None
    latest: date | None = None


def why_wrong(field: Field, value: feel.Value, bounds: Bounds) -> str | None:
    """The sentence for the person who answered; None when the answer will do."""
    if value is None or value is False or value == []:
        return messages.missing(field) if field.limits.required else None
    check = _CHECKS.get(field.kind)
    return check(field, value, bounds) if check else None


def _text(field: Field, value: str, bounds: Bounds) -> str | None:
    limits = field.limits
    most = min(limits.max_length or LONGEST_MATCHED, LONGEST_MATCHED) if limits.pattern else limits.max_length
    if most is not None and len(value) > most:
        return messages.too_long(field, most)
    if limits.min_length is not None and len(value) < limits.min_length:
        return messages.too_short(field, limits.min_length)
    if limits.email and not _EMAIL.fullmatch(value):
        return messages.wrong_email(field)
    if limits.phone and not _PHONE.fullmatch(value):
        return messages.wrong_phone(field)
    if limits.pattern and not re.search(limits.pattern, value):
        return messages.wrong_pattern(field)
    return None


def _number(field: Field, value: Decimal, bounds: Bounds) -> str | None:
    limits = field.limits
    exponent = value.as_tuple().exponent
    if limits.decimals is not None and isinstance(exponent, int) and -exponent > limits.decimals:
        return messages.too_many_decimals(field, limits.decimals)
    if limits.minimum is not None and value < limits.minimum:
        return messages.too_small(field, limits.minimum)
    if limits.maximum is not None and value > limits.maximum:
        return messages.too_large(field, limits.maximum)
    if limits.step is not None and (Fraction(value) / Fraction(limits.step)).denominator != 1:
        return messages.off_step(field, limits.step)
    return None


def _date(field: Field, value: feel.Date, bounds: Bounds) -> str | None:
    day = value.to_python()
    if bounds.earliest is not None and day < bounds.earliest:
        return messages.too_early(field, bounds.earliest)
    if bounds.latest is not None and day > bounds.latest:
        return messages.too_late(field, bounds.latest)
    return None


def _choice(field: Field, value: str, bounds: Bounds) -> str | None:
    offered = {option.value for option in bounds.options}
    return None if value in offered else messages.not_offered(field)


def _choices(field: Field, value: list[str], bounds: Bounds) -> str | None:
    offered = {option.value for option in bounds.options}
    return None if offered.issuperset(value) else messages.not_offered(field)


def _files(field: Field, value: list[feel.Value], bounds: Bounds) -> str | None:
    return None if field.limits.multiple or len(value) == 1 else messages.one_file(field)


_CHECKS: Mapping[FieldKind, Callable[[Field, feel.Value, Bounds], str | None]] = {
    FieldKind.TEXTFIELD: _text,
    FieldKind.TEXTAREA: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.RADIO: _choice,
    FieldKind.SELECT: _choice,
    FieldKind.CHECKLIST: _choices,
    FieldKind.FILES: _files,
}
