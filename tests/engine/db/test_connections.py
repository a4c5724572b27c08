"""What becomes of pooled connections when the server closes them."""

from contextlib import suppress

import pytest
from psycopg import errors
from sqlalchemy import Connection

from engine.db import Database, direct


def _backend(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def _prepared(connection: Connection) -> int:
    query = "SELECT count(*) FROM pg_prepared_statements"
    return int(connection.exec_driver_sql(query).scalar_one())


def test_connections_that_the_server_closed_are_replaced_before_they_are_used(database: Database) -> None:
    with database.begin() as first, database.begin() as second:
        open_before = {_backend(first), _backend(second)}
    other = Database(database.url, pool_size=1)
    with other.begin() as killer:
        for backend in open_before:
            killer.exec_driver_sql(f"SELECT pg_terminate_backend({backend}, 5000)")
    other.dispose()
    for _ in range(3):
        with database.begin() as connection:
            assert _backend(connection) not in open_before


def test_what_is_prepared_outlives_readers_and_writers(database: Database) -> None:
    for _ in range(20):
        with database.read() as connection:
            connection.exec_driver_sql("SELECT 1")
        with database.begin() as connection:
            connection.exec_driver_sql("SELECT 2")
    with database.read() as connection:
        assert _prepared(connection) >= 2


def test_a_directly_run_statement_is_planned_once_and_anew_after_a_rollback(database: Database) -> None:
    def ask() -> list[bytes | None] | None:
        with database.begin() as connection:
            return direct.execute(connection, "SELECT $1 + 1", (b"41",), (20,))

    def planned() -> int:
        with database.begin() as connection:
            return len(direct.driver(connection).planned)

    assert ask() == ask() == [b"42"]
    assert planned() == 1
    with suppress(LookupError), database.begin() as connection:
        direct.execute(connection, "SELECT $1 + 1", (b"1",), (20,))
        raise LookupError("the command is refused")
    assert planned() == 0
    assert ask() == [b"42"]


def test_a_directly_run_statement_begins_the_transaction_that_its_reader_wants(database: Database) -> None:
    query = "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"
    with database.read() as connection:
        assert direct.execute(connection, query, (), ()) == [b"repeatable read", b"on"]
    with database.begin() as connection:
        assert direct.execute(connection, query, (), ()) == [b"read committed", b"off"]


def test_the_errors_of_a_directly_run_statement_are_the_drivers(database: Database) -> None:
    with pytest.raises(errors.DivisionByZero), database.begin() as connection:
        direct.execute(connection, "SELECT 1 / $1", (b"0",), (20,))


def test_a_connection_keeps_a_limited_number_of_plans(database: Database) -> None:
    with database.begin() as connection:
        for number in range(direct.PLANS_KEPT + 5):
            assert direct.execute(connection, f"SELECT {number}", (), ()) == [str(number).encode()]
        assert len(direct.driver(connection).planned) == direct.PLANS_KEPT
        assert direct.execute(connection, "SELECT 0", (), ()) == [b"0"]
