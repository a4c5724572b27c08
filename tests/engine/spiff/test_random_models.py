"""The state is the whole truth: random processes run the same in memory and reloaded at each command."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import hypothesis
import pytest
from hypothesis import strategies as st
from SpiffWorkflow.bpmn.specs.mixins.parallel_gateway import ParallelGateway as StockParallelGateway
from SpiffWorkflow.util.task import TaskState

from engine import spiff
from engine.feel import Value
from engine.spiff.gateways import ParallelGateway
from engine.spiff.live import LiveTask
from tests.engine.spiff.carrying import Carrier, TestHost, compiled, value_of
from tests.engine.spiff.random_models import MISSING, Tape, draw

MODELS = int(os.environ.get("SCCIF_RANDOM_MODELS", "2000"))
BATCHES = 20
COMMANDS = 2_000
DRAWN, RUN = 160, 80
TAPES = st.tuples(st.binary(min_size=DRAWN, max_size=DRAWN), st.binary(min_size=RUN, max_size=RUN))
REPAIRED: Mapping[str, Value] = {f"miss{number}": value_of(1) for number in range(MISSING)}


class Model(NamedTuple):
    """A drawn model made ready, and the variables it starts with."""

    definitions: Mapping[str, spiff.Definition]
    variables: Mapping[str, Value]


def drawn(tape: Tape) -> Model:
    processes, counters = draw(tape)
    variables = {"ref": "A", **{name: value_of(0) for name in counters}}
    return Model(compiled(*processes), variables)


def in_memory(model: Model) -> Carrier:
    return begun(model, reload=False)


def reloaded(model: Model) -> Carrier:
    return begun(model, reload=True)


def begun(model: Model, *, reload: bool) -> Carrier:
    host = TestHost(model.definitions)
    return Carrier(model.definitions["p"], host, reload=reload, variables=model.variables, step_limit=1000)


def carried(run: Carrier, tape: Tape) -> list[Any]:
    """All that is kept of a random run after each of its random commands, and all facts."""
    seen: list[Any] = []
    for turn in range(COMMANDS):
        seen.append((run.open, run.due, run.completed, run.stopped, run.execution.state()))
        if run.completed or not command(run, tape, turn):
            break
    return [*seen, run.facts]


def command(run: Carrier, tape: Tape, turn: int) -> bool:
    """Do one random thing; False if nothing can be done. After the tape, work comes before events."""
    execution = run.execution
    messages = awaited(run, "message", tape)
    able: dict[Callable[[Carrier, Tape], None], object] = {
        repair: execution.incidents,
        pass_a_day: run.due,
        partial(deliver, messages): messages,
        broadcast: awaited(run, "signal", tape),
        fail: failing(run),
    }
    events = [act for act, is_able in able.items() if is_able]
    options = [*([complete] * 8 if run.open else []), *events]
    if not options:
        return False
    first = turn % len(events) if tape.at_end and not run.open else 0
    options[first + tape.below(len(options) - first)](run, tape)
    return True


def awaited(run: Carrier, kind: str, tape: Tape) -> list[spiff.Subscription]:
    """Who waits. After the tape not what may come again and again beside the work (named b and s)."""
    found = [each for each in run.execution.subscriptions if each.kind == kind]
    return [each for each in found if not tape.at_end or each.element[0] not in "bs"]


def complete(run: Carrier, tape: Tape) -> None:
    run.done(tape.choice(run.open))


def repair(run: Carrier, tape: Tape) -> None:
    """Set what is missing in each process, and try one path again."""
    scopes = run.execution.state().scopes.values()
    outer = sorted(scope.id for scope in scopes if scope.kind is not spiff.ScopeKind.LOCAL)
    note = tape.choice(sorted(run.execution.incidents, key=lambda note: note.token_id))
    run.execution.set_variables_of_scopes(dict.fromkeys(outer, REPAIRED))
    if note.token_id in {each.token_id for each in run.execution.incidents}:
        run.execution.retry(note.token_id)
    run.settle()


def pass_a_day(run: Carrier, _tape: Tape) -> None:
    run.later(days=1)


def deliver(able: list[spiff.Subscription], run: Carrier, tape: Tape) -> None:
    """A message to one of its receivers, with a payload."""
    waiting = tape.choice(able)
    run.execution.deliver(waiting.token_id, {"told": value_of(tape.below(9))}, key=waiting.key)
    run.settle()


def broadcast(run: Carrier, tape: Tape) -> None:
    run.signal("go", heard=tape.below(9))


def failing(run: Carrier) -> list[spiff.Job]:
    found = (job for job in run.execution.jobs if job.element.startswith("jf"))
    return sorted(found, key=lambda job: job.token_id)


def fail(run: Carrier, tape: Tape) -> None:
    """A job ends with an error that is foreseen."""
    job = tape.choice(failing(run))
    run.execution.throw_error(job.token_id, "E1", {})
    run.settle()


def ends(seen: list[Any]) -> bool:
    """Whether the run came to an end; a called process may put back a loop's counter beside it for ever."""
    return len(seen) <= COMMANDS


