"""The page of one rule."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from web import edge
from web.access import for_signed_in
from web.guidance.citing import citations
from web.pages import page

blueprint = Blueprint("guidance", __name__)


@blueprint.get("/guidance/<rule_id>")
@for_signed_in
def rule(rule_id: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        return page("guidance/rule.html", rule_id=rule_id, citations=citations(connection, rule_id))
