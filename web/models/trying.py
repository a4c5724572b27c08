"""A decision tried out in the library: a form made from the types of its inputs, and what it answers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine import feel, forms
from engine.dmn.notation import Decision, InputClause, Literal
from engine.dmn.types import Types
from engine.runtime import calendars
from engine.runtime.library import DeployedDecision
from web import edge
from web import forms as form_pages
from web.presenters import trials

YES_NO = {"true": True, "false": False}
_IN_FEEL = 'Written in FEEL, for example 12, "text", [1, 2] or {name: 1}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An input of a decision as a question; `type` is a FEEL type name, `choices` the texts it may be."""

    key: str
    name: str
    label: str
    type: str
    choices: tuple[str, ...]

    @property
    def in_feel(self) -> bool:
        """Whether the answer is FEEL text, since no kind of question fits the type."""
        return self.type not in ("string", "number", "boolean", "date")


def form_of(deployed: DeployedDecision) -> dict[str, Any]:
    """The empty form of a decision."""
    asked = _asked(deployed)
    return {"asked": bool(asked), "trial": None} | _drawn(_form(asked), {}, {})


def tried(connection: Connection, deployed: DeployedDecision, raw: forms.Raw) -> dict[str, Any]:
    """The form with what was typed, and either what is wrong with it or what the decision answers."""
    asked = _asked(deployed)
    form = _form(asked)
    calendar = edge.library().calendar(connection, calendars.newest(connection))
    environment = feel.Environment(at=edge.now(), calendar=calendar)
    taken = forms.submit(form, raw, {}, environment)
    values, wrong = _values(asked, taken.values, environment)
    errors = {**taken.errors, **wrong}
    page = {"asked": bool(asked), "trial": None} | _drawn(form, raw, errors)
    if errors:
        return page
    explanation = deployed.model.explain(deployed.decision_id, values, environment)
    return page | {"trial": trials.trial(explanation)}


def _drawn(form: forms.Form, raw: forms.Raw, errors: Mapping[str, str]) -> dict[str, Any]:
    environment = feel.Environment(at=edge.now())
    return {
        "questions": form_pages.render(form, raw, errors, {}, environment, guidance_link=None, heading=3),
        "errors": errors,
        "error_summary": form_pages.error_summary(form, errors),
    }


# --- from inputs to questions ---------------------------------------------------------------------


def _asked(deployed: DeployedDecision) -> list[Asked]:
    """What the decision and those it rests on ask for; without drawn inputs, what its expressions read."""
    model = deployed.model
    types = Types(model.graph.main, model.graph.files)
    columns = {name: column for each in model.decisions.values() for name, column in _columns(each)}
    stated = model.inputs_of(deployed.decision_id)
    inputs = stated or dict.fromkeys(_read(model.decision(deployed.decision_id)), "")
    found = []
    for number, (name, reference) in enumerate(inputs.items(), 1):
        item = types.item(reference)
        column = columns.get(name)
        plain = item is None or not (item.collection or item.components)
        type_ref = (
            item.type_ref if item is not None else reference or (column.expression.type_ref if column else "")
        )
        allowed = (item.allowed if item is not None else "") or (column.values if column else "")
        found.append(
            Asked(
                key=f"input_{number}",
                name=name,
                label=(column.label if column else "") or name,
                type=type_ref if plain else "context",
                choices=_texts(allowed) if type_ref == "string" and plain else (),
            )
        )
    return found


def _columns(decision: Decision) -> Iterator[tuple[str, InputClause]]:
    """Columns that test an input as it is, by the name of the input."""
    for column in decision.table.inputs if decision.table else ():
        yield column.expression.text, column


def _read(decision: Decision) -> list[str]:
    """The variables that the decision's own expressions read, in order."""
    texts = [column.expression.text for column in decision.table.inputs] if decision.table else []
    if isinstance(decision.expression, Literal):
        texts = [decision.expression.text]
    return list(dict.fromkeys(name for text in texts for name in sorted(feel.compile(text).names)))


def _texts(allowed: str) -> tuple[str, ...]:
    """The allowed values where they are a plain list of texts."""
    try:
        values = feel.evaluate(f"[{allowed}]", {}) if allowed else None
    except feel.FeelSyntaxError:
        return ()
    if isinstance(values, list) and all(isinstance(value, str) for value in values):
        return tuple(str(value) for value in values)
    return ()


def _form(asked: list[Asked]) -> forms.Form:
    components = [
        {"id": f"Field_{each.key}", "key": each.key, "label": each.label} | _kind(each) for each in asked
    ]
    document = {"id": "try", "schemaVersion": 18, "components": components}
    return forms.read(json.dumps(document).encode())


def _kind(asked: Asked) -> dict[str, Any]:
    if asked.type == "boolean":
        values = [{"label": "Yes", "value": "true"}, {"label": "No", "value": "false"}]
        return {"type": "select", "values": values}
    if asked.choices:
        return {"type": "select", "values": [{"label": each, "value": each} for each in asked.choices]}
    if asked.type == "number":
        return {"type": "number"}
    if asked.type == "date":
        return {"type": "datetime", "subtype": "date", "dateLabel": asked.label}
    return {"type": "textfield"} | ({"description": _IN_FEEL} if asked.in_feel else {})


# --- from answers to values -----------------------------------------------------------------------


def _values(
    asked: list[Asked], taken: Mapping[str, feel.Value], environment: feel.Environment
) -> tuple[dict[str, feel.Value], dict[str, str]]:
    """The inputs by name, and what is wrong with answers in FEEL by field."""
    values: dict[str, feel.Value] = {}
    errors = {}
    for each in asked:
        answer = taken[each.key]
        if each.type == "boolean" and isinstance(answer, str):
            answer = YES_NO[answer]
        elif each.in_feel and isinstance(answer, str):
            answer, why = _evaluated(answer, environment)
            if why:
                errors[each.key] = f"{each.label}: {why}"
        values[each.name] = answer
    return values, errors


def _evaluated(text: str, environment: feel.Environment) -> tuple[feel.Value, str]:
    try:
        result = feel.compile(text).evaluate({}, environment)
    except (feel.FeelSyntaxError, feel.EvaluationBudgetError) as error:
        return None, str(error)
    return result.value, str(result.reasons[0]) if result.reasons and result.value is None else ""
