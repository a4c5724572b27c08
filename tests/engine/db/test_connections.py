"""What becomes of pooled connections when the server closes them."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from psycopg import errors
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError, InternalError, OperationalError

from engine.cut_off import CutOffError
from engine.db import Database, direct
from engine.db.direct import Command


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


def test_a_directly_run_statement_is_planned_once_also_if_its_transactions_are_rolled_back(
    database: Database,
) -> None:
    def ask(*, then: Exception | None = None) -> None:
        with database.begin() as connection:
            command = Command("SELECT $1 + 1", (b"41",), (20,))
            assert direct.execute(connection, command) == [b"42"]
            connection.exec_driver_sql("SELECT 1")
            if then is not None:
                raise then

    def planned() -> int:
        with database.begin() as connection:
            return _prepared(connection)

    ask()
    first = planned()
    for _ in range(20):
        ask()
        with suppress(LookupError):
            ask(then=LookupError("the command is refused"))
    assert planned() <= first + 2  # what the driver plans of its own once it has been asked often


def test_a_directly_run_statement_begins_the_transaction_that_its_reader_wants(database: Database) -> None:
    query = "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"
    with database.read() as connection:
        assert direct.execute(connection, Command(query)) == [b"repeatable read", b"on"]
    with database.begin() as connection:
        assert direct.execute(connection, Command(query)) == [b"read committed", b"off"]


def test_the_errors_of_a_directly_run_statement_are_the_drivers(database: Database) -> None:
    with pytest.raises(errors.DivisionByZero), database.begin() as connection:
        direct.execute(connection, Command("SELECT 1 / $1", (b"0",), (20,)))


def test_a_connection_keeps_a_limited_number_of_plans(database: Database) -> None:
    with database.begin() as connection:
        for number in range(direct.PLANS_KEPT + 5):
            assert direct.execute(connection, Command(f"SELECT {number}")) == [str(number).encode()]
        assert len(direct.driver(connection).planned) == direct.PLANS_KEPT
        assert direct.execute(connection, Command("SELECT 0")) == [b"0"]


def test_the_last_command_is_run_with_the_commit_and_tells_its_row(database: Database) -> None:
    told: list[direct.Row | None] = []
    with database.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE told (what text)")
        direct.execute_last(connection, Command("INSERT INTO told VALUES ('it') RETURNING what"), told.append)
        assert told == []
    assert told == [[b"it"]]
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT what FROM told").scalars().all() == ["it"]


def test_the_last_command_is_run_before_whatever_else_is_asked(database: Database) -> None:
    told: list[direct.Row | None] = []
    with database.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE told (what text)")
        direct.execute_last(connection, Command("INSERT INTO told VALUES ('a') RETURNING what"), told.append)
        direct.execute_last(connection, Command("INSERT INTO told VALUES ('b') RETURNING what"), told.append)
        assert told == [[b"a"]]
        assert direct.execute(connection, Command("SELECT count(*) FROM told")) == [b"2"]
        direct.execute_last(connection, Command("INSERT INTO told VALUES ('c')"), told.append)
        assert connection.exec_driver_sql("SELECT count(*) FROM told").scalar_one() == 3
    assert told == [[b"a"], [b"b"], None]


def test_the_last_command_of_a_transaction_that_fails_is_not_run(database: Database) -> None:
    told: list[direct.Row | None] = []
    with database.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE told (what text)")
    with suppress(LookupError), database.begin() as connection:
        direct.execute_last(connection, Command("INSERT INTO told VALUES ('a')"), told.append)
        raise LookupError("the edge fails before it commits")
    with database.begin() as connection:
        assert direct.execute(connection, Command("SELECT count(*) FROM told")) == [b"0"]
    assert told == []


def test_a_last_command_that_fails_undoes_its_transaction(database: Database) -> None:
    told: list[direct.Row | None] = []
    with database.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE told (what text PRIMARY KEY)")

    def twice() -> None:
        with database.begin() as connection:
            direct.execute(connection, Command("INSERT INTO told VALUES ('a')"))
            direct.execute_last(connection, Command("INSERT INTO told VALUES ('a')"), told.append)

    with pytest.raises((IntegrityError, errors.UniqueViolation)):
        twice()
    with database.begin() as connection:
        assert direct.execute(connection, Command("SELECT count(*) FROM told")) == [b"0"]
    assert told == []


def test_a_connection_is_whole_again_after_a_commit_that_failed(database: Database) -> None:
    def refused(*, asked_otherwise: bool) -> None:
        with database.begin() as connection:
            if asked_otherwise:
                connection.exec_driver_sql("SELECT 1")
            direct.execute_last(connection, Command("SELECT 1 / 0"), lambda row: None)

    for asked_otherwise in (True, False):
        with pytest.raises((DataError, errors.DivisionByZero)):
            refused(asked_otherwise=asked_otherwise)
        with database.begin() as connection:
            assert direct.execute(connection, Command("SELECT 1")) == [b"1"]
        with database.read() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1


def test_a_connection_lost_with_the_last_command_is_said_and_replaced(database: Database) -> None:

    def cut_off() -> None:
        with database.begin() as connection:
            backend = _backend(connection)
            direct.execute_last(connection, Command("SELECT 1"), lambda row: None)
            with database.begin() as killer:
                killer.exec_driver_sql(f"SELECT pg_terminate_backend({backend}, 5000)")

    with pytest.raises((OperationalError, errors.OperationalError)):
        cut_off()
    with database.begin() as connection:
        assert direct.execute(connection, Command("SELECT 1")) == [b"1"]


def test_a_long_command_and_a_long_answer_go_through(database: Database) -> None:
    long = b"x" * 20_000_000
    with database.begin() as connection:
        assert direct.execute(connection, Command("SELECT $1::text", (long,), (25,))) == [long]


def test_while_one_thread_waits_for_the_server_others_work(database: Database) -> None:
    def slow() -> None:
        with database.begin() as connection:
            direct.execute(connection, Command("SELECT pg_sleep(1)"))

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slow)
        turns = 0
        while not waiting.done():
            turns += 1
            time.sleep(0.01)
    assert turns > 20


def test_who_asks_need_not_wait_for_the_answer(database: Database) -> None:
    with database.begin() as connection:
        began = time.monotonic()
        answer = direct.ask(connection, Command("SELECT 42 FROM pg_sleep(0.5)"))
        assert time.monotonic() - began < 0.4
        assert answer.row() == answer.row() == [b"42"]
        assert direct.ask(connection, Command("SELECT 1 WHERE false")).row() is None


def test_an_answer_is_heard_before_anything_else_is_asked(database: Database) -> None:
    with database.begin() as connection:
        first = direct.ask(connection, Command("SELECT 1"))
        second = direct.ask(connection, Command("SELECT 2"))
        assert connection.exec_driver_sql("SELECT 3").scalar_one() == 3
        assert (first.row(), second.row()) == ([b"1"], [b"2"])


def test_what_went_wrong_is_told_to_whoever_wants_the_answer(database: Database) -> None:
    with suppress(LookupError), database.begin() as connection:
        answer = direct.ask(connection, Command("SELECT 1 / $1", (b"0",), (20,)))
        with pytest.raises(errors.DivisionByZero):
            answer.row()
        raise LookupError("the command is refused")
    with database.begin() as connection:
        assert direct.execute(connection, Command("SELECT 1")) == [b"1"]


def test_a_transaction_may_end_before_the_answer_was_wanted(database: Database) -> None:
    for ending in (None, LookupError("the command is refused")):
        with suppress(LookupError), database.begin() as connection:
            direct.ask(connection, Command("SELECT 1"))
            if ending is not None:
                raise ending
        with database.begin() as connection:
            assert direct.execute(connection, Command("SELECT 2")) == [b"2"]


def test_a_statement_used_of_late_stays_planned(database: Database) -> None:
    with database.begin() as connection:
        for number in range(2 * direct.PLANS_KEPT):
            direct.execute(connection, Command(f"SELECT {number}"))
            assert direct.execute(connection, Command("SELECT 'often'")) == [b"often"]
        assert "SELECT 'often'" in direct.driver(connection).planned


def test_a_statement_that_the_server_was_made_to_forget_fails_once(database: Database) -> None:
    def ask() -> None:
        with database.begin() as connection:
            assert direct.execute(connection, Command("SELECT 1")) == [b"1"]

    ask()
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("DISCARD ALL")
    with pytest.raises(errors.InvalidSqlStatementName):
        ask()
    ask()


def test_statements_are_planned_anew_when_the_driver_makes_the_server_forget_its_own(
    database: Database,
) -> None:
    def ask() -> None:
        with database.begin() as connection:
            assert direct.execute(connection, Command("SELECT 1")) == [b"1"]

    with database.begin() as connection:
        for _ in range(10):
            connection.exec_driver_sql("SELECT 2")  # until the driver plans it
    ask()
    with database.begin() as connection:
        with suppress(LookupError), connection.begin_nested():
            connection.exec_driver_sql("SELECT 2")
            raise LookupError("a part of the command is given up")
        connection.exec_driver_sql("SELECT 2")
    ask()


def test_what_failed_unheard_is_not_taken_for_committed(database: Database) -> None:
    def unheard() -> None:
        with database.begin() as connection:
            direct.ask(connection, Command("SELECT 1 / 0"))

    with pytest.raises(errors.InFailedSqlTransaction):
        unheard()
    with database.begin() as connection:
        assert direct.execute(connection, Command("SELECT 1")) == [b"1"]


# --- connections that the server ends -----------------------------------------------------------------

SILENCE = Command("SELECT set_config('idle_in_transaction_session_timeout', '50', true)")


@pytest.fixture
def only_one(database: Database) -> Iterator[Database]:
    """One connection, for which nobody waits."""
    found = Database(database.url, pool_size=1, pool_timeout=0.1)
    yield found
    found.dispose()


def _silent(database: Database, then: Callable[[Connection], object]) -> None:
    with database.begin() as connection:
        direct.execute(connection, SILENCE)
        time.sleep(0.3)
        then(connection)


@pytest.mark.parametrize(
    "then",
    [
        lambda connection: direct.execute(connection, Command("SELECT 1")),
        lambda connection: direct.ask(connection, Command("SELECT 1")).row(),
        lambda connection: direct.execute_last(connection, Command("SELECT 1"), lambda _: None),
        lambda connection: connection.exec_driver_sql("SELECT 1"),
    ],
    ids=["asked directly", "asked without waiting", "asked with the commit", "asked by the driver"],
)
def test_why_the_server_ended_a_connection_is_told_whoever_asks_next(
    only_one: Database, then: Callable[[Connection], object]
) -> None:
    with pytest.raises((errors.IdleInTransactionSessionTimeout, InternalError), match="idle-in-transaction"):
        _silent(only_one, then)
    with only_one.begin() as connection:
        assert direct.execute(connection, Command("SELECT 1")) == [b"1"]


def test_an_error_is_not_hidden_by_a_connection_that_was_lost_meanwhile(only_one: Database) -> None:
    def fail(_: Connection) -> None:
        raise LookupError("ours")

    for _ in range(3):  # and the place of the connection is free again at once
        with pytest.raises(LookupError, match="ours"):
            _silent(only_one, fail)


def test_a_plan_that_could_not_be_given_up_is_not_forgotten(only_one: Database) -> None:
    def one_too_many(connection: Connection) -> None:
        with connection.begin_nested():
            with suppress(DataError):
                connection.exec_driver_sql("SELECT 1 / 0")
            direct.execute(connection, Command("SELECT 'one too many'"))

    with only_one.begin() as connection:
        for number in range(direct.PLANS_KEPT):
            direct.execute(connection, Command(f"SELECT {number}"))
        with pytest.raises(errors.InFailedSqlTransaction):
            one_too_many(connection)
        known = len(direct.driver(connection).planned)
        ours = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'step_%%'"
        assert connection.exec_driver_sql(ours).scalar_one() == known


def test_a_reading_whose_time_is_over_says_so_whatever_it_does_then(only_one: Database) -> None:
    def read(then: Callable[[Connection], object]) -> None:
        with only_one.read_within(0.3) as connection:
            then(connection)

    for then in (
        lambda _: time.sleep(0.5),
        lambda connection: (time.sleep(0.5), connection.exec_driver_sql("SELECT 1")),
        lambda connection: (time.sleep(0.5), direct.execute(connection, Command("SELECT 1"))),
        lambda connection: connection.exec_driver_sql("SELECT pg_sleep(1)"),
    ):
        with pytest.raises(CutOffError):
            read(then)
    read(lambda connection: connection.exec_driver_sql("SELECT 1"))
