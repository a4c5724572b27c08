"""A case as a whole: what suspending, resuming and cancelling it means to those who read the page."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.db.tables import InstanceState
from engine.runtime import operator
from engine.runtime.operator import Command
from web import edge
from web.operating.giving import LIVE, RUNNING, Opened, Verb, foreseen
from web.presenters.operating import Effect, Effects, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One such command: its right, its words, and the states it is given in."""

    command: Command
    verb: Verb
    title: str
    means: str
    button: str
    done: str
    states: tuple[InstanceState, ...]
    title_of_places: str = ""


ORDERS: Mapping[str, Order] = {
    "suspend": Order(
        command=Command.SUSPEND,
        verb=operator.suspend,
        title="Suspend this case",
        means="Until it is resumed nobody can complete its tasks, no timer fires, and nothing that changes "
        "moves it on. Its deadlines go on.",
        button="Suspend the case",
        done="The case is suspended",
        states=RUNNING,
        title_of_places="Stands still",
    ),
    "resume": Order(
        command=Command.RESUME,
        verb=operator.resume,
        title="Resume this case",
        means="Its tasks can be completed again. What fell due or became true meanwhile is done at once.",
        button="Resume the case",
        done="The case goes on",
        states=(InstanceState.SUSPENDED,),
        title_of_places="Goes on",
    ),
    "cancel": Order(
        command=Command.CANCEL,
        verb=operator.cancel,
        title="Cancel this case",
        means="The case ends before its time. This cannot be undone: an inspection would be started anew.",
        button="Cancel the case",
        done="The case is cancelled",
        states=LIVE,
    ),
}


def effects_of(connection: Connection, opened: Opened, order: Order) -> Effects:
    """What the command would do, or what it leaves standing."""
    if order.command is Command.CANCEL:
        return foreseen(connection, opened.case, operator.cancelling)
    found = operator.standing(connection, edge.library(), instance_id=opened.case.id, at=edge.now())
    rows = (Effect(order.title_of_places, tuple(map(place, found))),) if found else ()
    return Effects(rows=rows, stops=())
