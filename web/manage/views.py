"""The list of cases with its filters, and the incidents with their repair."""

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine.queries import cases as case_queries
from engine.queries import incidents as incident_queries
from engine.queries.cases import CaseFilter
from engine.runtime import operator, user_tasks
from engine.runtime.operator import RIGHTS, Command
from web import edge, roles
from web.access import for_roles, me
from web.cases.opening import reach_condition
from web.cases.timeline import element_names
from web.manage import repair
from web.pages import go, page, page_number
from web.presenters import cases as case_rows

blueprint = Blueprint("manage", __name__)


@blueprint.get("/cases")
@for_roles(*roles.CASEWORK, roles.ADMINISTRATOR)
def cases() -> ResponseReturnValue:
    wanted = _filter()
    with edge.reading() as connection:
        statement = case_queries.lines(reach_condition(connection), wanted, today=edge.today())
        found = case_queries.page(connection, statement, page_number())
        settings, regions = case_queries.settings_and_regions(connection)
    rows = [case_rows.row(line, today=edge.today()) for line in found.rows]
    choices: dict[str, Any] = {
        "states": case_rows.STATES,
        "settings": [(each, each.capitalize()) for each in settings],
        "regions": [(each, each) for each in regions],
    }
    return page("manage/cases.html", rows=rows, list=found, wanted=wanted, query=_query(), **choices)


@blueprint.get("/incidents")
@for_roles(*roles.REPAIR)
def incidents() -> ResponseReturnValue:
    with edge.reading() as connection:
        found = incident_queries.seen_by(connection, reach_condition(connection), page_number())
        rows = [case_rows.incident(line, element_names(connection, line.instance_id)) for line in found.rows]
    return page("manage/incidents.html", rows=rows, list=found)


@blueprint.get("/incidents/<int:incident_id>")
@for_roles(*roles.REPAIR)
def incident(incident_id: int) -> ResponseReturnValue:
    """What failed, where and why, how to mend it, and what trying again would do now."""
    with edge.reading() as connection:
        return page("manage/incident.html", **repair.shown(connection, incident_id), errors={}, typed={})


@blueprint.post("/incidents/<int:incident_id>/retry")
@for_roles(*RIGHTS[Command.RETRY])
def retry(incident_id: int) -> ResponseReturnValue:
    with edge.writing() as connection:
        line = repair.find(connection, incident_id)
        by = user_tasks.actor(me())
        operator.retry_incident(connection, edge.library(), incident_id=incident_id, by=by, at=edge.now())
    with edge.reading() as connection:
        again = repair.stopped_again(connection, line)
    if again is not None:
        return go("manage.incident", incident_id=again, saying=repair.AGAIN)
    return go("manage.incidents", saying=repair.tried(line))


@blueprint.post("/incidents/<int:incident_id>/resolve")
@for_roles(*RIGHTS[Command.RESOLVE])
def resolve(incident_id: int) -> ResponseReturnValue:
    """For a message that nobody took: somebody did by hand what it asked for, and says what."""
    reason = request.form.get("reason", "").strip()[:2000]
    if not reason:
        return _unexplained(incident_id)
    with edge.writing() as connection:
        repair.find(connection, incident_id)
        by, at = user_tasks.actor(me()), edge.now()
        operator.resolve_incident(
            connection, edge.library(), incident_id=incident_id, reason=reason, by=by, at=at
        )
    return go("manage.incidents", saying="The incident is resolved")


def _unexplained(incident_id: int) -> ResponseReturnValue:
    errors = {"reason": "Enter what was done by hand"}
    with edge.reading() as connection:
        shown = repair.shown(connection, incident_id)
        return page("manage/incident.html", status=422, **shown, errors=errors, typed=request.form)


def _filter() -> CaseFilter:
    asked = request.args
    return CaseFilter(
        state=asked.get("state", ""),
        region=asked.get("region", ""),
        setting=asked.get("setting", ""),
        late=asked.get("late") == "1",
        text=asked.get("text", "").strip()[:100],
    )


def _query() -> dict[str, Any]:
    """The filters asked for, to carry from page to page."""
    return {name: text for name, text in request.args.items() if text and name != "page"}
