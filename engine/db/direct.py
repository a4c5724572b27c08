"""Prepared statements straight through libpq, for the few that every step runs.

The driver's own way to run a statement takes several times as long as the statement waits for its answer
(measured: `docs/adr/0013`). So here parameters and answers are text as PostgreSQL reads and writes it.
"""

from collections.abc import Sequence
from typing import Any, NoReturn

import psycopg
from psycopg import errors
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection

PLANS_KEPT = 100
"""Statements a connection keeps planned; each holds some 100 kB of the server's memory."""


class PlannedConnection(psycopg.Connection[tuple[Any, ...]]):
    """A connection that knows which of our statements its server has planned."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.planned: dict[str, bytes] = {}
        self._count = 0

    def rollback(self) -> None:
        """Roll back; the driver then lets the server forget all that it has planned, ours too."""
        begun = self.pgconn.transaction_status != TransactionStatus.IDLE
        super().rollback()
        if begun:
            self.planned.clear()

    def plan_of(self, statement: str, types: Sequence[int]) -> bytes:
        """The name under which the server has planned a statement with parameters of these types."""
        name = self.planned.get(statement)
        if name is None:
            if len(self.planned) >= PLANS_KEPT:
                oldest = self.planned.pop(next(iter(self.planned)))
                _checked(self, self.pgconn.exec_(b"DEALLOCATE " + oldest))
            self._count += 1
            name = f"step_{self._count}".encode()
            _checked(self, self.pgconn.prepare(name, statement.encode(), types))
            self.planned[statement] = name
        return name


def driver(connection: Connection) -> PlannedConnection:
    """The driver's connection under SQLAlchemy's transaction."""
    inner = connection.connection.driver_connection
    assert isinstance(inner, PlannedConnection)
    return inner


def execute(
    connection: Connection, statement: str, values: Sequence[bytes], types: Sequence[int]
) -> list[bytes | None] | None:
    """The first row that a statement with `$1`… gives, or None; in the transaction of `connection`.

    `types` are the numbers of the parameters' types. Raises the errors of `psycopg.errors`.
    """
    raw = driver(connection)
    if raw.pgconn.transaction_status == TransactionStatus.IDLE:
        _checked(raw, raw.pgconn.exec_(_beginning(raw)))
    result = _checked(raw, raw.pgconn.exec_prepared(raw.plan_of(statement, types), values))
    if not result.ntuples:
        return None
    return [result.get_value(0, column) for column in range(result.nfields)]


def _beginning(raw: PlannedConnection) -> bytes:
    """What begins a transaction as the connection is set to."""
    words = ["BEGIN"]
    if raw.isolation_level is not None:
        words.append(f"ISOLATION LEVEL {raw.isolation_level.name.replace('_', ' ')}")
    if raw.read_only is not None:
        words.append("READ ONLY" if raw.read_only else "READ WRITE")
    return " ".join(words).encode()


def _checked(raw: PlannedConnection, result: PGresult) -> PGresult:
    if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        return result
    _fail(raw, result)


def _fail(raw: PlannedConnection, result: PGresult) -> NoReturn:
    raise errors.error_from_result(result, raw.info.encoding)
