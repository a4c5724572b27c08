"""What becomes of pooled connections when the server closes them."""

from sqlalchemy import Connection

from engine.db import Database


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
