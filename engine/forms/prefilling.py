"""Fills a form from the case's variables before anyone has typed."""

from collections.abc import Mapping
from decimal import Decimal

from engine import feel
from engine.forms.model import Field, FieldKind, Form, Rows, row_name
from engine.forms.typed import DATE_PARTS


def prefill(form: Form, context: Mapping[str, feel.Value]) -> dict[str, list[str]]:
    """What the browser would have posted for the variables' values; defaults where there are none."""
    raw: dict[str, list[str]] = {}
    for one in form.fields:
        value = context.get(one.key)
        if isinstance(one, Rows):
            raw.update(_rows(one, value))
        else:
            raw.update(_field(one, one.key, one.default if value is None else value))
    return raw


def _rows(rows: Rows, value: feel.Value) -> dict[str, list[str]]:
    entries = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    count = len(entries) or rows.first_rows
    raw = {rows.key: [str(number) for number in range(count)]}
    for number in range(count):
        entry = entries[number] if entries else {}
        for one in rows.fields:
            known = entry.get(one.key)
            raw.update(
                _field(one, row_name(rows.key, number, one.key), one.default if known is None else known)
            )
    return raw


def _field(field: Field, name: str, value: feel.Value) -> dict[str, list[str]]:
    """A value of another kind than the question's is not shown: it could not have been its answer."""
    match field.kind, value:
        case FieldKind.DATE, feel.Date():
            return _date(name, value)
        case FieldKind.DATE, str():
            day = feel.Date.parse(value)
            return _date(name, day) if day else {}
        case FieldKind.NUMBER, Decimal():
            return {name: [f"{value:f}"]}
        case FieldKind.CHECKBOX, bool():
            return {name: ["true"]} if value else {}
        case FieldKind.CHECKLIST, list() | tuple():
            return {name: [one for one in value if isinstance(one, str)]}
        case FieldKind.FILES | FieldKind.CHECKBOX | FieldKind.CHECKLIST | FieldKind.NUMBER, _:
            return {}
        case _, str():
            return {name: [value]}
    return {}


def _date(name: str, value: feel.Date) -> dict[str, list[str]]:
    parts = (value.day, value.month, value.year)
    return {f"{name}-{part}": [str(number)] for part, number in zip(DATE_PARTS, parts, strict=True)}
