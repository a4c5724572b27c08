"""What the page of a case's dates shows: the dates, and every deadline that a new one would move."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from engine.runtime import deadlines
from engine.runtime.deadlines import DeadlineChangeRefusedError
from web import edge
from web.deadlines import typed
from web.presenters import dates
from web.presenters.values import label


def shown(connection: Connection, instance_id: int, sent: Mapping[str, str]) -> dict[str, Any]:
    """What the template needs; `moves` is None until a date was chosen that can be."""
    known = deadlines.date_names(connection, edge.library(), instance_id=instance_id, at=edge.now())
    name, to = sent.get("name", ""), typed.day(sent, "to")
    found: dict[str, Any] = {
        "dates": [(each, f"{label(each)}: {dates.weekday(when)}") for each, when in known.items()],
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
        "said": f"{label(name)}: from {dates.weekday(known[name])} to {dates.weekday(to)}",
        "moves": [
            (each.name, dates.weekday(each.was), dates.weekday(each.will), each.state) for each in moves
        ],
    }
