"""Counts what a step costs apart from time: statements, commits, rows read, bytes written.

Statements are counted on the wire, so that nothing above the driver can hide one.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Connection

from benchmarks.place import Place
from engine.db.direct import driver

_EXECUTIONS = ("\tExecute\t", "\tQuery\t")
_READ = "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_xact_user_tables"
_TABLES = (
    "instance",
    "token",
    "scope",
    "variable",
    "user_task",
    "draft",
    "timer",
    "job",
    "subscription",
    "deadline",
    "incident",
    "message",
    "history",
)
_WRITTEN = " UNION ALL ".join(
    f"SELECT pg_column_size({table}.*) AS size FROM {table} WHERE xmin = pg_current_xact_id()::xid"
    for table in _TABLES
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one command cost; beginning and ending its transaction are no statements of its own."""

    statements: int
    commits: int
    rows_read: int
    rows_written: int
    bytes_written: int


@contextmanager
def counted(place: Place) -> Iterator[tuple[Connection, list[Cost]]]:
    """A transaction for one command; its cost is in the list when it has been committed."""
    found: list[Cost] = []
    with tempfile.TemporaryFile("w+") as wire:
        with place.database.begin() as connection:
            raw = driver(connection)
            before = _rows_read(raw)  # the server counts on from one transaction to the next
            raw.pgconn.trace(wire.fileno())
            yield connection, found
            raw.settle()  # a step's last statement waits for the commit, which is counted apart
            raw.pgconn.untrace()
            statements = _executions(wire)
            rows_read = _rows_read(raw) - before
            rows_written, bytes_written = _written(raw)
            raw.pgconn.trace(wire.fileno())
        raw.pgconn.untrace()
        commits = _executions(wire) - statements
    found.append(
        Cost(
            statements=statements,
            commits=commits,
            rows_read=rows_read,
            rows_written=rows_written,
            bytes_written=bytes_written,
        )
    )


def _rows_read(raw: "psycopg.Connection[Any]") -> int:
    row = raw.execute(_READ).fetchone()
    assert row is not None
    return int(row[0])


def _written(raw: "psycopg.Connection[Any]") -> tuple[int, int]:
    row = raw.execute(f"SELECT count(*), coalesce(sum(size), 0) FROM ({_WRITTEN}) AS written").fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def _executions(wire: Any) -> int:
    wire.seek(0)
    return sum(any(kind in line for kind in _EXECUTIONS) for line in wire)
