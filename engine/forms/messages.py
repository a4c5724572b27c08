"""The sentences people read when an answer will not do: what is wrong and how to put it right."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from engine.forms.model import CHOICES, Field, FieldKind, Rows
from engine.workdays import in_words


def missing(field: Field) -> str:
    """Nothing was answered: the author's sentence, or one made from the label."""
    if field.error_message:
        return field.error_message
    if field.kind is FieldKind.CHECKBOX:
        return f"Tick “{field.label}” to continue"
    if field.kind is FieldKind.FILES:
        return f"Choose a file for {_inside(field.label)}"
    return f"{'Select' if field.kind in CHOICES else 'Enter'} {_inside(field.label)}"


def no_rows(rows: Rows) -> str:
    return rows.error_message or f"Add at least one entry to {_inside(rows.label or rows.key)}"


def too_many_rows(rows: Rows, most: int) -> str:
    return f"{_subject(rows.label or rows.key)} must have {most} entries or fewer"


def several_answers(field: Field) -> str:
    return f"{_subject(field.label)} must have one answer, not several"


def not_storable(field: Field) -> str:
    return f"{_subject(field.label)} must not include control characters: type the answer again"


def not_offered(field: Field) -> str:
    return field.error_message or f"Select {_inside(field.label)} from the choices shown"


def too_short(field: Field, least: int) -> str:
    return f"{_subject(field.label)} must be {least:,} characters or more"


def too_long(field: Field, most: int) -> str:
    return f"{_subject(field.label)} must be {most:,} characters or fewer"


def wrong_pattern(field: Field) -> str:
    return field.limits.pattern_message or f"{_subject(field.label)} must be in the format asked for"


def wrong_email(field: Field) -> str:
    return f"{_subject(field.label)} must be an email address, like name@example.com"


def wrong_phone(field: Field) -> str:
    return f"{_subject(field.label)} must be a phone number, like 01632 960 001"


def not_a_number(field: Field) -> str:
    return f"{_subject(field.label)} must be a number, like {'12.5' if field.limits.decimals else '12'}"


def too_many_decimals(field: Field, most: int) -> str:
    if most == 0:
        return f"{_subject(field.label)} must be a whole number"
    return f"{_subject(field.label)} must have at most {most} decimal place{'' if most == 1 else 's'}"


def off_step(field: Field, step: Decimal) -> str:
    return f"{_subject(field.label)} must be a multiple of {step:f}"


def too_small(field: Field, least: Decimal) -> str:
    return f"{_subject(field.label)} must be {least:f} or more"


def too_large(field: Field, most: Decimal) -> str:
    return f"{_subject(field.label)} must be {most:f} or less"


def incomplete_date(field: Field, absent: Iterable[str]) -> str:
    return f"{_subject(field.label)} must include a {' and '.join(absent)}"


def short_year(field: Field) -> str:
    return f"The year of {_inside(field.label)} must have 4 numbers"


def unreal_date(field: Field) -> str:
    return f"{_subject(field.label)} must be a real date"


def too_early(field: Field, earliest: date) -> str:
    return f"{_subject(field.label)} must be {in_words(earliest)} or later"


def too_late(field: Field, latest: date) -> str:
    return f"{_subject(field.label)} must be {in_words(latest)} or earlier"


def one_file(field: Field) -> str:
    return f"Choose only one file for {_inside(field.label)}"


def in_row(message: str, rows: Rows, index: int) -> str:
    """The same sentence, saying which row it is about."""
    return f"{message} ({_inside(rows.label or rows.key)}, entry {index + 1})"


def _subject(label: str) -> str:
    """The label as the start of a sentence; a question is quoted."""
    return f"The answer to “{label}”" if label.endswith("?") else label


def _inside(label: str) -> str:
    """The label inside a sentence: not capitalised, unless it begins with an abbreviation or a name."""
    if label.endswith("?"):
        return f"an answer to “{label}”"
    first = label.split(" ", 1)[0]
    return label if len(first) < 2 or not first[1:].islower() else label[0].lower() + label[1:]
