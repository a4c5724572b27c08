"""Start an inspection or other work: choose the service and the process, then who and when."""

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import Connection

from engine import forms
from engine.queries import services
from engine.starting import SETTINGS, Door
from web import edge, roles, sending
from web import forms as form_pages
from web.access import for_roles
from web.inbox.working import ROW_ACTION, rule_link
from web.offers import offered
from web.pages import go, page, typed_fields
from web.planning import plan
from web.planning.plan import Sheet

blueprint = Blueprint("planning", __name__)


@blueprint.get("/inspections/start")
@for_roles(roles.PLANNER)
def start() -> ResponseReturnValue:
    with edge.reading() as connection:
        errors = _wrong(connection, request.args) if request.args else {}
        if errors or not request.args:
            return _choosing(connection, request.args, errors)
        asked = plan.sheet(connection, request.args["service"], request.args["process"])
        raw = forms.prefill(asked.form, asked.context) if asked.form is not None else {}
        return _asking(asked, {}, raw)


@blueprint.post("/inspections/start")
@for_roles(roles.PLANNER)
def begin() -> ResponseReturnValue:
    with edge.writing() as connection:
        if errors := _wrong(connection, request.form):
            return _choosing(connection, request.form, errors)
        asked = plan.sheet(connection, request.form["service"], request.form["process"])
        if asked.form is not None and ROW_ACTION in request.form:
            return _asking(asked, {}, forms.act(asked.form, typed_fields(), request.form[ROW_ACTION]))
        planned, errors, answers = plan.read(asked)
        if planned is None:
            return _asking(asked, errors, answers.raw if answers is not None else {})
        sent = sending.first(connection)
        case = plan.begin(connection, asked, planned)
        sent.made("cases.summary", reference=case.reference)
    saying = f"“{asked.offer.name}” has started as {case.reference}"
    return go("cases.summary", reference=case.reference, saying=saying)


@blueprint.post("/inspections/start/redraw")
@for_roles(roles.PLANNER)
def redraw() -> ResponseReturnValue:
    """The start event's form as the answers so far make it; nothing is recorded."""
    with edge.reading() as connection:
        if _wrong(connection, request.form):
            return ""
        asked = plan.sheet(connection, request.form["service"], request.form["process"])
        return str(_drawn(asked, {}, typed_fields(), redraw=True))


def _wrong(connection: Connection, chosen: Any) -> dict[str, str]:
    return plan.wrong_choice(connection, chosen.get("service", ""), chosen.get("process", ""))


def _choosing(connection: Connection, chosen: Any, errors: dict[str, str]) -> ResponseReturnValue:
    found = [
        {"id": each.id, "name": each.name, "for": each.terms.settings or tuple(SETTINGS)}
        for each in offered(connection, Door.PLANNING)
    ]
    every = list(connection.execute(services.all_services()))
    status = 422 if errors else 200
    return page(
        "planning/choose.html", status=status, services=every, offers=found, typed=chosen, errors=errors
    )


def _asking(asked: Sheet, errors: dict[str, str], raw: forms.Raw) -> ResponseReturnValue:
    return page(
        "planning/start.html",
        status=422 if errors else 200,
        sheet=asked,
        typed=asked.typed(),
        form=_drawn(asked, errors, raw),
        asked=" ".join(sorted(asked.form.asked)) if asked.form is not None else "",
        errors=errors,
    )


def _drawn(asked: Sheet, errors: dict[str, str], raw: forms.Raw, *, redraw: bool = False) -> Markup:
    if asked.form is None:
        return Markup()
    return form_pages.render(
        asked.form,
        raw,
        errors,
        asked.context,
        asked.environment,
        redraw=redraw,
        guidance_link=rule_link,
    )
