"""A question as the parameters of its GOV.UK macro: label, hint, error, value and choices."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from engine import forms
from engine.forms import FieldKind

SENSITIVE = "Sensitive: every view of this answer is recorded."
_DATE_WIDTHS = {"day": 2, "month": 2, "year": 4}
_WIDTHS = (2, 3, 4, 5, 10, 20, 30)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The name of a macro and its parameters."""

    macro: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A question about to be drawn."""

    field: forms.Field
    name: str
    raw: forms.Raw
    error: str | None
    options: Sequence[forms.Option]
    hint: Markup

    @property
    def typed(self) -> str:
        """What stands in a question of one value: as typed, even when it will not do."""
        values = self.raw.get(self.name, ())
        return values[0] if values else ""

    @property
    def around(self) -> dict[str, Any]:
        """Hint and error, as every macro takes them."""
        found: dict[str, Any] = {}
        if self.hint:
            found["hint"] = {"html": self.hint}
        if self.error:
            found["errorMessage"] = {"text": self.error}
        if self.field.sensitive:
            found["formGroup"] = {"attributes": {"data-sensitive": "true"}}
        return found

    @property
    def labelled(self) -> dict[str, Any]:
        """For macros with one control."""
        return {"id": self.name, "name": self.name, "label": {"text": self.field.label}, **self.around}

    @property
    def legended(self) -> dict[str, Any]:
        """For macros with several controls."""
        return {"fieldset": {"legend": {"text": self.field.label}}, **self.around}


def draw_field(
    field: forms.Field,
    name: str,
    *,
    raw: forms.Raw,
    error: str | None,
    options: Sequence[forms.Option],
    only_if: str,
    known: str,
) -> Drawn:
    """The macro for a question under its HTML name; `known` is the value of a read-only one."""
    if field.readonly:
        return Drawn(
            "summary", {"rows": [{"key": {"text": field.label}, "value": {"text": known or "Not known"}}]}
        )
    hints = (f"Only if {only_if}." if only_if else "", field.hint, SENSITIVE if field.sensitive else "")
    hint = Markup("<br>").join(one for one in hints if one)
    asked = _Asked(field=field, name=name, raw=raw, error=error, options=options, hint=hint)
    return _DRAWERS[field.kind](asked)


def _text(asked: _Asked) -> Drawn:
    limits = asked.field.limits
    params = {**asked.labelled, "value": asked.typed, **_affixes(asked.field)}
    if limits.max_length and limits.max_length <= _WIDTHS[-1]:
        params["classes"] = f"govuk-input--width-{min(w for w in _WIDTHS if w >= limits.max_length)}"
    if limits.email:
        params |= {"type": "email", "spellcheck": False}
    if limits.phone:
        params["type"] = "tel"
    if asked.field.sensitive:
        params["autocomplete"] = "off"
    return Drawn("input", params)


def _area(asked: _Asked) -> Drawn:
    params = {**asked.labelled, "value": asked.typed, "rows": "5"}
    if asked.field.sensitive:
        params["autocomplete"] = "off"
    most = asked.field.limits.max_length
    return Drawn("count", {**params, "maxlength": most}) if most else Drawn("textarea", params)


def _number(asked: _Asked) -> Drawn:
    whole = asked.field.limits.decimals == 0
    params = {
        "inputmode": "numeric" if whole else "decimal",
        "spellcheck": False,
        "classes": "govuk-input--width-10",
    }
    return Drawn("input", {**asked.labelled, "value": asked.typed, **params, **_affixes(asked.field)})


def _date(asked: _Asked) -> Drawn:
    items = []
    for part, width in _DATE_WIDTHS.items():
        name = f"{asked.name}-{part}"
        values = asked.raw.get(name, ())
        wrong = " govuk-input--error" if asked.error else ""
        items.append(
            {
                "id": name,
                "name": name,
                "label": part.capitalize(),
                "classes": f"govuk-input--width-{width}{wrong}",
                "value": values[0] if values else "",
            }
        )
    return Drawn("date", {**asked.legended, "id": asked.name, "items": items})


def _radios(asked: _Asked) -> Drawn:
    return Drawn("radios", {**asked.legended, **_choosing(asked)})


def _checklist(asked: _Asked) -> Drawn:
    return Drawn("checkboxes", {**asked.legended, **_choosing(asked)})


def _choosing(asked: _Asked) -> dict[str, Any]:
    chosen = set(asked.raw.get(asked.name, ()))
    items = [{"value": one.value, "text": one.label, "checked": one.value in chosen} for one in asked.options]
    return {"idPrefix": asked.name, "name": asked.name, "items": items}


def _select(asked: _Asked) -> Drawn:
    offered = [{"value": "", "text": "Choose one"}]
    chosen = [
        {"value": one.value, "text": one.label, "selected": one.value == asked.typed} for one in asked.options
    ]
    return Drawn("select", {**asked.labelled, "items": offered + chosen})


def _checkbox(asked: _Asked) -> Drawn:
    ticked = any(value not in ("", "false") for value in asked.raw.get(asked.name, ()))
    items = [{"value": "true", "text": asked.field.label, "checked": ticked}]
    return Drawn("checkboxes", {**asked.around, "idPrefix": asked.name, "name": asked.name, "items": items})


def _files(asked: _Asked) -> Drawn:
    limits = asked.field.limits
    attributes = {"accept": ",".join(limits.accept)} if limits.accept else {}
    return Drawn("files", {**asked.labelled, "multiple": limits.multiple, "attributes": attributes})


def _affixes(field: forms.Field) -> dict[str, Any]:
    affixes = {"prefix": field.prefix, "suffix": field.suffix}
    return {where: {"text": text} for where, text in affixes.items() if text}


_DRAWERS: Mapping[FieldKind, Callable[[_Asked], Drawn]] = {
    FieldKind.TEXTFIELD: _text,
    FieldKind.TEXTAREA: _area,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.RADIO: _radios,
    FieldKind.SELECT: _select,
    FieldKind.CHECKLIST: _checklist,
    FieldKind.CHECKBOX: _checkbox,
    FieldKind.FILES: _files,
}
