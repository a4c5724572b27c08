"""The history of a case, the latest first, in short or in full."""

from typing import Any

from flask import request
from sqlalchemy import Connection

from engine.history import timeline
from engine.queries import case_file, people
from engine.queries.case_file import CaseFacts
from web import edge
from web.presenters.history import entry, is_for_everyone, people_in
from web.presenters.twin import name_of


def shown(connection: Connection, case: CaseFacts) -> dict[str, Any]:
    """What the history template needs; `?full=1` shows every recorded fact."""
    full = request.args.get("full") == "1"
    events = [each for each in timeline(connection, case.id) if full or is_for_everyone(each)]
    elements = element_names(connection, case.id)
    names = people.names(connection, set().union(*map(people_in, events)))
    entries = [entry(each, elements=elements, people=names) for each in reversed(events)]
    return {"entries": entries, "full": full}


def element_names(connection: Connection, instance_id: int) -> dict[str, str]:
    """The names of the elements of every process of the case, by id."""
    found: dict[str, str] = {}
    for definition_id in case_file.definition_ids(connection, instance_id):
        process = edge.library().process(connection, definition_id).model
        found.update({element.id: name_of(element) for element in process.elements.values()})
    return found
