"""The rows of a case are the whole truth: random processes run the same in memory and from their rows."""

from contextlib import ExitStack
from datetime import timedelta

import hypothesis
import pytest
from sqlalchemy import func, select

from engine import dialect, spiff
from engine.db import Database
from engine.db.tables import Instance, InstanceState, ProcessDefinition, Scope, Token
from engine.runtime import cases
from engine.runtime.library import Library
from engine.runtime.step import Step
from tests.engine.runtime.random_cases import deploy
from tests.engine.spiff.carrying import BEGIN, Carrier, TestHost, value_of
from tests.engine.spiff.drawing import NAMES, document
from tests.engine.spiff.random_models import Tape, draw
from tests.engine.spiff.test_random_models import MODELS, TAPES, Model, assert_ended, carried, ends, in_memory

SHARE, BATCHES = 10, 10
"""One in ten of the models, as writing and reading takes its time."""
pytestmark = pytest.mark.database


def deployed(database: Database, tape: Tape) -> Model:
    """A drawn model, deployed, and made ready under the numbers it was given."""
    processes, counters = draw(tape)
    deploy(database, processes, counters, at=BEGIN)
    read = dialect.read(document(*processes, extra=NAMES)).processes
    numbers = select(ProcessDefinition.process_id, func.max(ProcessDefinition.id))
    with database.read() as connection:
        rows = connection.execute(numbers.group_by(ProcessDefinition.process_id))
        known = {row.process_id: row[1] for row in rows}
    ready = {name: spiff.compile(process, key=known[name]) for name, process in read.items()}
    by_number = {str(known[name]): definition for name, definition in ready.items()}
    variables = {"ref": "A", **{name: value_of(0) for name in counters}}
    return Model({**ready, **by_number}, variables)


class FromRows(Carrier):
    """Carries a case on that is written and read again at every command, in transactions of its own."""

    def __init__(self, database: Database, model: Model) -> None:
        self.database, self.host, self.reload = database, TestHost(model.definitions), True
        self.facts: list[spiff.Fact] = []
        self.open_transaction = ExitStack()
        self.library = Library(cases_kept=0)
        with database.begin() as connection:
            self.case = cases.start(
                connection, self.library, process_id="p", service_urn="SC000001", variables=model.variables,
                team="Team 1", by="test", at=BEGIN,
            ).id  # fmt: skip
            state = select(Instance.state).where(Instance.id == self.case)
            self.ran_through = connection.execute(state).scalar_one() == InstanceState.COMPLETED
        if not self.ran_through:
            self.load()

    def load(self) -> None:
        connection = self.open_transaction.enter_context(self.database.begin())
        self.step = Step.load(connection, self.library, self.case, actor="test", at=self.host.at)
        self.execution = self.step.execution

    def later(self, **time: float) -> Carrier:
        """What is read before a time goes by does not know of it."""
        self.host.at += timedelta(**time)
        self.open_transaction.close()
        self.load()
        return self.fire_due()

    def settle(self) -> Carrier:
        self.facts += self.execution.facts
        self.step.save()
        self.open_transaction.close()
        if not self.execution.completed:
            self.load()
        return self

    def left(self) -> tuple[int, int]:
        """How many rows of tokens and of scopes inside the case are left."""
        with self.database.read() as connection:
            tokens = select(func.count()).where(Token.instance_id == self.case)
            scopes = select(func.count()).where(Scope.instance_id == self.case, Scope.id != 0)
            return connection.execute(tokens).scalar_one(), connection.execute(scopes).scalar_one()


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_cases_run_the_same_from_their_rows_and_leave_none(database: Database, batch: int) -> None:
    @hypothesis.seed(batch)
    @hypothesis.settings(max_examples=max(1, MODELS // SHARE // BATCHES), database=None, deadline=None)
    @hypothesis.given(TAPES)
    def same(tapes: tuple[bytes, bytes]) -> None:
        model = deployed(database, Tape(tapes[0]))
        stored = FromRows(database, model)
        if stored.ran_through:  # nothing was ever read
            return
        known = stored.execution.state().scopes[0].variables
        seen = carried(stored, Tape(tapes[1]))
        own = {name: known[name] for name in ("service", "setting", "reference")}
        kept = in_memory(model._replace(variables={**model.variables, **own}))
        kept.facts.clear()
        assert carried(kept, Tape(tapes[1])) == seen
        hypothesis.assume(ends(seen))
        assert_ended(seen)
        assert stored.left() == (0, 0)

    same()
