"""Reads and writes a case's rows: the hand-written SQL of every step.

Two statements read (lock the case, then its live rows in one go); one statement writes all tables that
changed, composed of data-modifying parts, so that a step is one round trip and one commit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import Connection

from engine.db import json
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


@dataclass(slots=True, kw_only=True)
class Changes:
    """What a step changes, table by table."""

    gone_tokens: list[int] = field(default_factory=list)
    tokens: list[Row] = field(default_factory=list)
    gone_scopes: list[int] = field(default_factory=list)
    scopes: list[Row] = field(default_factory=list)
    variables: list[Row] = field(default_factory=list)
    tasks_ended: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    tasks_changed: list[Row] = field(default_factory=list)
    gone_timers: list[Row] = field(default_factory=list)
    timers: list[Row] = field(default_factory=list)
    gone_subscriptions: list[Row] = field(default_factory=list)
    subscriptions: list[Row] = field(default_factory=list)
    jobs_ended: list[Row] = field(default_factory=list)
    jobs: list[Row] = field(default_factory=list)
    incidents_resolved: list[Row] = field(default_factory=list)
    incidents: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    deadlines: list[Row] = field(default_factory=list)
    deadline_timers: list[Row] = field(default_factory=list)
    history: list[Row] = field(default_factory=list)


def _recordset(name: str, columns: str) -> str:
    return f"jsonb_to_recordset(%({name})s) AS r({columns})"


_TASK_COLUMNS = (
    "token_id bigint, definition_id bigint, element text, name text, lane text, form_definition_id bigint, "
    "guidance text[], candidate_groups text[], candidate_users text[], assignee text, priority bigint, "
    "due_date date, follow_up_date date"
)
_DEADLINE_COLUMNS = (
    "scope_id bigint, definition_id bigint, key text, element text, name text, met_by text, force text, "
    "owner text, rules text[], state text, start_on date, opens_on date, warn_on date, due_on date, "
    "arithmetic text, calendar_revision text, ended_on date, reason text, authority text"
)
_DEADLINE_NAMES = ", ".join(part.strip().split(" ")[0] for part in _DEADLINE_COLUMNS.split(","))
_DEADLINE_SET = ", ".join(f"{name} = excluded.{name}" for name in _DEADLINE_NAMES.split(", "))

_PARTS: Mapping[str, str] = {
    "gone_tokens": "DELETE FROM token WHERE instance_id = %(i)s AND id = ANY(%(gone_tokens)s)",
    "tokens": f"""
        INSERT INTO token (instance_id, id, container, parent, definition_id, element, state, triggered, data)
        SELECT %(i)s, r.* FROM {
        _recordset(
            "tokens",
            "id bigint, container bigint, parent bigint, "
            "definition_id bigint, element text, state text, triggered boolean, data jsonb",
        )
    }
        ON CONFLICT (instance_id, id) DO UPDATE SET parent = excluded.parent, state = excluded.state,
            triggered = excluded.triggered, data = excluded.data, element = excluded.element""",
    "gone_scopes": "DELETE FROM scope WHERE instance_id = %(i)s AND id = ANY(%(gone_scopes)s)",
    "scopes": f"""
        INSERT INTO scope (instance_id, id, parent, kind)
        SELECT %(i)s, r.* FROM {_recordset("scopes", "id bigint, parent bigint, kind text")}""",
    "variables": f"""
        INSERT INTO variable (instance_id, scope_id, name, value)
        SELECT %(i)s, r.scope_id, r.name, coalesce(r.value, 'null')
        FROM {_recordset("variables", "scope_id bigint, name text, value jsonb")}
        ON CONFLICT (instance_id, scope_id, name) DO UPDATE SET value = excluded.value""",
    "tasks_ended": f"""
        UPDATE user_task t SET state = r.state, completed_at = %(at)s, completed_by = r.by
        FROM {_recordset("tasks_ended", "id bigint, state text, by text")} WHERE t.id = r.id""",
    "tasks": f"""
        INSERT INTO user_task (instance_id, state, created_at, claimed_at, reference, service_urn, team,
            region, restricted, token_id, definition_id, element, name, lane, form_definition_id, guidance,
            candidate_groups, candidate_users, assignee, priority, due_date, follow_up_date)
        SELECT %(i)s, CASE WHEN r.assignee IS NULL THEN 'open' ELSE 'claimed' END, %(at)s,
            CASE WHEN r.assignee IS NULL THEN NULL ELSE %(at)s END,
            c.reference, c.service_urn, c.team, c.region, c.restricted, r.*
        FROM instance c, {_recordset("tasks", _TASK_COLUMNS)} WHERE c.id = %(i)s""",
    "tasks_changed": f"""
        UPDATE user_task t SET due_date = r.due_date, candidate_groups = r.candidate_groups,
            candidate_users = r.candidate_users,
            form_definition_id = coalesce(t.form_definition_id, r.form_definition_id)
        FROM {
        _recordset(
            "tasks_changed",
            "id bigint, due_date date, candidate_groups text[], "
            "candidate_users text[], form_definition_id bigint",
        )
    }
        WHERE t.id = r.id""",
    "gone_timers": f"""
        DELETE FROM timer t USING {_recordset("gone_timers", "token_id bigint, key text")}
        WHERE t.instance_id = %(i)s AND t.token_id = r.token_id AND t.key = r.key""",
    "timers": f"""
        INSERT INTO timer (instance_id, token_id, key, element, due_at)
        SELECT %(i)s, r.* FROM {
        _recordset("timers", "token_id bigint, key text, element text, due_at timestamptz")
    }
        ON CONFLICT (instance_id, token_id, key) DO UPDATE SET due_at = excluded.due_at""",
    "gone_subscriptions": f"""
        DELETE FROM subscription t USING {_recordset("gone_subscriptions", "token_id bigint, key text")}
        WHERE t.instance_id = %(i)s AND t.token_id = r.token_id AND t.key = r.key""",
    "subscriptions": f"""
        INSERT INTO subscription (instance_id, token_id, key, element, kind, name, correlation_key)
        SELECT %(i)s, r.* FROM {
        _recordset(
            "subscriptions",
            "token_id bigint, key text, element text, kind text, name text, correlation_key text",
        )
    }""",
    "jobs_ended": f"""
        UPDATE job j SET state = r.state, leased_by = NULL, leased_until = NULL
        FROM {_recordset("jobs_ended", "token_id bigint, state text")}
        WHERE j.instance_id = %(i)s AND j.token_id = r.token_id AND j.state IN ('waiting', 'failed')""",
    "jobs": f"""
        INSERT INTO job (instance_id, state, created_at, due_at, token_id, element, type, headers, retries,
                         idempotency_key)
        SELECT %(i)s, 'waiting', %(at)s, %(at)s, r.* FROM {
        _recordset(
            "jobs",
            "token_id bigint, element text, type text, headers jsonb, retries bigint, idempotency_key text",
        )
    }""",
    "incidents_resolved": f"""
        UPDATE incident t SET resolved_at = %(at)s
        FROM {_recordset("incidents_resolved", "token_id bigint, kind text")}
        WHERE t.instance_id = %(i)s AND t.token_id = r.token_id AND t.resolved_at IS NULL
          AND (r.kind IS NULL OR r.kind = t.kind)""",
    "incidents": f"""
        INSERT INTO incident (instance_id, opened_at, token_id, element, kind, message, remedy)
        SELECT %(i)s, %(at)s, r.* FROM {
        _recordset("incidents", "token_id bigint, element text, kind text, message text, remedy text")
    }""",
    "messages": f"""
        INSERT INTO message (sender_instance_id, sent_at, state, kind, name, correlation_key, payload,
                             sender_token_id, expires_at)
        SELECT %(i)s, %(at)s, 'waiting', r.* FROM {
        _recordset(
            "messages",
            "kind text, name text, "
            "correlation_key text, payload jsonb, sender_token_id bigint, expires_at timestamptz",
        )
    }""",
    "history": f"""
        INSERT INTO history (instance_id, at, actor, seq, kind, element, fields, personal, salt,
                             personal_digest, hash)
        SELECT %(i)s, %(at)s, %(actor)s, r.seq, r.kind, r.element, r.fields, r.personal,
               decode(r.salt, 'hex'), decode(r.personal_digest, 'hex'), decode(r.hash, 'hex')
        FROM {
        _recordset(
            "history",
            "seq bigint, kind text, element text, fields jsonb, personal jsonb, "
            "salt text, personal_digest text, hash text",
        )
    }""",
}

# Deadline timers refer to the deadline's id, so that both are written one after the other.
_DEADLINES = f"""
    INSERT INTO deadline (instance_id, {_DEADLINE_NAMES})
    SELECT %(i)s, r.* FROM {_recordset("deadlines", _DEADLINE_COLUMNS)}
    ON CONFLICT (instance_id, scope_id, key) DO UPDATE SET {_DEADLINE_SET}"""
_DEADLINE_TIMERS = f"""
    WITH gone AS (
        DELETE FROM timer t USING deadline d, {_recordset("deadlines", "scope_id bigint, key text")}
        WHERE t.deadline_id = d.id AND d.instance_id = %(i)s AND d.scope_id = r.scope_id AND d.key = r.key)
    INSERT INTO timer (instance_id, deadline_id, key, element, due_at)
    SELECT %(i)s, d.id, r.mark, d.element, r.due_at
    FROM deadline d, {
    _recordset("deadline_timers", "scope_id bigint, key text, mark text, due_at timestamptz")
}
    WHERE d.instance_id = %(i)s AND d.scope_id = r.scope_id AND d.key = r.key"""

_END = """
UPDATE instance SET state = %(state)s, ended_at = %(ended_at)s, next_id = %(next_id)s,
    history_length = %(history_length)s, chain_head = %(chain_head)s
