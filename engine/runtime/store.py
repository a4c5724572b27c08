"""Locks a case and reads what is alive of it: the hand-written SQL that begins every step."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import psycopg
from msgspec import Struct
from msgspec.structs import fields
from sqlalchemy import Connection

from engine.db import direct, json
from engine.db.direct import Command
from engine.runtime.errors import CaseBusyError, NotFoundError

LONGEST_SILENCE_MS = 8_000
"""How long a command that holds a case may say nothing to the server before it loses it, as a process does
that is frozen in a step. Others wait longer for the case (`engine.db.database.LOCK_TIMEOUT_MS`)."""

Row = dict[str, Any]


class CaseRow(Struct, frozen=True):
    """The locked instance row."""

    id: int
    definition_id: int
    reference: str
    state: str
    service_urn: str
    team: str
    region: str
    restricted: bool
    started_at: datetime
    next_id: int
    history_length: int
    chain_head: bytes


class LiveRows(Struct, frozen=True):
    """Everything a step needs of a case: only what is alive."""

    tokens: list[list[Any]]  # id, container, parent, definition_id, element, state, triggered, data
    scopes: list[list[Any]]  # id, parent, kind
    variables: list[list[Any]]  # scope_id, name, value
    tasks: list[Row]
    deadlines: list[Row]
    incidents: list[list[Any]]  # token_id, kind, message: those that are open
    calendar_revision: str | None


class Held(Struct, frozen=True):
    """A case's row with what is alive of it, read together."""

    case: CaseRow
    rows: LiveRows


_READERS: Mapping[object, Callable[[bytes], Any]] = {
    int: int,
    str: bytes.decode,
    bool: lambda text: text == b"t",
    datetime: lambda text: datetime.fromisoformat(text.decode()),
    bytes: lambda text: bytes.fromhex(text[2:].decode()),
}
_CASE_READERS = tuple(_READERS[each.type] for each in fields(CaseRow))
_CASE = ", ".join(f"c.{each.name}" for each in fields(CaseRow))
_LIVE = """
  (SELECT coalesce(json_agg(json_build_array(id, container, parent, definition_id, element, state,
                                             triggered, data) ORDER BY id), '[]')
     FROM token WHERE instance_id = c.id),
  (SELECT coalesce(json_agg(json_build_array(id, parent, kind) ORDER BY id), '[]')
     FROM scope WHERE instance_id = c.id),
  (SELECT coalesce(json_agg(json_build_array(scope_id, name, value)), '[]')
     FROM variable WHERE instance_id = c.id),
  (SELECT coalesce(json_agg(json_build_object('id', id, 'token_id', token_id, 'state', state,
                                              'assignee', assignee, 'element', element, 'name', name,
                                              'definition_id', definition_id,
                                              'candidate_groups', candidate_groups,
                                              'candidate_users', candidate_users,
                                              'team', team, 'region', region,
                                              'due_date', due_date)), '[]')
     FROM user_task WHERE instance_id = c.id AND state IN ('open', 'claimed')),
  (SELECT coalesce(json_agg(to_json(deadline)), '[]') FROM deadline WHERE instance_id = c.id),
  (SELECT coalesce(json_agg(json_build_array(token_id, kind, message)), '[]')
     FROM incident WHERE instance_id = c.id AND resolved_at IS NULL)"""
_CALENDAR = "(SELECT id FROM calendar_revision ORDER BY created_at DESC, id DESC LIMIT 1)"

_OF_CASE = "FROM instance c WHERE c.id = $1"
_BOUNDED = (
    "FROM instance c, "
    f"set_config('idle_in_transaction_session_timeout', '{LONGEST_SILENCE_MS}', true) AS silence"
)
_LOCKED_CASE = f"{_BOUNDED} WHERE c.id = $1 FOR NO KEY UPDATE OF c"
# A task never changes its case, so that this may be read before the lock is had.
_LOCKED_CASE_OF_TASK = (
    f"{_BOUNDED} WHERE c.id = (SELECT instance_id FROM user_task WHERE id = $1) FOR NO KEY UPDATE OF c"
)
_NUMBER = (20,)  # the type bigint
# Who had to wait for the lock sees the case's row as it is, and everything else as it was when the statement
# began. Every command writes the case's row, so that its version tells the one from the other.
_FRESH = "c.xmin = (SELECT i.xmin FROM instance i WHERE i.id = c.id)"


