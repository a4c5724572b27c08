"""The peer that always installs: SpiffWorkflow as documented, with its whole JSON in PostgreSQL each step."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from time import perf_counter
from typing import Any

import psycopg
from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from benchmarks import models

_TABLE = "CREATE TABLE IF NOT EXISTS peer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text)"

_READ = "SELECT state FROM peer WHERE id = %s FOR UPDATE"
_WRITE = "UPDATE peer SET state = %s WHERE id = %s"


def diagram(length: int) -> bytes:
    """Our process with conditions in Python, and a line of Python where we ask a table: the cheaper work."""
    tree = etree.fromstring(models.process(length))
    for node in list(tree.iter(f"{{{models.BPMN}}}extensionElements")):
        node.getparent().remove(node)
    for node in tree.iter(f"{{{models.BPMN}}}conditionExpression"):
        node.text = (node.text or "").removeprefix("= ")
    for node in list(tree.iter(f"{{{models.BPMN}}}businessRuleTask")):
        node.tag = f"{{{models.BPMN}}}scriptTask"
        etree.SubElement(node, f"{{{models.BPMN}}}script").text = "grade = 'low'"
    return etree.tostring(tree)


class Peer:
    """One instance, read from its row, moved by one task, and written back whole."""

    def __init__(self, connection: "psycopg.Connection[Any]", length: int) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(BytesIO(diagram(length)))
        name = models.name_of(length)
        self._spec, self._inner = parser.get_spec(name), parser.get_subprocess_specs(name)
        self._serializer = BpmnWorkflowSerializer()
        self._connection = connection

    def start(self) -> int:
        """A new instance at its first task; its row."""
        workflow = BpmnWorkflow(self._spec, self._inner)
        workflow.do_engine_steps()
        text = self._serializer.serialize_json(workflow)
        row = self._connection.execute("INSERT INTO peer (state) VALUES (%s) RETURNING id", [text]).fetchone()
        self._connection.commit()
        assert row is not None
        return int(row[0])

    def step(self, row: int) -> float:
        """Complete the waiting task in one transaction; its seconds."""
        began = perf_counter()
        found = self._connection.execute(_READ, [row], prepare=True).fetchone()
        assert found is not None
        workflow = self._serializer.deserialize_json(found[0])
        task = next(each for each in workflow.get_tasks(state=TaskState.READY, manual=True))
        task.data[models.variable(int(task.task_spec.name[-4:]))] = 7
        task.run()
        workflow.do_engine_steps()
        self._connection.execute(_WRITE, [self._serializer.serialize_json(workflow), row], prepare=True)
        self._connection.commit()
        return perf_counter() - began


@contextmanager
def peer(url: str, length: int) -> Iterator[Peer]:
    """The peer on the server at `url`, with the process of this many tasks."""
    logging.getLogger("spiff").setLevel(logging.WARNING)  # it tells every change of state
    with psycopg.connect(url) as connection:
        connection.execute(_TABLE)
        connection.commit()
        yield Peer(connection, length)
