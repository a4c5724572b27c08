"""Locks a case and reads what is alive of it: the hand-written SQL that begins every step."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row
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


_FIND = """
SELECT id, definition_id, reference, state, service_urn, team, region, restricted, started_at, next_id,
       history_length, chain_head
FROM instance WHERE id = %s"""
_LOCK = _FIND + " FOR NO KEY UPDATE"

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
                                                'assignee', assignee, 'element', element,
                                                'candidate_groups', candidate_groups,
                                                'candidate_users', candidate_users,
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
    statement = _LOCK + (" SKIP LOCKED" if skip_locked else "")
    with driver(connection).cursor(row_factory=dict_row) as cursor:
        try:
            row = cursor.execute(statement, [instance_id]).fetchone()
        except psycopg.errors.LockNotAvailable as error:
            raise CaseBusyError from error
    if row is not None:
        return CaseRow(**row)
    if skip_locked:
        return None
    raise NotFoundError(f"case with number {instance_id}")


def find(connection: Connection, instance_id: int) -> CaseRow:
    """A case's row, not locked. Raises `NotFoundError`."""
    with driver(connection).cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(_FIND, [instance_id]).fetchone()
    if row is None:
        raise NotFoundError(f"case with number {instance_id}")
    return CaseRow(**row)


def live(connection: Connection, instance_id: int) -> LiveRows:
    """The live rows of a case."""
    row = driver(connection).execute(_LIVE, {"i": instance_id}).fetchone()
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
