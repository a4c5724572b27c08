"""The floor, the cheapest durable step: one transaction reads one row, writes three; psycopg, prepared."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import psycopg

_TABLES = """
CREATE TABLE IF NOT EXISTS floor_case (id bigint PRIMARY KEY, version bigint NOT NULL, state jsonb NOT NULL);
CREATE TABLE IF NOT EXISTS floor_work (id bigint PRIMARY KEY, case_id bigint NOT NULL, done text NOT NULL);
CREATE TABLE IF NOT EXISTS floor_done (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                                       case_id bigint NOT NULL, what text NOT NULL);
"""
_STATE = '{"tokens": [{"id": 12, "element": "Task_0010", "state": "ready"}], "variables": {"x1": 1}}'
CASES = 200


class Floor:
    """A connection with everything prepared; `step` is what is timed."""

    def __init__(self, connection: "psycopg.Connection[Any]", first: int) -> None:
        """`first` is the number of this client's first case."""
        self._connection, self._first, self._count = connection, first, 0

    def step(self) -> float:
        """One durable step; its seconds."""
        self._count += 1
        case = self._first + self._count % CASES
        began = perf_counter()
        execute = self._connection.execute
        execute("SELECT version, state FROM floor_case WHERE id = %s", [case], prepare=True).fetchone()
        execute(
            "UPDATE floor_case SET version = version + 1, state = %s WHERE id = %s",
            [_STATE, case],
            prepare=True,
        )
        execute("UPDATE floor_work SET done = %s WHERE id = %s", ["yes", case], prepare=True)
        execute("INSERT INTO floor_done (case_id, what) VALUES (%s, %s)", [case, "Task_0010"], prepare=True)
        self._connection.commit()
        return perf_counter() - began


@contextmanager
def floor(url: str, *, client: int = 0) -> Iterator[Floor]:
    """The floor on the server at `url`, for the client with this number."""
    first = client * CASES
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(1)")
        connection.execute(_TABLES)
        for table, columns in (("floor_case", "id, 0, '{}'"), ("floor_work", "id, id, ''")):
            connection.execute(
                f"INSERT INTO {table} SELECT {columns} FROM generate_series(%s::bigint, %s::bigint) AS id"
                " ON CONFLICT DO NOTHING",
                [first, first + CASES],
            )
        connection.commit()
        yield Floor(connection, first)
