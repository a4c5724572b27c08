"""What completing a task sends: each letter that follows it, as its readers will get it."""

from collections import ChainMap, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import Connection

from engine import dialect, feel, forms, letters
from engine.queries import case_file
from engine.runtime.library import CompiledProcess
from engine.runtime.user_tasks import TaskContext
from web import edge
from web.forms.markdown import to_markup

UNKNOWN = "(not known yet)"
"""Stands in a preview for what the case or the answers do not tell yet."""

SENDS = "email"
STOPS = {"userTask", "callActivity", "subProcess", "receiveTask", "eventBasedGateway"}
"""Elements behind which sending is no longer what completing this task does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A letter before it is sent; `document_id` is the file that goes with it, if the case has it yet."""

    to: str
    subject: str
    body: Markup
    attached: str
    document_id: int | None


def previews(connection: Connection, context: TaskContext, raw: forms.Raw) -> list[Preview]:
    """The letters that follow the task, filled with the case and with the answers as they stand."""
    process = edge.library().process(connection, context.task["definition_id"])
    answers = {}
    if context.form is not None:
        settled = forms.settle(context.form, raw, context.variables, context.environment).values
        answers = {name: value for name, value in settled.items() if value is not None}
    known = ChainMap(answers, dict(context.variables))
    return [
        _preview(connection, context, process, task, known)
        for task in letters_after(process.model, context.task["element"])
    ]


def letters_after(process: dialect.Process, element: str) -> Iterator[dialect.TaskDefinition]:
    """The e-mails between this task and the next wait of the process."""
    seen, waiting = {element}, deque([element])
    while waiting:
        for flow_id in process.elements[waiting.popleft()].outgoing:
            target = process.elements[process.flows[flow_id].target]
            if target.id in seen or target.kind in STOPS:
                continue
            seen.add(target.id)
            waiting.append(target.id)
            if target.task is not None and target.task.type.text == SENDS:
                yield target.task


def _preview(
    connection: Connection,
    context: TaskContext,
    process: CompiledProcess,
    task: dialect.TaskDefinition,
    known: Mapping[str, feel.Value],
) -> Preview:
    said = {name: _words(header, known, context) for name, header in task.headers.items()}
    content = edge.library().resource(connection, process.deployment_id, f"letters/{said['template']}.md")
    attached = said.get("attach", "")
    document = connection.execute(case_file.newest_document(context.task["instance_id"], attached)).first()
    return Preview(
        to=said.get("to", UNKNOWN),
        subject=said.get("subject", UNKNOWN),
        body=to_markup(_filled(letters.read(content), known, context), heading=3),
        attached=attached,
        document_id=None if document is None else document.id,
    )


def _filled(letter: letters.Letter, known: Mapping[str, feel.Value], context: TaskContext) -> str:
    parts = [letter.texts[0]]
    for (_, expression), after in zip(letter.places, letter.texts[1:], strict=True):
        value = expression.evaluate(known, context.environment).value
        parts += [UNKNOWN if value is None else forms.shown(value), after]
    return "".join(parts)


def _words(header: dialect.Expression, known: Mapping[str, feel.Value], context: TaskContext) -> str:
    if header.compiled is None:
        return header.text
    return forms.shown(header.compiled.evaluate(known, context.environment).value) or UNKNOWN