WHERE id = %(i)s"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEnd:
    """The instance row's values after a step."""

    state: str
    ended_at: datetime | None
    next_id: int
    history_length: int
    chain_head: bytes


def write(
    connection: Connection, case_id: int, changes: Changes, end: CaseEnd, *, at: datetime, actor: str
) -> None:
    """Write what a step changed; at most three statements."""
    parameters: dict[str, Any] = {
        "i": case_id,
        "at": at,
        "actor": actor,
        "state": end.state,
        "ended_at": end.ended_at,
        "next_id": end.next_id,
        "history_length": end.history_length,
        "chain_head": end.chain_head,
    }
    parts = []
    for name, statement in _PARTS.items():
        rows = getattr(changes, name)
        if rows:
            parts.append(f"{name}_ AS ({statement})")
            parameters[name] = rows if isinstance(rows[0], int) else _jsonb(rows)
    if changes.history:
        parameters["history"] = _jsonb(_hex(row) for row in changes.history)
    cursor = driver(connection)
    cursor.execute(f"WITH {', '.join(parts)} {_END}" if parts else _END, parameters)
    if changes.deadlines:
        parameters["deadlines"] = _jsonb(changes.deadlines)
        parameters["deadline_timers"] = _jsonb(changes.deadline_timers)
        cursor.execute(_DEADLINES, parameters)
        cursor.execute(_DEADLINE_TIMERS, parameters)


def _hex(row: Row) -> Row:
    """JSON has no bytes; the statement decodes them again."""
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}


def _jsonb(rows: Iterable[Row]) -> psycopg.types.json.Jsonb:
    return psycopg.types.json.Jsonb(list(rows), dumps=_dumps)


def _dumps(rows: Any) -> bytes:
    return json.encode(rows)
