"""What the page of a case's dates shows: the dates, and every deadline that a new one would move."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from engine.runtime import deadlines
from engine.runtime.deadlines import CaseDate, DeadlineChangeRefusedError
from web import edge
from web.deadlines import typed
from web.presenters import dates


def shown(connection: Connection, instance_id: int, sent: Mapping[str, str]) -> dict[str, Any]:
    """What the template needs; `moves` is None until a date was chosen that can be."""
    listed = deadlines.case_dates(connection, edge.library(), instance_id=instance_id, at=edge.now())
    known = {each.id: each for each in listed}
    name, to = sent.get("name", ""), typed.day(sent, "to")
    found: dict[str, Any] = {
        "dates": [(each.id, f"{_named(each)}: {dates.weekday(each.day)}") for each in listed],
        "typed": sent,
        "moves": None,
        "errors": {},
        "name": name,
        "to": to,
    }
    if not sent:
        return found
    if name not in known:
        return found | {"errors": {"name": "Choose the date to change"}}
    if to is None:
        return found | {"errors": {"to-day": "Enter a real date, like 3 12 2026"}}
    try:
        moves = deadlines.foresee_date(
            connection, edge.library(), instance_id=instance_id, name=name, to=to, at=edge.now()
        )
    except DeadlineChangeRefusedError as error:
        return found | {"errors": {"to-day": f"{error.reason} {error.remedy}"}}
    return found | {
        "said": f"{_named(known[name])}: from {dates.weekday(known[name].day)} to {dates.weekday(to)}",
        "moves": [
            (each.name, dates.weekday(each.was), dates.weekday(each.will), each.state) for each in moves
        ],
    }


def _named(known: CaseDate) -> str:
    return known.words[:1].upper() + known.words[1:]
