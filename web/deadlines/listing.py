"""What the lists of deadlines show, narrowed by the query of the address."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from flask import request
from sqlalchemy import Connection

from engine.queries import deadlines, people
from engine.queries.deadlines import DeadlineFilter, DeadlineLine, Show
from engine.queries.statement import Statement
from engine.runtime import calendars
from engine.workdays import Calendar
from web import edge
from web.access import me
from web.cases.opening import reach_condition
from web.pages import page_number
from web.presenters import deadline_lists

FILTERS = ("team", "inspector", "region", "process", "setting")
LABELS = {
    "team": "Team",
    "inspector": "Lead inspector",
    "region": "Region",
    "process": "Process",
    "setting": "Setting",
}


def wanted() -> DeadlineFilter:
    """The filters of the address."""
    return DeadlineFilter(**{name: request.args.get(name, "") for name in FILTERS})


def part() -> Show:
    """The part asked for; all of them for an unknown one."""
    asked = request.args.get("show", "")
    return Show(asked) if asked in {show.value for show in Show} else Show.ALL


def statement(connection: Connection, *, mine: bool) -> Statement:
    """The deadlines of the list, before a part of them is chosen."""
    found = deadlines.lines(reach_condition(connection), DeadlineFilter() if mine else wanted())
    return found.where(deadlines.of_person(me().id)) if mine else found


def shown(connection: Connection, *, mine: bool) -> dict[str, Any]:
    """What the template of a list needs."""
    found = statement(connection, mine=mine)
    narrowed = deadlines.shown(found, part(), edge.today())
    listed = deadlines.page(connection, narrowed, page_number())
    counted = deadlines.counts(connection, found, edge.today())
    query = {name: text for name, text in request.args.items() if text and name not in ("page", "show")}
    return {
        "rows": rows(connection, listed.rows),
        "list": listed,
        "part": part(),
        "parts": [(show.value, words, counted[show]) for show, words in deadline_lists.SHOWN.items()],
        "query": query | {"show": part().value},
        "narrowing": query,
        "wanted": wanted(),
        "choices": {} if mine else deadlines.choices(connection),
        "labels": LABELS,
        "mine": mine,
    }


def rows(connection: Connection, lines: Sequence[DeadlineLine]) -> list[deadline_lists.ListedDeadline]:
    names = people.names(connection, [line.lead for line in lines])
    works_on = deadlines.works_on(connection, me().id)
    calendar = newest_calendar(connection)
    return [
        deadline_lists.row(line, names=names, today=edge.today(), calendar=calendar, works_on=works_on)
        for line in lines
    ]


def newest_calendar(connection: Connection) -> Calendar:
    """The calendar that counts now. Raises `DefinitionMissingError` before the first."""
    return edge.library().calendar(connection, calendars.newest(connection))


def as_csv(connection: Connection) -> str:
    """The part asked for, as a spreadsheet reads it."""
    found = deadlines.everything(
        connection, deadlines.shown(statement(connection, mine=False), part(), edge.today())
    )
    names = people.names(connection, [line.lead for line in found])
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(deadline_lists.COLUMNS)
    writer.writerows(deadline_lists.cells(line, names=names) for line in found)
    return written.getvalue()
