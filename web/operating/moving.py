"""Where a token can go, where a case can begin again, and what either would do."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from engine.runtime import operator, states
from engine.runtime.operator import Act, OperatorRefusedError
from web import edge
from web.operating.giving import Opened, foreseen
from web.presenters.operating import Effects, choices
from web.presenters.twin import name_of

NOT_OFFERED = "Choose one of the steps"


def to_another(connection: Connection, opened: Opened, sent: Mapping[str, str]) -> dict[str, Any]:
    """What the page of a move needs: the places to choose from, then the targets, then the effects."""
    places = {
        str(each.token_id): each for each in opened.choices.movable
    }  # by the number as an address says it
    chosen = places.get(sent.get("token", "")) or (next(iter(places.values())) if len(places) == 1 else None)
    found: dict[str, Any] = {
        "places": [(token, f"{name_of(each.element)} ({each.process})") for token, each in places.items()],
        "token": None,
        "targets": (),
    } | _nothing(sent)
    if chosen is None:
        return found | ({"errors": {"token": "Choose where the case stands now"}} if "token" in sent else {})
    found |= {
        "token": chosen.token_id,
        "here": name_of(chosen.element),
        "targets": choices(chosen.targets),
    }
    offered = {each.id for each in chosen.targets}
    return found | _seen(connection, opened, sent, offered, operator.moving(chosen.token_id, found["to"]))


def back(connection: Connection, opened: Opened, sent: Mapping[str, str]) -> dict[str, Any]:
    """What the page of a restart needs: the steps that the case has been at, then the effects."""
    been = states.of(connection, edge.library(), opened.case.id, at=edge.now())
    mine = been.get(opened.case.process_id, {})
    beginnings = [each for each in opened.choices.beginnings if each.id in mine]
    found = {"targets": choices(beginnings)} | _nothing(sent)
    offered = {each.id for each in beginnings}
    return found | _seen(connection, opened, sent, offered, operator.restarting(found["to"]))


def number(text: str) -> int:
    """The number of a token as it was sent; 0, which is no token's, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _nothing(sent: Mapping[str, str]) -> dict[str, Any]:
    return {"to": sent.get("to", ""), "effects": None, "errors": {}}


def _seen(
    connection: Connection, opened: Opened, sent: Mapping[str, str], offered: set[str], act: Act
) -> dict[str, Any]:
    """The effects of a choice that is offered, or what is wrong with it."""
    if "to" not in sent:
        return {}
    if sent["to"] not in offered:
        return {"errors": {"to": NOT_OFFERED}}
    try:
        effects: Effects = foreseen(connection, opened.case, act)
    except OperatorRefusedError as error:
        return {"errors": {"to": f"{error.reason} {error.remedy}"}}
    return {"effects": effects}
