"""The SQL of a step's one writing statement: a part for each table, put together as a step needs them.

Every value comes from one JSON document, the only parameter. So a statement has few shapes, the driver sends
the same types each time, and PostgreSQL plans each shape once a connection (planning it again would cost
more than running it).
"""

from collections.abc import Mapping
from functools import lru_cache

_DOCUMENT = "$1"
_CASE = f"({_DOCUMENT}->>'case_id')::bigint"
_AT = f"({_DOCUMENT}->>'at')::timestamptz"
_ACTOR = f"({_DOCUMENT}->>'actor')"
_END_OF = f"({_DOCUMENT}->'end')"


def _rows(name: str, columns: str) -> str:
    return f"jsonb_to_recordset({_DOCUMENT}->'{name}') AS r({columns})"


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
    "salt text, personal_digest text, hash text"
)


def _insert(table: str, columns: str, name: str) -> str:
    return f"""INSERT INTO {table} (instance_id, {_names(columns)})
        SELECT {_CASE}, r.* FROM {_rows(name, columns)}"""


def _gone(table: str, name: str) -> str:
    return f"""DELETE FROM {table} t USING {_rows(name, "token_id bigint, key text")}
        WHERE t.instance_id = {_CASE} AND t.token_id = r.token_id AND t.key = r.key"""


def _ids(name: str) -> str:
    return f"({_DOCUMENT}->>'{name}')::bigint[]"


def _tasks(name: str) -> str:
    """The tasks of these tokens.

    By case and token, because PostgreSQL cannot know how few they are: by their numbers, or asked for their
    state too, it would read the tasks of all cases as long as it takes those for few.
    """
    return f"t.instance_id = {_CASE} AND t.token_id = ANY({_ids(name)})"


def _gone_ids(table: str, name: str) -> str:
    return f"DELETE FROM {table} WHERE instance_id = {_CASE} AND id = ANY({_ids(name)})"


