"""A case on the diagrams of its processes, and the same in words."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from engine.dialect import Process
from engine.queries import case_file, models
from engine.queries.case_file import CaseFacts
from engine.runtime import states
from engine.runtime.errors import NotFoundError
from web import edge
from web.presenters.twin import island_states, twin, with_coming


def shown(connection: Connection, case: CaseFacts, definition_id: int) -> dict[str, Any]:
    """What the diagram template needs: this process of the case, and links to its others."""
    process = _process(connection, case, definition_id)
    others = [
        (each, edge.library().process(connection, each).model.name)
        for each in case_file.definition_ids(connection, case.id)
    ]
    return {
        "definition_id": definition_id,
        "process": process,
        "diagrams": others,
        "elements": twin(process, _states(connection, case, process)),
        "called": {edge.library().process(connection, each).model.id: each for each, _ in others},
    }


def states_json(connection: Connection, case: CaseFacts, definition_id: int) -> ResponseReturnValue:
    """The states as the diagram viewer reads them."""
    process = _process(connection, case, definition_id)
    return jsonify(island_states(_states(connection, case, process)))


def file(connection: Connection, case: CaseFacts, definition_id: int) -> bytes:
    """The BPMN file of a process of the case."""
    _process(connection, case, definition_id)
    content: bytes = connection.execute(models.process_file(definition_id)).scalar_one()
    return content


def _process(connection: Connection, case: CaseFacts, definition_id: int) -> Process:
    if definition_id not in case_file.definition_ids(connection, case.id):
        raise NotFoundError("process with this number in the case")
    return edge.library().process(connection, definition_id).model


def _states(connection: Connection, case: CaseFacts, process: Process) -> dict[str, str]:
    found = states.of(connection, edge.library(), case.id, at=edge.now())
    return with_coming(process, found.get(process.id, {}))
