"""Running cases on their way to another version of their process: seen first, moved, and taken back."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from engine.queries import migration as queries
from engine.queries import people
from engine.runtime import migration, user_tasks
from engine.runtime.operator import RIGHTS, Command
from web import edge, metrics
from web.access import for_roles, me
from web.manage.moving import Mover, Outcome
from web.models import versions
from web.pages import page
from web.presenters import migration as rows
from web.presenters.migration import Elements

blueprint = Blueprint("migrating", __name__)

CASES = "/processes/<int:definition_id>/cases"
MOST = 50
"""Cases that are seen and moved at a time; more is work for the command line."""

RENAMED = "as."
"""Opens the name of a field that says what an element is called in the new version."""

NO_ERRORS: Mapping[str, str] = {}


@blueprint.get(CASES)
@for_roles(*RIGHTS[Command.MIGRATE])
def cases(definition_id: int) -> ResponseReturnValue:
    return _preview(definition_id, NO_ERRORS)


@blueprint.post(CASES)
@for_roles(*RIGHTS[Command.MIGRATE])
def move(definition_id: int) -> ResponseReturnValue:
    """Moves the cases chosen, or all that the page showed, each in a transaction of its own."""
    reason, chosen = _reason(), _chosen("all" if "every" in request.form else "case")
    errors = _wrong(reason, chosen, "case")
    if errors:
        return _preview(definition_id, errors)
    with edge.reading() as connection:
        version = versions.versions(connection, "processes", definition_id).this
        by = user_tasks.actor(me())
        free = queries.unrestricted(connection, chosen)
    done = _mover().move(version.key, version.version, _rename(), free, reason, by)
    return _told(definition_id, "Cases moved", done)


@blueprint.post(f"{CASES}/undo")
@for_roles(*RIGHTS[Command.MIGRATE])
def undo(definition_id: int) -> ResponseReturnValue:
    """Takes back the last moves of the cases chosen."""
    reason, chosen = _reason("undo_reason"), _chosen("undo")
    errors = _wrong(reason, chosen, "undo", "undo_reason")
    if errors:
        return _preview(definition_id, errors)
    with edge.reading() as connection:
        by = user_tasks.actor(me())
        free = queries.unrestricted(connection, chosen)
    return _told(definition_id, "Moves taken back", _mover().undo(free, reason, by))


def _preview(definition_id: int, errors: Mapping[str, str]) -> ResponseReturnValue:
    with edge.reading() as connection:
        version = versions.versions(connection, "processes", definition_id).this
        shown, wrong = _seen(connection, version.key, version.version)
        moves = queries.recent_moves(connection, version.key)
        names = people.names(connection, {each.by for each in moves})
        shown["moves"] = [rows.move_row(each, names) for each in moves]
    errors = {**wrong, **errors}
    status = 422 if errors else 200
    return page(
        "models/cases.html", status=status, version=version, errors=errors, typed=request.form, **shown
    )


def _seen(connection: Connection, process_id: str, version: int) -> tuple[dict[str, Any], dict[str, str]]:
    """The table of the cases with what each maps to; with names that are not there, without those names."""
    rename, wrong = _rename(), {}
    try:
        to = _target(connection, process_id, version, rename)
    except migration.RenameError as error:
        rename, wrong = {}, {"renaming": f"{error.reason} {error.remedy}"}
        to = _target(connection, process_id, version, rename)
    there = migration.cases_on_other_versions(connection, to)
    free = queries.unrestricted(connection, there)
    previews = _mover().foresee(connection, to, free[:MOST])
    old, new = _elements(connection, to), to.process.model.elements
    found = [rows.case_row(each, old, new) for each in previews]
    return {
        "rows": found,
        "movable": [each for each in found if not each.problems],
        "missing": rows.missing(previews, old, new, rename),
        "rename": [(f"{RENAMED}{each}", name) for each, name in rename.items()],
        "more": len(free) - len(found),
        "restricted": len(there) - len(free),
    }, wrong


def _target(
    connection: Connection, process_id: str, version: int, rename: Mapping[str, str]
) -> migration.Target:
    return migration.target(connection, edge.library(), process_id=process_id, version=version, rename=rename)


def _elements(connection: Connection, to: migration.Target) -> Elements:
    """The elements of the versions to move from, as the newest that has them draws them."""
    models = [edge.library().process(connection, each).model for each in sorted(to.old)]
    return {key: element for model in models for key, element in model.elements.items()}


def _told(definition_id: int, title: str, outcomes: list[Outcome]) -> ResponseReturnValue:
    metrics.commanded(sum(not each.why for each in outcomes))
    with edge.reading() as connection:
        version = versions.versions(connection, "processes", definition_id).this
    failed = sum(bool(each.why) for each in outcomes)
    return page("models/moved.html", version=version, title=title, outcomes=outcomes, failed=failed)


def _mover() -> Mover:
    return Mover(edge.edge().database, edge.library(), edge.now())


def _rename() -> dict[str, str]:
    """What elements are called in the new version, as far as somebody chose."""
    return {
        name.removeprefix(RENAMED): value
        for name, value in request.values.items()
        if name.startswith(RENAMED) and value
    }


def _chosen(field: str) -> list[int]:
    return [int(each) for each in request.form.getlist(field) if each.isdecimal() and len(each) < 10]


def _reason(field: str = "reason") -> str:
    return request.form.get(field, "").strip()[:2000]


def _wrong(reason: str, chosen: list[int], choice: str, field: str = "reason") -> dict[str, str]:
    errors = {} if chosen else {f"{choice}s": "Choose at least one case"}
    return errors if reason else errors | {field: "Enter the reason"}
