"""Locks a case and reads what is alive of it: the hand-written SQL that begins every step.

Numbers are sent as `Int8`: the driver would choose a type by their size, and PostgreSQL plan for each anew.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.numeric import Int8
from sqlalchemy import Connection

from engine.db.database import driver
from engine.runtime.errors import CaseBusyError, NotFoundError

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRows:
    """Everything a step needs of a case: only what is alive."""

    tokens: list[list[Any]]  # id, container, parent, definition_id, element, state, triggered, data
    scopes: list[list[Any]]  # id, parent, kind
    variables: list[list[Any]]  # scope_id, name, value
    tasks: list[Row]
    deadlines: list[Row]
    incidents: list[list[Any]]  # token_id, kind, message: those that are open
    calendar_revision: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """A case's row with what is alive of it, read together."""

    case: CaseRow
    rows: LiveRows


_CASE_NAMES = tuple(each.name for each in fields(CaseRow))
_LIVE_NAMES = tuple(each.name for each in fields(LiveRows))
_CASE = ", ".join(f"c.{name}" for name in _CASE_NAMES)
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
     FROM incident WHERE instance_id = c.id AND resolved_at IS NULL),
  (SELECT id FROM calendar_revision ORDER BY created_at DESC, id DESC LIMIT 1)"""

_OF_CASE = "FROM instance c WHERE c.id = %s"
# A task never changes its case, so that this may be read before the lock is had.
_OF_TASK = "FROM instance c WHERE c.id = (SELECT instance_id FROM user_task WHERE id = %s)"
_LOCKED = "FOR NO KEY UPDATE"
# Who had to wait for the lock sees the case's row as it is, and everything else as it was when the statement
# began. Every command writes the case's row, so that its version tells the one from the other.
_FRESH = "c.xmin = (SELECT i.xmin FROM instance i WHERE i.id = c.id)"


def lock(connection: Connection, instance_id: int, *, skip_locked: bool = False) -> CaseRow | None:
    """Lock a case's row for this transaction; None when `skip_locked` and another holds it.

    Raises `NotFoundError`, and `CaseBusyError` when the lock is not had in time.
    """
    skip = " SKIP LOCKED" if skip_locked else ""
    row = _row(connection, f"SELECT {_CASE} {_OF_CASE} {_LOCKED}{skip}", instance_id)
    if row is None and not skip_locked:
        raise NotFoundError(f"case with number {instance_id}")
    return _case(row) if row is not None else None


def lock_of_task(connection: Connection, task_id: int) -> CaseRow:
    """Lock the case of a user task. Raises `NotFoundError`, `CaseBusyError`."""
    row = _row(connection, f"SELECT {_CASE} {_OF_TASK} {_LOCKED}", task_id)
    if row is None:
        raise NotFoundError(f"task with number {task_id}")
    return _case(row)


def hold(connection: Connection, instance_id: int) -> Held:
    """Lock a case and read it. Raises `NotFoundError`, `CaseBusyError`."""
    row = _row(connection, f"SELECT {_FRESH}, {_CASE}, {_LIVE} {_OF_CASE} {_LOCKED}", instance_id)
    if row is None:
        raise NotFoundError(f"case with number {instance_id}")
    return _held(connection, row)


def hold_if_free(connection: Connection, instance_id: int) -> Held | None:
    """Lock a case and read it; None when another holds it, or there is none."""
    statement = f"SELECT {_FRESH}, {_CASE}, {_LIVE} {_OF_CASE} {_LOCKED} SKIP LOCKED"
    row = _row(connection, statement, instance_id)
    return None if row is None else _held(connection, row)


def hold_of_task(connection: Connection, task_id: int) -> Held:
    """Lock the case of a user task and read it. Raises `NotFoundError`, `CaseBusyError`."""
    row = _row(connection, f"SELECT {_FRESH}, {_CASE}, {_LIVE} {_OF_TASK} {_LOCKED}", task_id)
    if row is None:
        raise NotFoundError(f"task with number {task_id}")
    return _held(connection, row)


def look(connection: Connection, instance_id: int) -> Held:
    """A case as it stands, not locked. Raises `NotFoundError`."""
    row = _row(connection, f"SELECT true, {_CASE}, {_LIVE} {_OF_CASE}", instance_id)
    if row is None:
        raise NotFoundError(f"case with number {instance_id}")
    return _held(connection, row)


def live(connection: Connection, instance_id: int) -> LiveRows:
    """The live rows of a case that this transaction has locked."""
    row = _row(connection, f"SELECT {_LIVE} {_OF_CASE}", instance_id)
    assert row is not None
    return _live(row)


def _held(connection: Connection, row: tuple[Any, ...]) -> Held:
    fresh, values = row[0], row[1:]
    case = _case(values)
    rows = _live(values[len(_CASE_NAMES) :]) if fresh else live(connection, case.id)
    return Held(case, rows)


def _case(values: tuple[Any, ...]) -> CaseRow:
    return CaseRow(**dict(zip(_CASE_NAMES, values, strict=False)))


def _live(values: tuple[Any, ...]) -> LiveRows:
    return LiveRows(**dict(zip(_LIVE_NAMES, values, strict=True)))


def _row(connection: Connection, statement: str, number: int) -> tuple[Any, ...] | None:
    try:
        return driver(connection).execute(statement, [Int8(number)], prepare=True).fetchone()
    except psycopg.errors.LockNotAvailable as error:
        raise CaseBusyError from error
