"""Prepared statements straight through libpq, for the few that every step runs.

The driver's own way to run a statement takes several times as long as the statement waits for its answer
(measured: `docs/adr/0013`). So here parameters and answers are text as PostgreSQL reads and writes it. The
first statement travels with the beginning of its transaction and the last one with the commit, and who asks
need not wait before the answer is wanted (`docs/adr/0017`).
"""

from collections.abc import Callable, Sequence
from select import POLLIN, POLLOUT, poll
from typing import Any, NamedTuple

import psycopg
from psycopg import errors
from psycopg.abc import PQGen
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection

PLANS_KEPT = 100
"""Statements a connection keeps planned, those used last; each holds some 100 kB of the server's memory."""

Row = list[bytes | None]
"""The values of a row, as PostgreSQL writes them."""


class Command(NamedTuple):
    """A statement with `$1`…, its values as text, and the numbers of their types."""

    statement: str
    values: Sequence[bytes] = ()
    types: Sequence[int] = ()


_COMMIT = Command("COMMIT")


class _Last(NamedTuple):
    """A command that waits for the end of its transaction, and who is told the row it gives."""

    command: Command
    then: Callable[[Row | None], None]


class PlannedConnection(psycopg.Connection[tuple[Any, ...]]):
    """A connection that knows which of our statements its server has planned, and what is under way."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.planned: dict[str, bytes] = {}
        self._count = 0
        self._asked: Answer | None = None
        self._last: _Last | None = None
        self._poll = poll()

    # --- what the driver is asked by others -------------------------------------------------------

    def cursor(self, *arguments: Any, **options: Any) -> Any:
        """A cursor, by which everything that is not ours is asked."""
        self.settle()
        return super().cursor(*arguments, **options)

    def commit(self) -> None:
        """Commit; a command that was kept back travels in the same message."""
        self._hear()
        if self.pgconn.transaction_status == TransactionStatus.INERROR:
            raise errors.InFailedSqlTransaction("A statement failed; nothing can be committed.")
        if self._last is not None:
            (command, then), self._last = self._last, None
            written, _ = self.run_together(command, _COMMIT)
            then(_first(written))
        elif self.pgconn.transaction_status != TransactionStatus.IDLE:
            self.run_together(_COMMIT)

    def _deallocate(self, name: bytes | None) -> PQGen[None]:
        """Let the server forget a statement of the driver's, or all there are: also ours."""
        if name is None:
            self.planned.clear()
        return super()._deallocate(name)

    def rollback(self) -> None:
        """Roll back. What the server has planned stays; the driver's own way would have it forgotten."""
        self._hear()
        self._last = None
        if self.pgconn.transaction_status != TransactionStatus.IDLE:
            self._plainly(b"ROLLBACK")

    # --- what this module asks ----------------------------------------------------------------------

    def run(self, command: Command) -> PGresult:
        """Run a command in the transaction, which it begins if there is none."""
        return self.run_together(*self._begun_with(command))[-1]

    def run_together(self, *commands: Command) -> list[PGresult]:
        """Send commands in one message and wait once for all their answers.

        The first that fails is raised; the server has not run those after it.
        """
        self._send(commands)
        return self._all_done(self._answers(), len(commands))

    def _plainly(self, statement: bytes) -> None:
        """Run a statement that is not worth a plan."""
        self._alone(lambda: self.pgconn.send_query_params(statement, None))

    def _alone(self, send: Callable[[], None]) -> None:
        """Have something done, in a message of its own.

        The driver's calls that wait themselves would tell the last of what went wrong: that the connection
        is lost, and not why the server ended it.
        """
        self.pgconn.enter_pipeline_mode()
        send()
        self.pgconn.pipeline_sync()
        self._all_done(self._answers(), 1)

    def ask(self, command: Command) -> "Answer":
        """Send a command of the transaction, which it begins if there is none, and do not wait."""
        self.settle()
        commands = self._begun_with(command)
        self._send(commands)
        self._asked = Answer(self, len(commands))
        return self._asked

    def _begun_with(self, command: Command) -> Sequence[Command]:
        begun = self.pgconn.transaction_status != TransactionStatus.IDLE
        return (command,) if begun else (_beginning(self), command)

    def owe(self, last: _Last) -> None:
        """Keep a command back until the transaction ends, or until anything else is asked."""
        self.settle()
        self._last = last

    def settle(self) -> None:
        """Leave nothing under way: hear the answer to what was asked, run the command that was kept back."""
        self._hear()
        if self._last is not None:
            (command, then), self._last = self._last, None
            then(_first(self.run(command)))

    def _hear(self) -> None:
        if self._asked is not None:
            asked, self._asked = self._asked, None
            asked.heard(self._answers())

    # --- the wire -----------------------------------------------------------------------------------

    def _send(self, commands: Sequence[Command]) -> None:
        plans = [self._plan_of(each) for each in commands]
        self.pgconn.enter_pipeline_mode()
        for command, plan in zip(commands, plans, strict=True):
            self.pgconn.send_query_prepared(plan, command.values)
        self.pgconn.pipeline_sync()

    def _answers(self) -> list[PGresult]:
        """What comes back up to the end of the message, or of the connection."""
        answers = []
        try:
            while self.pgconn.status == ConnStatus.OK:
                self._wait()
                answer = self.pgconn.get_result()
                if answer is None:
                    continue  # one stands after every answer
                if answer.status == ExecStatus.PIPELINE_SYNC:
                    self.pgconn.exit_pipeline_mode()
                    break
                answers.append(answer)
        except psycopg.OperationalError:
            self.close()  # what came until the connection was lost may say why
        except BaseException:
            self.close()  # an answer that was not read must not be taken for that of the next
            raise
        return answers

    def _wait(self) -> None:
        """Wait until an answer is there. Other threads go on meanwhile; reading it would hold them up."""
        while self.pgconn.is_busy():
            unsent = self.pgconn.flush()
            self._poll.register(self.pgconn.socket, POLLIN | POLLOUT if unsent else POLLIN)
            self._poll.poll()
            self.pgconn.consume_input()

    def _plan_of(self, command: Command) -> bytes:
        """The name under which the server has planned a statement."""
        name = self.planned.pop(command.statement, None)
        if name is None:
            if len(self.planned) >= PLANS_KEPT:
                unused = next(iter(self.planned))
                self._plainly(b"DEALLOCATE " + self.planned[unused])
                del self.planned[unused]
            self._count += 1
            name = f"step_{self._count}".encode()
            statement, types = command.statement.encode(), command.types
            self._alone(lambda: self.pgconn.send_prepare(name, statement, types))
        self.planned[command.statement] = name
        return name

    def _all_done(self, answers: list[PGresult], count: int) -> list[PGresult]:
        for answer in answers:
            self._checked(answer)
        if len(answers) < count:
            raise psycopg.OperationalError("The connection was lost before the server had answered.")
        return answers

    def _checked(self, result: PGresult) -> PGresult:
        if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            return result
        raise self._error(result)

    def _error(self, result: PGresult) -> psycopg.Error:
        error = errors.error_from_result(result, self.info.encoding)
        if isinstance(error, errors.InvalidSqlStatementName | errors.FeatureNotSupported):
            self.planned.clear()  # the server was made to forget, or a table changed: plan anew next time
        if self.pgconn.status == ConnStatus.OK or error.sqlstate is not None:
            return error
        return psycopg.OperationalError(str(error))  # the connection is lost; no server said why


