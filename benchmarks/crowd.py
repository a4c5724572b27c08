"""Many clients at once, each a process of its own: completing tasks, and firing timers that are due."""

import resource
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from operator import truediv
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import func, select, text

from benchmarks import ours
from benchmarks.place import AT, Place
from benchmarks.rounds import Times
from engine.db import Database
from engine.db.tables import Timer
from engine.runtime import cases, timers
from engine.runtime.library import Library

WARM_CASES = 3
_STORED = ("instance", "token", "scope", "variable", "user_task", "history")


@dataclass(frozen=True, slots=True)
class Shift:
    """What one client did: when it began and when each step ended, the seconds of each, its growth in kB."""

    began: float
    ends: tuple[float, ...]
    times: tuple[float, ...]
    grown_kb: int


def _complete(url: str, found: Sequence[int]) -> Shift:
    place = Place(url, Database(url, pool_size=1), Library(), {})
    for case in found[:WARM_CASES]:
        _ten(place, case)
    place.library.settle()  # as web pages and workers do
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = perf_counter()
    steps = [step for case in found[WARM_CASES:] for step in _ten(place, case)]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    place.database.dispose()
    return Shift(began, tuple(end for end, _ in steps), tuple(seconds for _, seconds in steps), grown)


def _ten(place: Place, case: int) -> list[tuple[float, float]]:
    """When each of ten steps ended, and its seconds."""
    found = []
    for _ in range(10):
        seconds = ours.complete(place, case).wall
        found.append((perf_counter(), seconds))
    return found


def _fire(url: str, at: datetime) -> Shift:
    database, library = Database(url, pool_size=1), Library()
    began, ends, times = perf_counter(), [], []
    while True:
        with database.read() as connection:
            due = timers.due(connection, at)
        if not due:
            break
        for timer in due:
            start = perf_counter()
            with database.begin() as connection:
                if timers.fire(connection, library, timer=timer, at=at):
                    ends.append(perf_counter())
                    times.append(ends[-1] - start)
    database.dispose()
    return Shift(began, tuple(ends), tuple(times), 0)


def _together(clients: int, work: Callable[..., Shift], arguments: Sequence[tuple[Any, ...]]) -> list[Shift]:
    # Spawned, not forked: a forked client would share the parent's connections.
    with ProcessPoolExecutor(clients, mp_context=get_context("spawn")) as pool:
        return [each.result() for each in [pool.submit(work, *given) for given in arguments]]


def clients(place: Place, counts: Sequence[int], *, each: int, rounds: int = 5) -> dict[str, Any]:
    """Steps a second with these numbers of clients in turns, `each` cases of ten steps a client and round."""
    rates: dict[int, list[float]] = {count: [] for count in counts}
    times: dict[int, list[tuple[float, ...]]] = {count: [] for count in counts}
    for _ in range(rounds):
        for count in counts:
            shares = [[ours.start(place, 10)[0] for _ in range(WARM_CASES + each)] for _ in range(count)]
            shifts = _together(count, _complete, [(place.url, share) for share in shares])
            rates[count].append(_rate(shifts))
            times[count].append(tuple(one for shift in shifts for one in shift.times))
    return {
        str(count): Times(tuple(times[count])).as_json()
        | {
            "steps_per_second": round(median(rates[count])),
            "speed_up": round(median(map(truediv, rates[count], rates[counts[0]])), 2),
        }
        for count in counts
    }


def _rate(shifts: Sequence[Shift]) -> float:
    """Steps a second while all clients work: processes start and end one after the other."""
    began, ended = max(shift.began for shift in shifts), min(shift.ends[-1] for shift in shifts)
    return sum(began < end <= ended for shift in shifts for end in shift.ends) / (ended - began)


def timers_due(place: Place, count: int) -> dict[str, Any]:
    """Two workers fire this many timers that are all due."""
    for _ in range(count):
        with place.database.begin() as connection:
            cases.start(
                connection,
                place.library,
                process_id="bench_timer",
                service_urn="SC000001",
                variables={},
                team="Team 1",
                by="planner",
                at=AT,
            )
    later = AT + timedelta(days=2)
    shifts = _together(2, _fire, [(place.url, later)] * 2)
    seconds = max(shift.ends[-1] for shift in shifts) - min(shift.began for shift in shifts)
    with place.database.read() as connection:
        left = connection.execute(select(func.count()).select_from(Timer)).scalar_one()
    return {"due": count, "left": left, "workers": 2, "seconds": round(seconds, 1)}


def long_shift(place: Place, *, steps: int) -> dict[str, Any]:
    """How much a worker's memory and the database grow over this many steps."""
    found = [ours.start(place, 10)[0] for _ in range(WARM_CASES + steps // 10)]
    before = _stored(place)
    (shift,) = _together(1, _complete, [(place.url, found)])
    done = len(found) * 10
    return {
        "steps": steps,
        "worker_memory_grown_kb": shift.grown_kb,
        "bytes_stored_a_step": round((_stored(place) - before) / done),
    }


def _stored(place: Place) -> int:
    """The bytes of the tables a step writes, with their indexes."""
    sizes = " + ".join(f"pg_total_relation_size('{table}')" for table in _STORED)
    with place.database.read() as connection:
        return int(connection.execute(text(f"SELECT {sizes}")).scalar_one())
