"""Managing a case: where it stands, and every command that its operator may give, seen before it is given."""

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from engine.runtime import operator
from engine.runtime.library import Library
from engine.runtime.operator import RIGHTS, Command
from web import edge, roles
from web.access import for_roles
from web.cases.opening import framed
from web.operating import lead, life, moving, standing
from web.operating.giving import LIVE, give, look_at, open_for, shown
from web.pages import page

blueprint = Blueprint("operating", __name__, url_prefix="/cases/<reference>/manage")

NO_ERRORS: Mapping[str, str] = {}
LIFE = "/<any(suspend, resume, cancel):order>"


@blueprint.get("")
@for_roles(*roles.REPAIR)
def overview(reference: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        opened = look_at(connection, reference)
        found = standing.shown(connection, opened)
        return page("operating/overview.html", **framed(connection, opened.case, **found))


@blueprint.get(LIFE)
@for_roles(*RIGHTS[Command.CANCEL])
def order(reference: str, order: str) -> ResponseReturnValue:
    return _order(reference, life.ORDERS[order], NO_ERRORS)


@blueprint.post(LIFE)
@for_roles(*RIGHTS[Command.CANCEL])
def give_order(reference: str, order: str) -> ResponseReturnValue:
    found = life.ORDERS[order]
    return give(reference, found.verb, partial(_order, reference, found), saying=found.done)


@blueprint.get("/move")
@for_roles(*RIGHTS[Command.MOVE])
def move(reference: str) -> ResponseReturnValue:
    """Choose a token, then where it goes, then see what that does: all by address."""
    return _move(reference, NO_ERRORS)


@blueprint.post("/move")
@for_roles(*RIGHTS[Command.MOVE])
def give_move(reference: str) -> ResponseReturnValue:
    token, to = moving.number(request.form.get("token", "")), request.form.get("to", "")
    verb = partial(operator.move_token, token_id=token, element=to)
    return give(reference, verb, partial(_move, reference), saying="The case is where you moved it")


@blueprint.get("/restart")
@for_roles(*RIGHTS[Command.RESTART])
def restart(reference: str) -> ResponseReturnValue:
    return _restart(reference, NO_ERRORS)


@blueprint.post("/restart")
@for_roles(*RIGHTS[Command.RESTART])
def give_restart(reference: str) -> ResponseReturnValue:
    verb = partial(operator.restart, element=request.form.get("to", ""))
    return give(reference, verb, partial(_restart, reference), saying="The case is back where you took it")


@blueprint.get("/lead")
@for_roles(*RIGHTS[Command.CHANGE_LEAD])
def change_lead(reference: str) -> ResponseReturnValue:
    return _lead(reference, NO_ERRORS)


@blueprint.post("/lead")
@for_roles(*RIGHTS[Command.CHANGE_LEAD])
def give_lead(reference: str) -> ResponseReturnValue:
    verb = partial(operator.change_lead, role=request.form.get("role", ""), to=request.form.get("to", ""))
    return give(reference, verb, partial(_lead, reference), saying="The case has another person in that role")


@blueprint.get("/release/<int:task_id>")
@for_roles(*RIGHTS[Command.RELEASE])
def release(reference: str, task_id: int) -> ResponseReturnValue:
    return _release(reference, task_id, NO_ERRORS)


@blueprint.post("/release/<int:task_id>")
@for_roles(*RIGHTS[Command.RELEASE])
def give_release(reference: str, task_id: int) -> ResponseReturnValue:
    def verb(connection: Connection, library: Library, *, instance_id: int, **given: object) -> None:
        standing.claimed(connection, instance_id, task_id)
        operator.release_claim(connection, library, task_id=task_id, **given)  # type: ignore[arg-type]  # as `give` gives it

    return give(
        reference, verb, partial(_release, reference, task_id), saying="Others can claim the task now"
    )


def _order(reference: str, order: life.Order, errors: Mapping[str, str]) -> ResponseReturnValue:
    with edge.reading() as connection:
        opened = open_for(connection, reference, order.command, order.states)
        effects = life.effects_of(connection, opened, order)
        return shown(connection, opened, "operating/order.html", errors, order=order, effects=effects)


def _move(reference: str, errors: Mapping[str, str]) -> ResponseReturnValue:
    with edge.reading() as connection:
        opened = open_for(connection, reference, Command.MOVE)
        found = moving.to_another(connection, opened, request.values)
        return shown(connection, opened, "operating/move.html", found.pop("errors") or errors, **found)


def _restart(reference: str, errors: Mapping[str, str]) -> ResponseReturnValue:
    with edge.reading() as connection:
        opened = open_for(connection, reference, Command.RESTART)
        found = moving.back(connection, opened, request.values)
        return shown(connection, opened, "operating/restart.html", found.pop("errors") or errors, **found)


def _lead(reference: str, errors: Mapping[str, str]) -> ResponseReturnValue:
    with edge.reading() as connection:
        opened = open_for(connection, reference, Command.CHANGE_LEAD, LIVE)
        found = lead.shown(connection, opened, request.values)
        return shown(connection, opened, "operating/lead.html", found.pop("errors") or errors, **found)


def _release(reference: str, task_id: int, errors: Mapping[str, str]) -> ResponseReturnValue:
    with edge.reading() as connection:
        opened = open_for(connection, reference, Command.RELEASE, LIVE)
        task = standing.claimed(connection, opened.case.id, task_id)
        return shown(connection, opened, "operating/release.html", errors, task=task)
