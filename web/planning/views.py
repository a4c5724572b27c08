"""Start an inspection: choose the service, the lead, the team and the day."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from engine.runtime import cases
from web import edge, roles
from web.access import for_roles, me
from web.pages import go, page
from web.planning import plan

blueprint = Blueprint("planning", __name__)


@blueprint.get("/inspections/start")
@for_roles(roles.PLANNER)
def start() -> ResponseReturnValue:
    with edge.reading() as connection:
        offered = plan.choices(connection)
    return page("planning/start.html", offered=offered, typed=plan.typed(), errors={})


@blueprint.post("/inspections/start")
@for_roles(roles.PLANNER)
def begin() -> ResponseReturnValue:
    with edge.writing() as connection:
        offered, sent = plan.choices(connection), plan.typed()
        planned, errors = plan.read(sent, offered)
        if planned is None:
            return page("planning/start.html", status=422, offered=offered, typed=sent, errors=errors)
        case = cases.start(
            connection, edge.library(), process_id=plan.PROCESS, service_urn=planned.service_urn,
            variables=planned.variables, team=planned.team, by=me().id, at=edge.now(),
        )  # fmt: skip
    return go("cases.summary", reference=case.reference, saying=f"Inspection {case.reference} has started")
