"""Completing a user task at steps 10, 50 and 200, beside the floor and the peer, in turns on one server."""

from collections.abc import Mapping
from contextlib import ExitStack
from statistics import median
from typing import Any

from sqlalchemy import select

from benchmarks import models, ours
from benchmarks.counting import Cost, counted
from benchmarks.floor import floor
from benchmarks.ours import Steps
from benchmarks.peer import Peer, peer
from benchmarks.place import AT, Place
from benchmarks.rounds import Batch, Times, interleaved
from engine.db.tables import UserTask
from engine.runtime import user_tasks
from engine.runtime.library import Library

AGES = (10, 50, 200)
"""The lengths of the processes that are measured in their last ten steps."""
READING = "read_each_time"
"""The youngest case again, by a process that kept nothing of it: as after another process's step."""
WARM = 2


def measure(place: Place, *, rounds: int, cases: int, aged: int) -> dict[str, Any]:
    """Everything about completing a task: `cases` young ones a round, `aged` older ones, ten steps each."""
    with ExitStack() as stack:
        bare = stack.enter_context(floor(place.plain_url))
        whole = stack.enter_context(peer(place.plain_url, 10))
        young, old = min(AGES), AGES[1:]
        reading = Place(place.url, place.database, Library(cases_kept=0), place.settings)
        shares = {str(young): cases, READING: cases} | {str(age): aged for age in old}
        steps = {
            name: Steps(
                reading if name == READING else place,
                young if name == READING else int(name),
                cases=WARM + rounds * share,
            )
            for name, share in shares.items()
        }
        batches: dict[str, Batch] = {
            "floor": lambda: [bare.step() for _ in range(cases * 20)],
            "peer": lambda: _peer_batch(whole, cases),
        }
        for name, each in steps.items():
            batches[name] = _batch(each, shares[name])
            each.batch(WARM)  # plans and compiled models are there before the first round
            each.cpu.clear()
        for library in (place.library, reading.library):
            library.settle()  # as web pages and workers do
        interleaved({"floor": batches["floor"], "peer": batches["peer"]}, 1)
        times = interleaved(batches, rounds)
    return _told(times, {name: median(each.cpu) for name, each in steps.items()}, cost_of_one(place))


def _batch(steps: Steps, cases: int) -> Batch:
    return lambda: steps.batch(cases)


def _peer_batch(whole: Peer, cases: int) -> list[float]:
    rows = [whole.start() for _ in range(cases)]
    return [whole.step(row) for row in rows for _ in range(10)]


def _told(times: Mapping[str, Times], cpu: Mapping[str, float], cost: Cost) -> dict[str, Any]:
    bare = times["floor"]
    return {
        "floor": bare.as_json(),
        "complete_user_task": {
            "ratio_to_floor_p50": round(times["10"].over(bare, 0.5), 2),
            "ratio_to_floor_p95": round(times["10"].over(bare, 0.95), 2),
            "growth_50_vs_10": round(times["50"].over(times["10"], 0.5), 2),
            "growth_200_vs_10": round(times["200"].over(times["10"], 0.5), 2),
            "ratio_to_floor_p50_read_each_time": round(times[READING].over(bare, 0.5), 2),
            "sql_statements": cost.statements,
            "commits": cost.commits,
            "rows_read": cost.rows_read,
            "rows_written": cost.rows_written,
            "bytes_written": cost.bytes_written,
            "steps": {
                name: times[name].as_json() | {"python_cpu_ms": round(seconds * 1000, 3)}
                for name, seconds in cpu.items()
            },
        },
        "peer_spiffworkflow_json": times["peer"].as_json()
        | {
            "ratio_to_floor_p50": round(times["peer"].over(bare, 0.5), 2),
            "ratio_to_floor_p95": round(times["peer"].over(bare, 0.95), 2),
        },
    }


def cost_of_one(place: Place) -> Cost:
    """What one step in the middle of a case costs, counted."""
    case, _ = ours.start(place, 10)
    ours.complete(place, case)
    with place.database.read() as connection:
        task = connection.execute(
            select(UserTask.id).where(UserTask.instance_id == case, UserTask.completed_at.is_(None))
        ).scalar_one()
    with counted(place) as (connection, found):
        values = {models.variable(2): ours.AMOUNT}
        user_tasks.complete(connection, place.library, task_id=task, values=values, by=ours.BY, at=AT)
    return found[0]
