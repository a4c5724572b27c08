"""The pages of the register: all rules of a part of a chapter, and one rule."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine.runtime.errors import NotFoundError
from web import edge
from web.access import for_signed_in
from web.guidance.citing import citations
from web.guidance.registered import register
from web.pages import page
from web.presenters.rules import parts_page, rule_page

blueprint = Blueprint("guidance", __name__)


@blueprint.get("/guidance")
@for_signed_in
def rules() -> ResponseReturnValue:
    with edge.reading() as connection:
        shown = parts_page(register(connection), citations(connection), request.args.get("part", ""))
    if shown is None:
        raise NotFoundError("this part of the guidance")
    return page("guidance/rules.html", shown=shown)


@blueprint.get("/guidance/<rule_id>")
@for_signed_in
def rule(rule_id: str) -> ResponseReturnValue:
    with edge.reading() as connection:
        shown = rule_page(register(connection), rule_id)
        found = citations(connection).get(rule_id, ())
    if not shown.words and not found:
        raise NotFoundError(f"rule {rule_id[:50]}")
    return page("guidance/rule.html", rule=shown, citations=found)
