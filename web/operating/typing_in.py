"""A value typed in for a variable: asked for as what it is, checked, and read back as a FEEL value."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from engine import feel, forms

KEY = "value"


class Kind(StrEnum):
    """As what a value is typed in."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    FEEL = "feel"


WORDS: Mapping[Kind, str] = {
    Kind.TEXT: "Text",
    Kind.NUMBER: "Number",
    Kind.BOOLEAN: "Yes or no",
    Kind.DATE: "Date",
    Kind.FEEL: "List or group of values",
}

_IN_FEEL = (
    'Written in FEEL, for example ["one", "two"] or {name: "Example House", opened: date("2026-12-03")}'
)
_YES_NO = {"true": True, "false": False}
_ASKED: Mapping[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "textarea"},
    Kind.NUMBER: {"type": "number"},
    Kind.BOOLEAN: {
        "type": "radio",
        "values": [{"label": "Yes", "value": "true"}, {"label": "No", "value": "false"}],
    },
    Kind.DATE: {"type": "datetime", "subtype": "date", "dateLabel": "New value"},
    Kind.FEEL: {"type": "textarea", "description": _IN_FEEL},
}


def kind_of(value: feel.Value) -> Kind:
    """As what a value is typed in; one that is not there yet, as text."""
    match value:
        case bool():
            return Kind.BOOLEAN
        case str() | None:
            return Kind.TEXT
        case feel.Date():
            return Kind.DATE
        case _ if feel.type_name(value) == "number":
            return Kind.NUMBER
        case _:
            return Kind.FEEL


def form_for(kind: Kind) -> forms.Form:
    """The one question."""
    question = {"id": "Field_value", "key": KEY, "label": "New value"} | _ASKED[kind]
    return forms.read(json.dumps({"id": "value", "schemaVersion": 18, "components": [question]}).encode())


def prefilled(kind: Kind, value: feel.Value) -> forms.Raw:
    """The boxes with the value as it is; empty where it is of another kind."""
    if value is None or kind_of(value) is not kind:
        return {}
    if kind is Kind.BOOLEAN:
        return {KEY: ["true" if value else "false"]}
    if kind is Kind.FEEL:
        return {KEY: [written(value)]}
    return forms.prefill(form_for(kind), {KEY: value})


def read(kind: Kind, raw: forms.Raw, environment: feel.Environment) -> tuple[feel.Value, dict[str, str]]:
    """The value typed, and what is wrong with it by the id of the field; null where nothing was typed."""
    taken = forms.submit(form_for(kind), raw, {}, environment)
    value = taken.values.get(KEY)
    if taken.errors or not isinstance(value, str):
        return value, dict(taken.errors)
    if kind is Kind.BOOLEAN:
        return _YES_NO[value], {}
    return _evaluated(value, environment) if kind is Kind.FEEL else (value, {})


def written(value: feel.Value) -> str:
    """The value as FEEL text that gives it back."""
    match value:
        case list():
            return f"[{', '.join(map(written, value))}]"
        case dict():
            return f"{{{', '.join(f'{feel.literal(key)}: {written(each)}' for key, each in value.items())}}}"
        case None | bool() | str() | feel.Range():
            return feel.literal(value)
        case _ if feel.type_name(value) == "number":
            return feel.literal(value)
        case _:
            return f'@"{feel.literal(value)}"'


def _evaluated(text: str, environment: feel.Environment) -> tuple[feel.Value, dict[str, str]]:
    try:
        result = feel.compile(text).evaluate({}, environment)
    except (feel.FeelSyntaxError, feel.EvaluationBudgetError) as error:
        return None, {KEY: str(error)}
    if result.reasons:
        return None, {KEY: str(result.reasons[0])}
    return result.value, {}
