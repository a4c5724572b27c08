"""What is kept of a case before a move, what says that it has not moved on since, and what puts it back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, case, text, update

from engine.db.tables import Incident, Job

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

_FINGERPRINT = text("""
SELECT encode(sha256(convert_to(concat(
  (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.id) FROM token t WHERE t.instance_id = :i),
  (SELECT jsonb_agg(to_jsonb(d) ORDER BY d.id) FROM deadline d WHERE d.instance_id = :i)
), 'UTF8')), 'hex')""")

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


def picture(connection: Connection, instance_id: int) -> dict[str, Any]:
    """The rows that a move changes, as they are now."""
    found: dict[str, Any] = connection.execute(_BEFORE, {"i": instance_id}).scalar_one()
    return found


def fingerprint(connection: Connection, instance_id: int) -> str:
    """Changes with every token and every deadline of the case."""
    found: str = connection.execute(_FINGERPRINT, {"i": instance_id}).scalar_one()
    return found


def put_deadlines_back(connection: Connection, migration_id: int) -> None:
    """Deadlines that were open, as they were, with their marks; those that a move began stay for the step."""
    for statement in _PUT_BACK:
        connection.execute(statement, {"m": migration_id})


def rename_work(connection: Connection, instance_id: int, rename: Mapping[str, str]) -> None:
    """Jobs and incidents name elements; give them their names in the other version."""
    if not rename:
        return
    for table in (Job, Incident):
        renamed = case(dict(rename), value=table.element, else_=table.element)
        connection.execute(update(table).where(table.instance_id == instance_id).values(element=renamed))
