"""A step finds the rows of its own case by index, whatever PostgreSQL knows of the tables."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from engine.db import Database
from engine.runtime import statements

OF_A_CASE = ("instance_id", "id = (($1 ->> 'case_id'", "deadline_id = d.id", "user_task_id")
"""What a condition on an index must name, for what it finds to be one case's."""
TABLES = frozenset(
    [
        *("instance", "token", "scope", "variable", "user_task", "draft", "timer", "job"),
        *("subscription", "incident", "message", "deadline", "history"),
    ]
)


def _scans(connection: Connection, part: str) -> Iterator[dict[str, object]]:
    """How the tables are read by the statement that writes this part alone."""
    needed = ("deadlines", part) if part == "deadline_timers" else (part,)
    query = statements.statement(needed).replace("$1", "$1::jsonb")
    found = connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {query}").scalar_one()
    yield from _nodes(found[0]["Plan"])


def _nodes(node: dict[str, object]) -> Iterator[dict[str, object]]:
    if "Scan" in str(node["Node Type"]) and node.get("Relation Name") in TABLES:
        yield node
    for inner in node.get("Plans", ()):  # type: ignore[attr-defined]
        yield from _nodes(inner)


def _fill(connection: Connection) -> None:
    """Ten thousand open tasks and tokens of a hundred cases, and what PostgreSQL then knows of them."""
    connection.exec_driver_sql("SET session_replication_role = replica")  # no need to make what they refer to
    connection.exec_driver_sql(
        "INSERT INTO user_task (instance_id, token_id, definition_id, element, name, guidance, state,"
        " candidate_groups, candidate_users, priority, created_at, reference, service_urn, team, region,"
        " restricted) SELECT n / 100, n, 1, 'e', 'n', '{}', 'open', '{}', '{}', 50, now(), 'r', 's', 't',"
        " 'r', false FROM generate_series(1, 10000) AS n"
    )
    connection.exec_driver_sql(
        "INSERT INTO token (instance_id, id, definition_id, element, state, triggered, data)"
        " SELECT n / 100, n, 1, 'e', 'ready', false, '{}' FROM generate_series(1, 10000) AS n"
    )
    connection.exec_driver_sql("ANALYZE user_task, token")


@pytest.mark.parametrize("filled", [False, True])
@pytest.mark.parametrize("part", statements.PARTS)
def test_no_part_of_a_step_reads_rows_of_other_cases(database: Database, part: str, filled: bool) -> None:
    with database.begin() as connection:
        if filled:
            _fill(connection)
        scans = list(_scans(connection, part))
    assert scans
    for scan in scans:
        asked = str(scan.get("Index Cond") or scan.get("Recheck Cond"))
        assert any(name in asked for name in OF_A_CASE), scan