class Answer:
    """The row that a command gives, on its way."""

    def __init__(self, connection: PlannedConnection, commands: int) -> None:
        """The last of so many commands, sent in one message, gives it."""
        self._connection, self._commands = connection, commands
        self._heard: list[PGresult] | None = None

    def heard(self, answers: list[PGresult]) -> None:
        """All the answers to the message have come."""
        self._heard = answers

    def row(self) -> Row | None:
        """The first row, awaited. Raises the errors of `psycopg.errors`."""
        if self._heard is None:
            self._connection.settle()
        assert self._heard is not None
        return _first(self._connection._all_done(self._heard, self._commands)[-1])


def driver(connection: Connection) -> PlannedConnection:
    """The driver's connection under SQLAlchemy's transaction."""
    inner = connection.connection.driver_connection
    assert isinstance(inner, PlannedConnection)
    return inner


def execute(connection: Connection, command: Command) -> Row | None:
    """The first row that a command gives, or None; in the transaction of `connection`.

    Raises the errors of `psycopg.errors`.
    """
    raw = driver(connection)
    raw.settle()
    return _first(raw.run(command))


def ask(connection: Connection, command: Command) -> Answer:
    """Have a command run in the transaction of `connection`, and go on before its answer has come."""
    return driver(connection).ask(command)


def execute_last(connection: Connection, command: Command, then: Callable[[Row | None], None]) -> None:
    """Run a command when the transaction of `connection` is committed, in one message with the commit.

    If anything else is asked of the connection before, it is run before that. `then` is told the first row
    that it gives; after a rollback it is told nothing. What goes wrong is raised where the command is run.
    """
    driver(connection).owe(_Last(command, then))


def _first(result: PGresult) -> Row | None:
    if not result.ntuples:
        return None
    return [result.get_value(0, column) for column in range(result.nfields)]


def _beginning(raw: PlannedConnection) -> Command:
    """What begins a transaction as the connection is set to."""
    words = ["BEGIN"]
    if raw.isolation_level is not None:
        words.append(f"ISOLATION LEVEL {raw.isolation_level.name.replace('_', ' ')}")
    if raw.read_only is not None:
        words.append("READ ONLY" if raw.read_only else "READ WRITE")
    return Command(" ".join(words))
