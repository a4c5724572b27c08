"""Correcting a variable of a case: choose it, type the new value, see what that does, give the reason."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from engine import feel, forms
from engine.runtime import operator
from engine.runtime.errors import NotFoundError
from engine.runtime.operator import RIGHTS, Command, Held, OperatorRefusedError
from web import edge
from web import forms as form_pages
from web.access import for_roles
from web.operating import typing_in
from web.operating.giving import Opened, foreseen, give, open_for, shown
from web.operating.typing_in import WORDS, Kind
from web.pages import go, typed_fields
from web.presenters.twin import name_of
from web.presenters.values import label

blueprint = Blueprint("case_variables", __name__, url_prefix="/cases/<reference>/manage/variables")

ONE = "/<int:scope_id>/<name>"
OF_THE_PAGE = {"length", "reason", "as", "given"}
"""Fields of the form that are no answer."""


@blueprint.get("")
@for_roles(*RIGHTS[Command.SET_VARIABLE])
def all_of(reference: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        opened = open_for(connection, reference, Command.SET_VARIABLE)
        groups = _groups(opened)
        return shown(connection, opened, "operating/variables.html", {}, groups=groups)


@blueprint.post("")
@for_roles(*RIGHTS[Command.SET_VARIABLE])
def choose(reference: str) -> ResponseReturnValue:
    """On to a variable that the case does not have yet."""
    name = request.form.get("name", "").strip()
    if name.isidentifier():
        return go("case_variables.one", reference=reference, scope_id=0, name=name)
    with edge.reading() as connection:
        opened = open_for(connection, reference, Command.SET_VARIABLE)
        groups = _groups(opened)
        errors = {"name": "Enter a name of letters, digits and _ that begins with a letter"}
        return shown(connection, opened, "operating/variables.html", errors, groups=groups)


@blueprint.get(ONE)
@for_roles(*RIGHTS[Command.SET_VARIABLE])
def one(reference: str, scope_id: int, name: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        opened = open_for(connection, reference, Command.SET_VARIABLE)
        known = _known(opened, scope_id, name)
        kind = _kind(request.args.get("as", ""), known["value"])
        raw = typing_in.prefilled(kind, known["value"])
        return shown(connection, opened, "operating/variable.html", {}, **_asked(known, kind, raw, {}))


@blueprint.post(ONE)
@for_roles(*RIGHTS[Command.SET_VARIABLE])
def give_value(reference: str, scope_id: int, name: str) -> ResponseReturnValue:
    """First shows what the value does; given with its reason, it is recorded."""
    again = partial(_seen, reference, scope_id, name)
    kind = _kind(request.form.get("as", ""), None)
    value, wrong = typing_in.read(kind, _raw(), feel.Environment(at=edge.now()))
    if wrong or "given" not in request.form:
        return again({})
    verb = partial(operator.set_variable, scope_id=scope_id, name=name, value=value)
    return give(reference, verb, again, saying=f"Corrected: {label(name).lower()}")


def _seen(reference: str, scope_id: int, name: str, errors: Mapping[str, str]) -> ResponseReturnValue:
    """The value as it was typed, with what is wrong with it or what it would do."""
    with edge.reading() as connection:
        opened = open_for(connection, reference, Command.SET_VARIABLE)
        known, kind, raw = _known(opened, scope_id, name), _kind(request.form.get("as", ""), None), _raw()
        value, wrong = typing_in.read(kind, raw, feel.Environment(at=edge.now()))
        context = _asked(known, kind, raw, wrong)
        if not wrong:
            seen, wrong = _effects(connection, opened, scope_id, name, value)
            context |= seen
        return shown(connection, opened, "operating/variable.html", {**wrong, **errors}, **context)


def _effects(
    connection: Connection, opened: Opened, scope_id: int, name: str, value: feel.Value
) -> tuple[dict[str, Any], dict[str, str]]:
    try:
        effects = foreseen(connection, opened.case, operator.correcting(name, value, scope_id))
    except OperatorRefusedError as error:
        return {}, {typing_in.KEY: f"{error.reason} {error.remedy}"}
    carried = [(field, text) for field, texts in _raw().items() for text in texts]
    return {"effects": effects, "new": _words(value), "carried": carried}, {}


def _known(opened: Opened, scope_id: int, name: str) -> dict[str, Any]:
    """The variable as it is, and where. Raises NotFoundError for a scope that is not there."""
    held = next((each for each in opened.choices.held if each.scope_id == scope_id), None)
    if held is None or not name.isidentifier():
        raise NotFoundError("variable with this name in the case")
    value = held.variables.get(name)
    found = {"scope_id": scope_id, "name": name, "label": label(name), "place": _place(held)}
    return found | {"value": value, "now": _words(value)}


def _asked(known: Mapping[str, Any], kind: Kind, raw: forms.Raw, errors: Mapping[str, str]) -> dict[str, Any]:
    environment = feel.Environment(at=edge.now())
    form = typing_in.form_for(kind)
    return {
        "known": known,
        "kind": kind,
        "kinds": [(each, WORDS[each]) for each in Kind if each is not kind],
        "error_summary": form_pages.error_summary(form, errors),
        "question": form_pages.render(form, raw, errors, {}, environment, guidance_link=None),
        "effects": None,
    }


def _kind(asked: str, value: feel.Value) -> Kind:
    return Kind(asked) if asked in set(Kind) else typing_in.kind_of(value)


def _raw() -> forms.Raw:
    return {name: texts for name, texts in typed_fields().items() if name not in OF_THE_PAGE}


def _place(held: Held) -> str:
    return "The whole case" if held.element is None else f"Only within “{name_of(held.element)}”"


def _groups(opened: Opened) -> list[tuple[str, int, list[tuple[str, str, str]]]]:
    """The variables of the case, then of each place within it those that are not just copies of them."""
    case = next((each.variables for each in opened.choices.held if each.scope_id == 0), {})
    found = []
    for held in opened.choices.held:
        own = {
            name: value
            for name, value in sorted(held.variables.items())
            if held.scope_id == 0 or name not in case or case[name] != value
        }
        rows = [(name, label(name), _words(value)) for name, value in own.items()]
        if rows:
            found.append((_place(held), held.scope_id, rows))
    return found


def _words(value: feel.Value) -> str:
    return forms.shown(value) or "nothing"