def lock(connection: Connection, instance_id: int, *, skip_locked: bool = False) -> CaseRow | None:
    """Lock a case's row for this transaction; None when `skip_locked` and another holds it.

    Raises `NotFoundError`, and `CaseBusyError` when the lock is not had in time.
    """
    skip = " SKIP LOCKED" if skip_locked else ""
    row = _row(connection, f"SELECT {_CASE} {_LOCKED_CASE}{skip}", instance_id)
    if row is None and not skip_locked:
        raise NotFoundError(f"case with number {instance_id}")
    return _case(row) if row is not None else None


def lock_of_task(connection: Connection, task_id: int) -> CaseRow:
    """Lock the case of a user task. Raises `NotFoundError`, `CaseBusyError`."""
    row = _row(connection, f"SELECT {_CASE} {_LOCKED_CASE_OF_TASK}", task_id)
    if row is None:
        raise NotFoundError(f"task with number {task_id}")
    return _case(row)


def hold(connection: Connection, instance_id: int) -> Held:
    """Lock a case and read it. Raises `NotFoundError`, `CaseBusyError`."""
    row = _row(connection, f"SELECT {_FRESH}, {_CASE}, {_LIVE}, {_CALENDAR} {_LOCKED_CASE}", instance_id)
    if row is None:
        raise NotFoundError(f"case with number {instance_id}")
    return _held(connection, row)


def hold_if_free(connection: Connection, instance_id: int) -> Held | None:
    """Lock a case and read it; None when another holds it, or there is none."""
    statement = f"SELECT {_FRESH}, {_CASE}, {_LIVE}, {_CALENDAR} {_LOCKED_CASE} SKIP LOCKED"
    row = _row(connection, statement, instance_id)
    return None if row is None else _held(connection, row)


def hold_of_task(connection: Connection, task_id: int) -> Held:
    """Lock the case of a user task and read it. Raises `NotFoundError`, `CaseBusyError`."""
    row = _row(connection, f"SELECT {_FRESH}, {_CASE}, {_LIVE}, {_CALENDAR} {_LOCKED_CASE_OF_TASK}", task_id)
    if row is None:
        raise NotFoundError(f"task with number {task_id}")
    return _held(connection, row)


class Locking:
    """The lock of a case, asked for and perhaps not had yet."""

    def __init__(self, connection: Connection, task_id: int) -> None:
        """Ask for the lock of a user task's case."""
        statement = f"SELECT c.xmin, c.chain_head, {_CALENDAR} {_LOCKED_CASE_OF_TASK}"
        self._answer = direct.ask(connection, Command(statement, _value(task_id), _NUMBER))

    def finds(self, version: bytes, chain_head: bytes, calendar_revision: str | None) -> bool:
        """Whether the row is still this one, and the calendar the newest. Raises `CaseBusyError`."""
        try:
            row = self._answer.row()
        except psycopg.errors.LockNotAvailable as error:
            raise CaseBusyError from error
        calendar = calendar_revision.encode() if calendar_revision is not None else None
        return row == [version, rb"\x" + chain_head.hex().encode(), calendar]


def look(connection: Connection, instance_id: int) -> Held:
    """A case as it stands, not locked. Raises `NotFoundError`."""
    row = _row(connection, f"SELECT true, {_CASE}, {_LIVE}, {_CALENDAR} {_OF_CASE}", instance_id)
    if row is None:
        raise NotFoundError(f"case with number {instance_id}")
    return _held(connection, row)


def live(connection: Connection, instance_id: int) -> LiveRows:
    """The live rows of a case that this transaction has locked."""
    row = _row(connection, f"SELECT {_LIVE}, {_CALENDAR} {_OF_CASE}", instance_id)
    assert row is not None
    return _live(row)


def _held(connection: Connection, row: Sequence[bytes | None]) -> Held:
    fresh, case = row[0] == b"t", _case(row[1:])
    return Held(case, _live(row[1 + len(_CASE_READERS) :]) if fresh else live(connection, case.id))


def _case(values: Sequence[bytes | None]) -> CaseRow:
    assert None not in values[: len(_CASE_READERS)]  # no column may be null
    return CaseRow(*(read(value) for read, value in zip(_CASE_READERS, values, strict=False)))  # type: ignore[arg-type]


def _live(values: Sequence[bytes | None]) -> LiveRows:
    found: list[Any] = [_list(value) for value in values[:-1]]
    found.append(values[-1].decode() if values[-1] is not None else None)
    return LiveRows(*found)


def _list(value: bytes | None) -> list[Any]:
    return json.decode(value) if value is not None and value != b"[]" else []


def _row(connection: Connection, statement: str, number: int) -> Sequence[bytes | None] | None:
    try:
        return direct.execute(connection, Command(statement, _value(number), _NUMBER))
    except psycopg.errors.LockNotAvailable as error:
        raise CaseBusyError from error


def _value(number: int) -> tuple[bytes]:
    return (str(number).encode(),)
