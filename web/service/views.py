"""A service: its facts, what it must do, and its cases in the chains in which they started each other."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from engine.queries import chains, services
from engine.runtime.errors import NotFoundError
from web import edge, roles
from web.access import for_roles
from web.cases.opening import reach_condition
from web.pages import page
from web.presenters import chains as chain_rows
from web.presenters.requirements import requirement_rows

blueprint = Blueprint("service", __name__, url_prefix="/services/<urn>")


@blueprint.get("")
@for_roles(*roles.CASEWORK, roles.ADMINISTRATOR)
def service(urn: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        found = connection.execute(services.service(urn)).mappings().first()
        if found is None:
            raise NotFoundError(f"service with URN {urn[:50]}")
        required = connection.execute(services.requirements(urn)).mappings().all()
        lines = chains.of_service(connection, urn, reach_condition(connection))
    return page(
        "service/service.html",
        service=found,
        chains=chain_rows.chains(lines),
        requirements=requirement_rows(required),
    )