def assert_ended(seen: list[Any]) -> None:
    open_tasks, due, completed, stopped, state = seen[-2]
    assert (completed, open_tasks, due, stopped) == (True, [], [], [])
    assert (list(state.tokens), list(state.scopes)) == ([], [0])


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_processes_run_the_same_reloaded_and_all_end(batch: int) -> None:
    @hypothesis.seed(batch)
    @hypothesis.settings(max_examples=max(1, MODELS // BATCHES), database=None, deadline=None)
    @hypothesis.given(TAPES)
    def same(tapes: tuple[bytes, bytes]) -> None:
        model = drawn(Tape(tapes[0]))
        seen = carried(in_memory(model), Tape(tapes[1]))
        assert carried(reloaded(model), Tape(tapes[1])) == seen
        hypothesis.assume(ends(seen))
        assert_ended(seen)

    same()


def test_with_spiffworkflows_own_joins_the_test_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """They ask whether the tasks before the join are finished, of which our trees keep none."""

    def begin(self: ParallelGateway, task: LiveTask) -> bool:
        task._set_state(TaskState.WAITING)
        complete: bool = StockParallelGateway._check_threshold_unstructured(self, task)
        forget_others(self, task)
        return complete

    assert all(ended(seed) for seed in range(100))
    monkeypatch.setattr(ParallelGateway, "begin", begin)
    assert sum(not ended(seed) for seed in range(100)) > 20


def ended(seed: int) -> bool:
    seen = carried(in_memory(drawn(Tape.of_seed(seed))), Tape.of_seed(seed + 1000))
    try:
        assert_ended(seen)
    except AssertionError:
        return False
    return True


def forget_others(join: ParallelGateway, task: LiveTask) -> None:
    """As SpiffWorkflow does, a join keeps the last of those who wait at it."""
    for other in task.workflow.live():
        if other.task_spec is join and other is not task:
            other.workflow.discard(other)


def test_with_joins_that_count_what_came_the_comparison_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A join that counts what has ever come by, as SpiffWorkflow's does where finished tasks are kept."""

    def as_spiffworkflow_joins(self: ParallelGateway, task: LiveTask) -> bool:
        came = task.workflow.__dict__.setdefault("came", {}).setdefault(self.name, set())
        came.add(task.internal_data["from"])
        task._set_state(TaskState.WAITING)
        if came < set(self.element.incoming):
            return False
        forget_others(self, task)
        return True

    monkeypatch.setattr(ParallelGateway, "begin", as_spiffworkflow_joins)
    differ = [seed for seed in range(100) if outcome(seed, in_memory) != outcome(seed, reloaded)]
    assert len(differ) > 5


def outcome(seed: int, begin: Callable[[Model], Carrier]) -> object:
    try:
        return carried(begin(drawn(Tape.of_seed(seed))), Tape.of_seed(seed + 1000))
    except (LookupError, ValueError, AssertionError, spiff.IncidentError) as error:
        return type(error).__name__
