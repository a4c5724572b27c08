"""What a step changed, table by table, and the one statement that writes it."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection

from engine.db import direct, json
from engine.db.direct import Command
from engine.runtime.statements import PARTS, statement
from engine.runtime.store import Row

_DOCUMENT = (3802,)  # the type jsonb


class Changes(Struct, kw_only=True):
    """What a step changes; the names are those of the statement's parts."""

    gone_tokens: list[int] = []
    tokens: list[Row] = []
    gone_scopes: list[int] = []
    scopes: list[Row] = []
    variables: list[Row] = []
    tasks_completed: list[int] = []  # their tokens; by whoever gives the command
    gone_drafts: list[int] = []  # the numbers of their tasks; of the same person
    tasks_cancelled: list[int] = []
    tasks: list[Row] = []
    tasks_changed: list[Row] = []
    gone_timers: list[Row] = []
    timers: list[Row] = []
    gone_subscriptions: list[Row] = []
    subscriptions: list[Row] = []
    jobs_ended: list[Row] = []
    jobs: list[Row] = []
    incidents_resolved: list[Row] = []
    incidents: list[Row] = []
    messages: list[Row] = []
    deadlines: list[Row] = []
    deadlines_followed: list[Row] = []
    deadline_timers: list[Row] = []
    history: list[Row] = []


class CaseEnd(Struct, frozen=True, kw_only=True):
    """The instance row's values after a step."""

    state: str
    ended_at: datetime | None
    next_id: int
    history_length: int
    chain_head: bytes


class Written(Struct, frozen=True):
    """What the database made of a step: the version of the case's row, the new tasks' numbers by token."""

    version: bytes
    task_numbers: dict[int, int]


def write(
    connection: Connection,
    case_id: int,
    changes: Changes,
    end: CaseEnd,
    *,
    at: datetime,
    actor: str,
    then: Callable[[Written], None],
) -> None:
    """Write what a step changed: one statement, whatever it is, run with the commit or when more is asked.

    `then` is told what became of it, unless the transaction is rolled back before.
    """
    document: Row = {"case_id": case_id, "at": at, "actor": actor, "end": end}
    for name in PARTS:
        if rows := getattr(changes, name):
            document[name] = _array(rows) if isinstance(rows[0], int) else rows
    parts = tuple(name for name in PARTS if name in document)
    command = Command(statement(parts), (json.encode(document),), _DOCUMENT)
    direct.execute_last(connection, command, lambda row: then(_written(row)))


def _written(row: direct.Row | None) -> Written:
    assert row is not None  # the case is locked, so it is there
    assert row[0] is not None
    numbers = json.decode(row[1]) if len(row) > 1 and row[1] is not None else {}
    return Written(row[0], {int(token): number for token, number in numbers.items()})


def _array(numbers: list[int]) -> str:
    """As PostgreSQL writes an array, which it reads faster than JSON."""
    return "{" + ",".join(map(str, numbers)) + "}"
