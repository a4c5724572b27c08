"""The state is the whole truth: random processes run the same in memory and reloaded at each command."""

import os
import random
from functools import lru_cache
from typing import Any

import pytest
from SpiffWorkflow.util.task import TaskState

from engine import spiff
from engine.spiff.gateways import ParallelGateway
from engine.spiff.live import LiveTask
from tests.engine.spiff.carrying import Carrier, TestHost, compiled, value_of
from tests.engine.spiff.random_models import draw

MODELS = int(os.environ.get("SCCIF_RANDOM_MODELS", "200"))
BATCHES = 10
COMMANDS = 1000


@lru_cache(maxsize=4)
def drawn(seed: int) -> tuple[dict[str, spiff.Definition], list[str]]:
    processes, counters = draw(seed)
    return compiled(*processes), counters


def carried(seed: int, *, reload: bool) -> list[Any]:
    """What can be seen of a random run after each of its random commands, and all facts."""
    definitions, counters = drawn(seed)
    rng = random.Random(seed)
    run = Carrier(
        definitions["p"],
        TestHost(definitions),
        reload=reload,
        variables={"ref": "A", **{name: value_of(0) for name in counters}},
        step_limit=1000,
    )
    seen: list[Any] = []
    for _ in range(COMMANDS):
        seen.append((run.open, run.due, run.completed, run.stopped, run.variables))
        if run.completed or run.stopped or not command(run, rng):
            break
    return [*seen, run.facts]


def command(run: Carrier, rng: random.Random) -> bool:
    """Do one random thing; False if nothing can be done."""
    if run.execution.subscriptions and (not run.open or rng.random() < 0.3):
        return run.message("A")
    if run.due and (not run.open or rng.random() < 0.2):
        run.later(days=1)
        return True
    if run.open:
        run.done(rng.choice(run.open))
        return True
    return False


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_processes_run_the_same_reloaded_and_all_end(batch: int) -> None:
    for seed in range(batch, MODELS, BATCHES):
        in_memory = carried(seed, reload=False)
        assert in_memory == carried(seed, reload=True), f"seed {seed}"
        open_tasks, due, completed, stopped, _variables = in_memory[-2]
        assert (completed, open_tasks, due, stopped) == (True, [], [], []), f"seed {seed}"


def test_the_comparison_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """SpiffWorkflow's own join counts what has ever come by, which is neither right nor stored."""

    def as_spiffworkflow_joins(self: ParallelGateway, task: LiveTask) -> bool:
        came = task.workflow.__dict__.setdefault("came", {}).setdefault(self.name, set())
        came.add(task.internal_data["from"])
        task._set_state(TaskState.WAITING)
        if came < set(self.element.incoming):
            return False
        for other in task.workflow.live():
            if other.task_spec is self and other is not task:
                other.workflow.discard(other)
        return True

    monkeypatch.setattr(ParallelGateway, "begin", as_spiffworkflow_joins)
    differ = [seed for seed in range(60) if outcome(seed, reload=False) != outcome(seed, reload=True)]
    assert len(differ) > 5


def outcome(seed: int, *, reload: bool) -> object:
    try:
        return carried(seed, reload=reload)
    except (LookupError, ValueError, AssertionError, spiff.IncidentError) as error:
        return type(error).__name__
