"""The SQL of a step's one writing statement: a part for each table, put together as a step needs them.

Of a part with few rows every value is a parameter, which PostgreSQL takes over as it stands; one with many
is a single JSON document. So a statement has few shapes, each of which PostgreSQL plans once a connection
(planning it again would cost more than running it).
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from engine.db import json
from engine.db.direct import Command
from engine.db.values import NUMBERS, text_of
from engine.runtime.store import Row

FEW = 3
"""So many rows of a part are given value by value."""

_END_TYPES = ("bigint", "timestamptz", "text", "text", "timestamptz", "bigint", "bigint", "bytea")
_CASE, _AT, _ACTOR, _STATE, _ENDED_AT, _NEXT_ID, _HISTORY_LENGTH, _CHAIN_HEAD = (
    f"${number}" for number in range(1, len(_END_TYPES) + 1)
)
_ROWS = "<rows>"
"""Where a part takes its rows from."""
_IDS = "<ids>"
"""The numbers that a part is given, an array."""


def _names(columns: str) -> str:
    return ", ".join(part.strip().split(" ")[0] for part in columns.split(","))


_TOKEN = (
    "id bigint, container bigint, parent bigint, definition_id bigint, element text, state text, "
    "triggered boolean, data jsonb"
)
_TASK = (
    "token_id bigint, definition_id bigint, element text, name text, lane text, form_definition_id bigint, "
    "guidance text[], candidate_groups text[], candidate_users text[], assignee text, priority bigint, "
    "due_date date, follow_up_date date"
)
_TASK_CHANGE = (
    "token_id bigint, due_date date, candidate_groups text[], candidate_users text[], "
    "form_definition_id bigint, priority bigint"
)
_TIMER = "token_id bigint, key text, element text, due_at timestamptz"
_SUBSCRIPTION = "token_id bigint, key text, element text, kind text, name text, correlation_key text"
_JOB = "token_id bigint, element text, type text, headers jsonb, retries bigint, idempotency_key text"
_INCIDENT = "token_id bigint, element text, kind text, message text, remedy text"
_MESSAGE = (
    "kind text, name text, correlation_key text, payload jsonb, sender_token_id bigint, "
    "expires_at timestamptz"
)
_DEADLINE = (
    "scope_id bigint, definition_id bigint, key text, element text, name text, met_by text, force text, "
    "owner text, rules text[], state text, start_on date, opens_on date, warn_on date, due_on date, "
    "arithmetic text, calendar_revision text, ended_on date, reason text, authority text, "
    "counted jsonb, adjustments jsonb, miss_reason text, is_right boolean"
)
_MARK = "scope_id bigint, key text, mark text, due_at timestamptz"
_HISTORY = (
    "seq bigint, at timestamptz, actor text, kind text, element text, fields jsonb, personal jsonb, "
    "salt bytea, personal_digest bytea, hash bytea"
)


Columns = Sequence[tuple[str, str]]
"""Names and types."""


class _Part(NamedTuple):
    """What is written into one table: from rows with these columns, or from numbers alone (no columns)."""

    sql: str
    columns: Columns = ()


def _part(columns: str, sql: str) -> _Part:
    """A part that takes rows."""
    return _Part(sql, [(name, kind) for name, kind in (each.split() for each in columns.split(","))])


def _insert(table: str, columns: str, then: str = "") -> _Part:
    return _part(
        columns,
        f"INSERT INTO {table} (instance_id, {_names(columns)}) SELECT {_CASE}, r.* FROM {_ROWS} {then}",
    )


def _gone(table: str) -> _Part:
    return _part(
        "token_id bigint, key text",
        f"""DELETE FROM {table} t USING {_ROWS}
        WHERE t.instance_id = {_CASE} AND t.token_id = r.token_id AND t.key = r.key""",
    )


# By case and token, because PostgreSQL cannot know how few they are: by their numbers, or asked for their
# state too, it would read the tasks of all cases as long as it takes those for few.
_OF_TOKENS = f"t.instance_id = {_CASE} AND t.token_id = ANY({_IDS})"


def _gone_ids(table: str) -> _Part:
    return _Part(f"DELETE FROM {table} WHERE instance_id = {_CASE} AND id = ANY({_IDS})")


_PARTS: Mapping[str, _Part] = {
    "gone_tokens": _gone_ids("token"),
    "tokens": _insert(
        "token",
        _TOKEN,
        """ON CONFLICT (instance_id, id) DO UPDATE SET parent = excluded.parent, state = excluded.state,
            triggered = excluded.triggered, data = excluded.data, element = excluded.element""",
    ),
    "gone_scopes": _gone_ids("scope"),
    "scopes": _insert("scope", "id bigint, parent bigint, kind text"),
    "variables": _part(
        "scope_id bigint, name text, value jsonb",
        f"""INSERT INTO variable (instance_id, scope_id, name, value)
        SELECT {_CASE}, r.scope_id, r.name, coalesce(r.value, 'null') FROM {_ROWS}
        ON CONFLICT (instance_id, scope_id, name) DO UPDATE SET value = excluded.value""",
    ),
    "tasks_completed": _Part(
        f"""UPDATE user_task t SET state = 'completed', completed_at = {_AT}, completed_by = {_ACTOR}
        WHERE {_OF_TOKENS}"""
    ),
    # A draft goes with the task that its writer completes.
    "gone_drafts": _Part(f"DELETE FROM draft WHERE user_task_id = ANY({_IDS}) AND user_id = {_ACTOR}"),
    "tasks_cancelled": _Part(
        f"UPDATE user_task t SET state = 'cancelled', completed_at = {_AT} WHERE {_OF_TOKENS}"
    ),
    "tasks": _part(
        _TASK,
        f"""INSERT INTO user_task (instance_id, state, created_at, claimed_at, reference, service_urn, team,
            region, restricted, {_names(_TASK)})
        SELECT c.id, CASE WHEN r.assignee IS NULL THEN 'open' ELSE 'claimed' END, {_AT},
            CASE WHEN r.assignee IS NULL THEN NULL ELSE {_AT} END,
            c.reference, c.service_urn, c.team, c.region, c.restricted, r.*
        FROM instance c, {_ROWS} WHERE c.id = {_CASE}
        RETURNING id, token_id""",
    ),
    "tasks_changed": _part(
        _TASK_CHANGE,
        f"""UPDATE user_task t SET due_date = r.due_date, candidate_groups = r.candidate_groups,
            candidate_users = r.candidate_users, priority = coalesce(r.priority, t.priority),
            form_definition_id = coalesce(t.form_definition_id, r.form_definition_id)
        FROM {_ROWS} WHERE t.instance_id = {_CASE} AND t.token_id = r.token_id""",
    ),
    "gone_timers": _gone("timer"),
    "timers": _insert(
        "timer", _TIMER, "ON CONFLICT (instance_id, token_id, key) DO UPDATE SET due_at = excluded.due_at"
    ),
    "gone_subscriptions": _gone("subscription"),
    "subscriptions": _insert("subscription", _SUBSCRIPTION),
    "jobs_ended": _part(
        "token_id bigint, state text",
        f"""UPDATE job j SET state = r.state, leased_by = NULL, leased_until = NULL FROM {_ROWS}
        WHERE j.instance_id = {_CASE} AND j.token_id = r.token_id AND j.state IN ('waiting', 'failed')""",
    ),
    "jobs": _part(
        _JOB,
        f"""INSERT INTO job (instance_id, state, created_at, due_at, {_names(_JOB)})
        SELECT {_CASE}, 'waiting', {_AT}, {_AT}, r.* FROM {_ROWS}""",
    ),
    "incidents_resolved": _part(
        "token_id bigint, kind text",
        f"""UPDATE incident t SET resolved_at = {_AT} FROM {_ROWS}
        WHERE t.instance_id = {_CASE} AND t.token_id = r.token_id AND t.resolved_at IS NULL
          AND (r.kind IS NULL OR r.kind = t.kind)""",
    ),
    "incidents": _part(
        _INCIDENT,
        f"""INSERT INTO incident (instance_id, opened_at, {_names(_INCIDENT)})
        SELECT {_CASE}, {_AT}, r.* FROM {_ROWS}""",
    ),
    "messages": _part(
        _MESSAGE,
        f"""INSERT INTO message (sender_instance_id, sent_at, state, {_names(_MESSAGE)})
        SELECT {_CASE}, {_AT}, 'waiting', r.* FROM {_ROWS}""",
    ),
    # The marks of a deadline that changed are taken away and set anew; they refer to its number.
    "deadlines": _insert(
        "deadline",
        _DEADLINE,
        f"""ON CONFLICT (instance_id, scope_id, key) DO UPDATE SET {
            ", ".join(f"{name} = excluded.{name}" for name in _names(_DEADLINE).split(", "))
        }
        RETURNING id, scope_id, key, element), marks_gone AS (
        DELETE FROM timer t USING deadlines_ d WHERE t.instance_id = {_CASE} AND t.deadline_id = d.id""",
    ),
    "deadlines_followed": _part(
        "scope_id bigint, key text, calendar_revision text",
        f"""UPDATE deadline t SET calendar_revision = r.calendar_revision FROM {_ROWS}
        WHERE t.instance_id = {_CASE} AND t.scope_id = r.scope_id AND t.key = r.key""",
    ),
    "deadline_timers": _part(
        _MARK,
        f"""INSERT INTO timer (instance_id, deadline_id, key, element, due_at)
        SELECT {_CASE}, d.id, r.mark, d.element, r.due_at FROM deadlines_ d, {_ROWS}
        WHERE d.scope_id = r.scope_id AND d.key = r.key""",
    ),
    "history": _insert("history", _HISTORY),
}
PARTS = tuple(_PARTS)
"""The names of the parts, in the order in which they are put together."""

_END = f"""
UPDATE instance SET state = {_STATE}, ended_at = {_ENDED_AT}, next_id = {_NEXT_ID},
    history_length = {_HISTORY_LENGTH}, chain_head = {_CHAIN_HEAD}
WHERE id = {_CASE} RETURNING instance.xmin"""
_TASK_NUMBERS = ", (SELECT json_object_agg(token_id, id) FROM tasks_)"

Shape = tuple[tuple[str, int], ...]
"""Which parts a statement writes, and of how many rows each value is given; 0 where they are a document."""


def command(always: Sequence[object], rows: Mapping[str, Sequence[Any]]) -> Command:
    """The command that writes the rows of these parts (some of `PARTS`, in order) and the end of the step.

    `always` are the case's number, the moment, who acts, and the instance row's values. It gives the row's
    transaction number and, with the part `tasks`, the new tasks' numbers by token.
    """
    shape, values = [], [text_of(kind, value) for kind, value in zip(_END_TYPES, always, strict=True)]
    for name, given in rows.items():
        columns = _PARTS[name].columns
        if not columns:
            shape.append((name, 1))
            values.append(text_of("bigint[]", given))
        elif len(given) <= FEW:
            shape.append((name, len(given)))
            values += [text_of(kind, row.get(column)) for row in given for column, kind in columns]
        else:
            shape.append((name, 0))
            values.append(json.encode([_documented(row, columns) for row in given]))
    text, types = statement(tuple(shape))
    return Command(text, values, types)


def _documented(row: Row, columns: Columns) -> Row:
    """A row as `jsonb_to_recordset` reads it."""
    return {
        name: rf"\x{value.hex()}" if kind == "bytea" else value
        for name, kind in columns
        if (value := row.get(name)) is not None
    }


@lru_cache(maxsize=1024)
def statement(shape: Shape) -> tuple[str, tuple[int, ...]]:
    """The SQL of this shape and the numbers of its parameters' types."""
    types = list(_END_TYPES)
    written = [f"{name}_ AS ({_filled(_PARTS[name], count, types)})" for name, count in shape]
    end = _END + _TASK_NUMBERS if any(name == "tasks" for name, _ in shape) else _END
    return f"WITH {', '.join(written)} {end}" if written else end, tuple(NUMBERS[each] for each in types)


def _filled(part: _Part, count: int, types: list[str]) -> str:
    """The part's SQL with its parameters, whose types are added to `types`."""
    if not part.columns:
        return part.sql.replace(_IDS, _parameter("bigint[]", types))
    if count:
        rows = ", ".join(
            f"({', '.join(_parameter(kind, types) for _, kind in part.columns)})" for _ in range(count)
        )
        named = ", ".join(name for name, _ in part.columns)
        return part.sql.replace(_ROWS, f"(VALUES {rows}) AS r({named})")
    typed = ", ".join(f"{name} {kind}" for name, kind in part.columns)
    return part.sql.replace(_ROWS, f"jsonb_to_recordset({_parameter('jsonb', types)}) AS r({typed})")


def _parameter(kind: str, types: list[str]) -> str:
    types.append(kind)
    return f"${len(types)}"
