"""Tells a load balancer whether this process can do its work."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import literal, select

from web import edge
from web.access import for_anyone

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@for_anyone
def healthz() -> ResponseReturnValue:
    with edge.reading() as connection:
        connection.execute(select(literal(1))).scalar_one()
    return {"status": "ok"}
