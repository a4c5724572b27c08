"""Copies of a database that was prepared once: faster than preparing one for each test."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from engine.db import Database


@contextmanager
def copy_of(prepared: str, server_url: str) -> Iterator[Database]:
    """A copy of the database at the URL `prepared`, to which nobody is connected; dropped afterwards."""
    original = str(make_url(prepared).database)
    name = f"{original}_{secrets.token_hex(4)}"
    plain = make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    _run(plain, "CREATE DATABASE {} TEMPLATE {}", name, original)
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    database = Database(url, pool_size=4)
    try:
        yield database
    finally:
        database.dispose()
        _run(plain, "DROP DATABASE {} WITH (FORCE)", name)


def _run(url: str, statement: str, *names: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
