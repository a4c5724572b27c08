"""Turns what was typed into FEEL values: each kind of question has one reader."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from engine import feel
from engine.forms import messages
from engine.forms.model import Field, FieldKind

Raw = Mapping[str, Sequence[str]]
"""What a browser posts: every name with its values in order."""

DATE_PARTS = ("day", "month", "year")
LONGEST = {FieldKind.TEXTFIELD: 5_000, FieldKind.TEXTAREA: 200_000}
"""Characters beyond which no answer is taken, whatever the form says."""

_MOST_DIGITS = 34  # what a FEEL number holds
_NOT_STORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d{1,34})(?:\.\d{1,34})?", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = re.compile(
    r"jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?"
    r"|nov(ember)?|dec(ember)?"
)


class UnusableAnswerError(ValueError):
    """What was typed is no value of its kind; the message is for the person who typed it."""


def read_answer(field: Field, name: str, raw: Raw) -> feel.Value:
    """The typed value, None for an empty answer. Raises `UnusableAnswerError`."""
    return _READERS[field.kind](field, name, raw)


def names_of(field: Field, name: str) -> tuple[str, ...]:
    """The HTML names whose values make up one answer."""
    return tuple(f"{name}-{part}" for part in DATE_PARTS) if field.kind is FieldKind.DATE else (name,)


def _text(field: Field, name: str, raw: Raw) -> str | None:
    text = _one(field, name, raw).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > LONGEST[field.kind]:
        raise UnusableAnswerError(messages.too_long(field, LONGEST[field.kind]))
    return text or None


def _number(field: Field, name: str, raw: Raw) -> Decimal | None:
    text = _one(field, name, raw).strip().removeprefix(field.prefix).removesuffix(field.suffix)
    text = "".join(text.split()).replace("−", "-")
    if not text:
        return None
    if not _NUMBER.fullmatch(text) or sum(map(str.isdigit, text)) > _MOST_DIGITS:
        raise UnusableAnswerError(messages.not_a_number(field))
    return Decimal(text.replace(",", ""))


def _date(field: Field, name: str, raw: Raw) -> feel.Value:
    day, month, year = (_one(field, one, raw).strip() for one in names_of(field, name))
    absent = [part for part, text in zip(DATE_PARTS, (day, month, year), strict=True) if not text]
    if len(absent) == 3:
        return None
    if absent:
        raise UnusableAnswerError(messages.incomplete_date(field, absent))
    if re.fullmatch(r"\d{1,3}", year, re.ASCII):
        raise UnusableAnswerError(messages.short_year(field))
    parts = (year, _month(month), day)
    if not all(re.fullmatch(r"\d{1,4}", part, re.ASCII) for part in parts):
        raise UnusableAnswerError(messages.unreal_date(field))
    try:
        return feel.Date.of(date(*map(int, parts)))
    except ValueError as error:
        raise UnusableAnswerError(messages.unreal_date(field)) from error


def _choice(field: Field, name: str, raw: Raw) -> str | None:
    return _one(field, name, raw) or None


def _choices(field: Field, name: str, raw: Raw) -> list[str]:
    return list(dict.fromkeys(value for value in raw.get(name, ()) if value))


def _ticked(field: Field, name: str, raw: Raw) -> bool:
    return any(value not in ("", "false") for value in raw.get(name, ()))


def _no_files(field: Field, name: str, raw: Raw) -> list[feel.Value]:
    """Files never come from posted text: the caller stores them and hands in their references."""
    return []


def _one(field: Field, name: str, raw: Raw) -> str:
    values = raw.get(name, ())
    if len(values) > 1:
        raise UnusableAnswerError(messages.several_answers(field))
    text = values[0] if values else ""
    if _NOT_STORABLE.search(text):
        raise UnusableAnswerError(messages.not_storable(field))
    return text


def _month(text: str) -> str:
    """A month's number, also from its English name."""
    name = text.lower().rstrip(".")
    return str(_MONTHS.index(name[:3]) + 1) if _MONTH_NAME.fullmatch(name) else text


_READERS: Mapping[FieldKind, Callable[[Field, str, Raw], feel.Value]] = {
    FieldKind.TEXTFIELD: _text,
    FieldKind.TEXTAREA: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.RADIO: _choice,
    FieldKind.SELECT: _choice,
    FieldKind.CHECKLIST: _choices,
    FieldKind.CHECKBOX: _ticked,
    FieldKind.FILES: _no_files,
}
