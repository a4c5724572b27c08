"""What is kept of a case before a move, for how long, and what puts it back.

The picture of a case names people and may say what was written about them, so that it goes as soon as it can
put nothing back.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from engine.runtime import jobs

_BEFORE = text("""
SELECT jsonb_build_object(
  'definition_id', (SELECT definition_id FROM instance WHERE id = :i),
  'tokens', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM token t
             WHERE t.instance_id = :i),
  'tasks', (SELECT coalesce(jsonb_agg(to_jsonb(u) ORDER BY u.id), '[]') FROM user_task u
            WHERE u.instance_id = :i AND u.state IN ('open', 'claimed')),
  'deadlines', (SELECT coalesce(jsonb_agg(to_jsonb(d) ORDER BY d.id), '[]') FROM deadline d
                WHERE d.instance_id = :i AND d.ended_on IS NULL),
  'marks', (SELECT coalesce(jsonb_agg(to_jsonb(m) ORDER BY m.id), '[]') FROM timer m
            WHERE m.instance_id = :i AND m.deadline_id IS NOT NULL))""")

_HASH = """encode(sha256(convert_to(concat(
  (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.id) FROM token t WHERE t.instance_id = {case}),
  (SELECT jsonb_agg(to_jsonb(d) ORDER BY d.id) FROM deadline d WHERE d.instance_id = {case})
), 'UTF8')), 'hex')"""
_FINGERPRINT = text(f"SELECT {_HASH.format(case=':i')}")

KEPT = timedelta(days=30)
"""How long a move can be undone, if the case does not go on before."""

_FORGET = text(f"""
UPDATE case_migration m SET before = '{{}}' WHERE before <> '{{}}' AND (
  undone_at IS NOT NULL OR at < :since
  OR EXISTS (SELECT FROM case_migration n WHERE n.instance_id = m.instance_id AND n.id > m.id)
  OR fingerprint <> {_HASH.format(case="m.instance_id")})""")

_STORED = "(SELECT before->'{name}' FROM case_migration WHERE id = :m)"
_DEADLINES = f"jsonb_populate_recordset(null::deadline, {_STORED.format(name='deadlines')})"
_MARKS = f"jsonb_populate_recordset(null::timer, {_STORED.format(name='marks')})"
_PUT_BACK = tuple(
    text(statement)
    for statement in (
        f"DELETE FROM timer WHERE deadline_id IN (SELECT id FROM {_DEADLINES})",
        f"DELETE FROM deadline WHERE id IN (SELECT id FROM {_DEADLINES})",
        f"INSERT INTO deadline OVERRIDING SYSTEM VALUE SELECT * FROM {_DEADLINES}",
        f"INSERT INTO timer OVERRIDING SYSTEM VALUE SELECT * FROM {_MARKS} ON CONFLICT (id) DO NOTHING",
    )
)


_INCIDENTS = text("""
UPDATE incident n SET element = split_part(t.element, '[', 1) FROM token t
WHERE n.instance_id = :i AND n.resolved_at IS NULL AND n.kind <> 'message'
  AND t.instance_id = n.instance_id AND t.id = n.token_id""")


def picture(connection: Connection, instance_id: int) -> dict[str, Any]:
    """The rows that a move changes, as they are now."""
    found: dict[str, Any] = connection.execute(_BEFORE, {"i": instance_id}).scalar_one()
    return found


def fingerprint(connection: Connection, instance_id: int) -> str:
    """Changes with every token and every deadline of the case."""
    found: str = connection.execute(_FINGERPRINT, {"i": instance_id}).scalar_one()
    return found


def forget(connection: Connection, *, at: datetime) -> int:
    """Drop the pictures that put nothing back any more: how many.

    Those are of moves that were undone or followed by another, of cases that went on, and of moves older
    than `KEPT`.
    """
    return connection.execute(_FORGET, {"since": at - KEPT}).rowcount


def put_deadlines_back(connection: Connection, migration_id: int) -> None:
    """Deadlines that were open, as they were, with their marks; those that a move began stay for the step."""
    for statement in _PUT_BACK:
        connection.execute(statement, {"m": migration_id})


def follow_tokens(connection: Connection, instance_id: int) -> None:
    """Jobs to be done and open incidents are those of their tokens' elements, in the version they now run.

    An incident about a message names the message.
    """
    jobs.follow_tokens(connection, instance_id)
    connection.execute(_INCIDENTS, {"i": instance_id})
