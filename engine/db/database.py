"""Connections and transactions; only edges (a view, the worker, a command) open them."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError

from engine.cut_off import cut_off_after
from engine.db import direct, json
from engine.db.direct import PlannedConnection

LOCK_TIMEOUT_MS = 10_000
"""How long a command waits for another on the same case before it is told to try again."""

PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""When a server is given up, unless the database's URL says (libpq's names and units). It may take 5 seconds
to let us in; one whose machine or network is gone is lost after a minute."""

POOL_TIMEOUT_S = 5
"""How long somebody waits for a connection when all are in use."""


def connect(url: str, *, pool_size: int = 10, pool_timeout: float = POOL_TIMEOUT_S) -> Engine:
    """An SQLAlchemy engine on `url` (postgresql+psycopg://…), UTC, with our JSON."""
    said = make_url(url).query
    engine = create_engine(
        url,
        pool_timeout=pool_timeout,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_use_lifo=True,  # the one used last has its statements planned
        json_serializer=json.encode_text,
        json_deserializer=json.decode,
        connect_args={
            "options": f"-c timezone=UTC -c lock_timeout={LOCK_TIMEOUT_MS}",
            **{name: said.get(name, usual) for name, usual in PATIENCE.items()},
        },
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "checkout", _refuse_closed)
    return engine


def _connect(
    _dialect: object, _record: object, _arguments: object, options: dict[str, Any]
) -> PlannedConnection:
    return PlannedConnection.connect(**options)


def _refuse_closed(connection: "psycopg.Connection[tuple[object, ...]]", *_: object) -> None:
    """Drop pooled connections that the server has closed, after a restart for example.

    A closed socket can be read, an idle one cannot. Asking the server, as a pool usually does, would cost
    every command a round trip.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        raise InvalidatePoolError("The server has closed the connection.")


class Transaction:
    """A connection for one transaction; what the driver runs for us, SQLAlchemy need not know of.

    Committed at the end, also where it only reads; rolled back by any exception.
    """

    __slots__ = ("_connection", "_engine", "_options")

    def __init__(self, engine: Engine, **options: Any) -> None:
        """`options` are SQLAlchemy's of the connection's execution."""
        self._engine, self._options = engine, options

    def __enter__(self) -> Connection:
        connection = self._engine.connect()
        self._connection = connection.execution_options(**self._options) if self._options else connection
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._commit()
        finally:
            self._give_back()

    def _commit(self) -> None:
        if self._connection.in_transaction():
            self._connection.commit()
        else:
            direct.driver(self._connection).commit()

    def _give_back(self) -> None:
        """Roll back what was not committed, whoever began it; what was lost is not used again."""
        try:
            if not self._connection.invalidated:
                raw = direct.driver(self._connection)
                if raw.closed:
                    self._connection.invalidate()
                else:
                    raw.rollback()
        except psycopg.Error:  # it was lost, and its transaction with it; why it ends is said already
            self._connection.invalidate()
        finally:
            self._connection.close()


class Database:
    """A handle on the database, shared by the threads of a process."""

    def __init__(self, url: str, *, pool_size: int = 10, pool_timeout: float = POOL_TIMEOUT_S) -> None:
        """`url` is an SQLAlchemy URL of the psycopg dialect, `pool_timeout` in seconds."""
        self.url = url
        self.engine = connect(url, pool_size=pool_size, pool_timeout=pool_timeout)

    def begin(self) -> Transaction:
        """One transaction that may write."""
        return Transaction(self.engine)

    def read(self) -> Transaction:
        """One transaction that only reads, in one snapshot."""
        return Transaction(self.engine, isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @contextmanager
    def read_within(self, seconds: float) -> Iterator[Connection]:
        """The same that ends in its time, also where the server or the way to it stands still.

        Only making a connection may take longer (`PATIENCE`). Raises `CutOffError`.
        """
        with cut_off_after(seconds) as cut_off, self.read() as connection:
            cut_off.watch(direct.driver(connection).fileno())
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {int(1000 * seconds)}")
            yield connection

    def dispose(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()
