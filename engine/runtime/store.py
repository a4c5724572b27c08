"""Locks a case and reads what is alive of it: the hand-written SQL that begins every step.

Numbers are sent as `Int8`: the driver would choose a type by their size, and PostgreSQL plan for each anew.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row
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


_case_rows = class_row(CaseRow)


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


_FIND = """
SELECT id, definition_id, reference, state, service_urn, team, region, restricted, started_at, next_id,
       history_length, chain_head
FROM instance WHERE id = %s"""
_LOCK = _FIND + " FOR NO KEY UPDATE"
# A task never changes its case, so that this may be read before the lock is had.
_LOCK_OF_TASK = _LOCK.replace("%s", "(SELECT instance_id FROM user_task WHERE id = %s)")

_LIVE = """
SELECT
  (SELECT coalesce(jsonb_agg(jsonb_build_array(id, container, parent, definition_id, element, state,
                                               triggered, data) ORDER BY id), '[]')
     FROM token WHERE instance_id = %(i)s),
  (SELECT coalesce(jsonb_agg(jsonb_build_array(id, parent, kind) ORDER BY id), '[]')
     FROM scope WHERE instance_id = %(i)s),
  (SELECT coalesce(jsonb_agg(jsonb_build_array(scope_id, name, value)), '[]')
     FROM variable WHERE instance_id = %(i)s),
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'token_id', token_id, 'state', state,
                                                'assignee', assignee, 'element', element, 'name', name,
                                                'definition_id', definition_id,
                                                'candidate_groups', candidate_groups,
                                                'candidate_users', candidate_users,
                                                'team', team, 'region', region,
                                                'due_date', due_date)), '[]')
     FROM user_task WHERE instance_id = %(i)s AND state IN ('open', 'claimed')),
  (SELECT coalesce(jsonb_agg(to_jsonb(deadline)), '[]') FROM deadline WHERE instance_id = %(i)s),
  (SELECT coalesce(jsonb_agg(jsonb_build_array(token_id, kind, message)), '[]')
     FROM incident WHERE instance_id = %(i)s AND resolved_at IS NULL),
  (SELECT id FROM calendar_revision ORDER BY created_at DESC, id DESC LIMIT 1)"""


def lock(connection: Connection, instance_id: int, *, skip_locked: bool = False) -> CaseRow | None:
    """Lock a case's row for this transaction; None when `skip_locked` and another holds it.

    Raises `NotFoundError`, and `CaseBusyError` when the lock is not had in time.
    """
    row = _case(connection, _LOCK + (" SKIP LOCKED" if skip_locked else ""), instance_id)
    if row is None and not skip_locked:
        raise NotFoundError(f"case with number {instance_id}")
    return row


def lock_of_task(connection: Connection, task_id: int) -> CaseRow:
    """Lock the case of a user task. Raises `NotFoundError`, `CaseBusyError`."""
    row = _case(connection, _LOCK_OF_TASK, task_id)
    if row is None:
        raise NotFoundError(f"task with number {task_id}")
    return row


def find(connection: Connection, instance_id: int) -> CaseRow:
    """A case's row, not locked. Raises `NotFoundError`."""
    row = _case(connection, _FIND, instance_id)
    if row is None:
        raise NotFoundError(f"case with number {instance_id}")
    return row


def _case(connection: Connection, statement: str, number: int) -> CaseRow | None:
    with driver(connection).cursor(row_factory=_case_rows) as cursor:
        try:
            return cursor.execute(statement, [Int8(number)], prepare=True).fetchone()
        except psycopg.errors.LockNotAvailable as error:
            raise CaseBusyError from error


def live(connection: Connection, instance_id: int) -> LiveRows:
    """The live rows of a case."""
    row = driver(connection).execute(_LIVE, {"i": Int8(instance_id)}, prepare=True).fetchone()
    assert row is not None
    tokens, scopes, variables, tasks, deadlines, incidents, revision = row
    return LiveRows(
        tokens=tokens,  # type: ignore[arg-type]  # the driver types rows as object
        scopes=scopes,  # type: ignore[arg-type]
        variables=variables,  # type: ignore[arg-type]
        tasks=tasks,  # type: ignore[arg-type]
        deadlines=deadlines,  # type: ignore[arg-type]
        incidents=incidents,  # type: ignore[arg-type]
        calendar_revision=revision,  # type: ignore[arg-type]
    )
