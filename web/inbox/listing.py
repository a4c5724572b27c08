"""One page of an inbox, ready to show."""

from datetime import timedelta
from typing import Any

from flask import request
from sqlalchemy import Connection

from engine.queries import inbox
from engine.queries.inbox import DueFilter
from web import edge
from web.access import me
from web.pages import page_number
from web.presenters import tasks

SOON = timedelta(days=7)

WORDS = {
    "mine": ("Your tasks", "You have no tasks. Look for one to claim in your team’s tasks."),
    "team": ("Your team’s tasks", "No tasks wait for your roles."),
    "done": ("Tasks you have done", "You have not completed a task yet."),
}


def shown(connection: Connection, which: str, tasks_of: inbox.Tasks) -> dict[str, Any]:
    """What the list template needs."""
    chosen = chosen_filter()
    today, at = edge.today(), edge.now()
    narrowed = inbox.due(tasks_of, chosen, today=today, soon=today + SOON)
    found = inbox.page(connection, narrowed, page_number())
    title, nothing = WORDS[which]
    return {
        "which": which,
        "endpoint": f"inbox.{which}",
        "title": title,
        "nothing": nothing if chosen == DueFilter.ALL else "No tasks with these due dates.",
        "rows": [tasks.row(line, today=today, at=at, user_id=me().id) for line in found.rows],
        "list": found,
        "filters": tasks.DUE_FILTERS,
        "chosen": chosen,
    }


def chosen_filter() -> DueFilter:
    """The `due` of the query; anything unknown shows all."""
    asked = request.args.get("due", "")
    return DueFilter(asked) if asked in set(DueFilter) else DueFilter.ALL