_PARTS: Mapping[str, str] = {
    "gone_tokens": _gone_ids("token", "gone_tokens"),
    "tokens": f"""{_insert("token", _TOKEN, "tokens")}
        ON CONFLICT (instance_id, id) DO UPDATE SET parent = excluded.parent, state = excluded.state,
            triggered = excluded.triggered, data = excluded.data, element = excluded.element""",
    "gone_scopes": _gone_ids("scope", "gone_scopes"),
    "scopes": _insert("scope", "id bigint, parent bigint, kind text", "scopes"),
    "variables": f"""
        INSERT INTO variable (instance_id, scope_id, name, value)
        SELECT {_CASE}, r.scope_id, r.name, coalesce(r.value, 'null')
        FROM {_rows("variables", "scope_id bigint, name text, value jsonb")}
        ON CONFLICT (instance_id, scope_id, name) DO UPDATE SET value = excluded.value""",
    "tasks_completed": f"""
        UPDATE user_task t SET state = 'completed', completed_at = {_AT}, completed_by = {_ACTOR}
        WHERE {_tasks("tasks_completed")}""",
    # A draft goes with the task that its writer completes.
    "gone_drafts": f"""
        DELETE FROM draft WHERE user_task_id = ANY({_ids("gone_drafts")}) AND user_id = {_ACTOR}""",
    "tasks_cancelled": f"""
        UPDATE user_task t SET state = 'cancelled', completed_at = {_AT}
        WHERE {_tasks("tasks_cancelled")}""",
    "tasks": f"""
        INSERT INTO user_task (instance_id, state, created_at, claimed_at, reference, service_urn, team,
            region, restricted, {_names(_TASK)})
        SELECT c.id, CASE WHEN r.assignee IS NULL THEN 'open' ELSE 'claimed' END, {_AT},
            CASE WHEN r.assignee IS NULL THEN NULL ELSE {_AT} END,
            c.reference, c.service_urn, c.team, c.region, c.restricted, r.*
        FROM instance c, {_rows("tasks", _TASK)} WHERE c.id = {_CASE}
        RETURNING id, token_id""",
    "tasks_changed": f"""
        UPDATE user_task t SET due_date = r.due_date, candidate_groups = r.candidate_groups,
            candidate_users = r.candidate_users, priority = coalesce(r.priority, t.priority),
            form_definition_id = coalesce(t.form_definition_id, r.form_definition_id)
        FROM {_rows("tasks_changed", _TASK_CHANGE)}
        WHERE t.instance_id = {_CASE} AND t.token_id = r.token_id""",
    "gone_timers": _gone("timer", "gone_timers"),
    "timers": f"""{_insert("timer", _TIMER, "timers")}
        ON CONFLICT (instance_id, token_id, key) DO UPDATE SET due_at = excluded.due_at""",
    "gone_subscriptions": _gone("subscription", "gone_subscriptions"),
    "subscriptions": _insert("subscription", _SUBSCRIPTION, "subscriptions"),
    "jobs_ended": f"""
        UPDATE job j SET state = r.state, leased_by = NULL, leased_until = NULL
        FROM {_rows("jobs_ended", "token_id bigint, state text")}
        WHERE j.instance_id = {_CASE} AND j.token_id = r.token_id AND j.state IN ('waiting', 'failed')""",
    "jobs": f"""
        INSERT INTO job (instance_id, state, created_at, due_at, {_names(_JOB)})
        SELECT {_CASE}, 'waiting', {_AT}, {_AT}, r.* FROM {_rows("jobs", _JOB)}""",
    "incidents_resolved": f"""
        UPDATE incident t SET resolved_at = {_AT}
        FROM {_rows("incidents_resolved", "token_id bigint, kind text")}
        WHERE t.instance_id = {_CASE} AND t.token_id = r.token_id AND t.resolved_at IS NULL
          AND (r.kind IS NULL OR r.kind = t.kind)""",
    "incidents": f"""
        INSERT INTO incident (instance_id, opened_at, {_names(_INCIDENT)})
        SELECT {_CASE}, {_AT}, r.* FROM {_rows("incidents", _INCIDENT)}""",
    "messages": f"""
        INSERT INTO message (sender_instance_id, sent_at, state, {_names(_MESSAGE)})
        SELECT {_CASE}, {_AT}, 'waiting', r.* FROM {_rows("messages", _MESSAGE)}""",
    # The marks of a deadline that changed are taken away and set anew; they refer to its number.
    "deadlines": f"""{_insert("deadline", _DEADLINE, "deadlines")}
        ON CONFLICT (instance_id, scope_id, key) DO UPDATE SET {
        ", ".join(f"{name} = excluded.{name}" for name in _names(_DEADLINE).split(", "))
    }
        RETURNING id, scope_id, key, element), marks_gone AS (
        DELETE FROM timer t USING deadlines_ d WHERE t.instance_id = {_CASE} AND t.deadline_id = d.id""",
    "deadlines_followed": f"""
        UPDATE deadline t SET calendar_revision = r.calendar_revision
        FROM {_rows("deadlines_followed", "scope_id bigint, key text, calendar_revision text")}
        WHERE t.instance_id = {_CASE} AND t.scope_id = r.scope_id AND t.key = r.key""",
    "deadline_timers": f"""
        INSERT INTO timer (instance_id, deadline_id, key, element, due_at)
        SELECT {_CASE}, d.id, r.mark, d.element, r.due_at
        FROM deadlines_ d, {_rows("deadline_timers", _MARK)}
        WHERE d.scope_id = r.scope_id AND d.key = r.key""",
    "history": f"""
        INSERT INTO history (instance_id, {_names(_HISTORY)})
        SELECT {_CASE}, r.seq, r.at, r.actor, r.kind, r.element, r.fields, r.personal,
               decode(r.salt, 'base64'), decode(r.personal_digest, 'base64'), decode(r.hash, 'base64')
        FROM {_rows("history", _HISTORY)}""",
}
PARTS = tuple(_PARTS)
"""The names of the parts, in the order in which they are put together."""

_END = f"""
UPDATE instance SET state = {_END_OF}->>'state', ended_at = ({_END_OF}->>'ended_at')::timestamptz,
    next_id = ({_END_OF}->>'next_id')::bigint, history_length = ({_END_OF}->>'history_length')::bigint,
    chain_head = decode({_END_OF}->>'chain_head', 'base64')
WHERE id = {_CASE} RETURNING instance.xmin"""
_TASK_NUMBERS = ", (SELECT json_object_agg(token_id, id) FROM tasks_)"


@lru_cache(maxsize=1024)
def statement(parts: tuple[str, ...]) -> str:
    """The statement that writes these parts (some of `PARTS`) and the end of the step.

    It gives the row's transaction number and, with the part `tasks`, the new tasks' numbers by token.
    """
    written = ", ".join(f"{name}_ AS ({_PARTS[name]})" for name in parts)
    end = _END + _TASK_NUMBERS if "tasks" in parts else _END
    return f"WITH {written} {end}" if parts else end
