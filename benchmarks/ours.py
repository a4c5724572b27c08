"""Our own steps: start a case, complete its user tasks, by the commands that the web pages call."""

from dataclasses import dataclass
from decimal import Decimal
from time import perf_counter, thread_time

from benchmarks import models
from benchmarks.place import AT, Place
from engine.db import direct
from engine.db.direct import Command
from engine.runtime import cases, user_tasks
from engine.runtime.user_tasks import Actor, Role

BY = Actor("ivy", (Role("inspector"), Role("manager", team="Team 1")))
AMOUNT = Decimal(7)
_OPEN_TASK = "SELECT id, element FROM user_task WHERE instance_id = $1 AND state IN ('open', 'claimed')"


@dataclass(frozen=True, slots=True)
class Timed:
    """What one step took: seconds on the wall, and of this thread's processor time."""

    wall: float
    cpu: float


def start(place: Place, length: int, *, own_names: bool = False, process_id: str = "") -> tuple[int, Timed]:
    """Start a case of the process with this many tasks, or of `process_id`; its number."""
    began, cpu = perf_counter(), thread_time()
    with place.database.begin() as connection:
        case = cases.start(
            connection,
            place.library,
            process_id=process_id or models.name_of(length, own_names=own_names),
            service_urn="SC000001",
            variables={},
            team="Team 1",
            by="planner",
            at=AT,
        )
    return case.id, Timed(perf_counter() - began, thread_time() - cpu)


def complete(place: Place, case: int, *, own_names: bool = False) -> Timed:
    """Complete the one open task of a case; finding it is not timed."""
    task_id, element = open_task(place, case)
    values = {models.variable(int(element[-4:]), own_names=own_names): AMOUNT}
    began, cpu = perf_counter(), thread_time()
    with place.database.begin() as connection:
        user_tasks.complete(connection, place.library, task_id=task_id, values=values, by=BY, at=AT)
    return Timed(perf_counter() - began, thread_time() - cpu)


def open_task(place: Place, case: int) -> tuple[int, str]:
    """The number and the element of a case's one open task."""
    with place.database.begin() as connection:
        found = direct.execute(connection, Command(_OPEN_TASK, (str(case).encode(),), (20,)))
    assert found is not None
    number, element = (value.decode() for value in found if value is not None)
    return int(number), element


class Steps:
    """Cases of a process of `length` tasks whose last ten are timed; the earlier ones are done untimed.

    Cases are brought to their age beforehand, because that takes longer than what is measured.
    """

    def __init__(self, place: Place, length: int, *, cases: int, own_names: bool = False) -> None:
        """`cases` are made for every batch that will be asked for."""
        self._place, self._own_names = place, own_names
        self._ready = [self._aged(length) for _ in range(cases)]
        self.cpu: list[float] = []

    def _aged(self, length: int) -> int:
        case, _ = start(self._place, length, own_names=self._own_names)
        for _ in range(length - 10):
            complete(self._place, case, own_names=self._own_names)
        return case

    def batch(self, count: int) -> list[float]:
        """The seconds of ten steps of each of `count` cases."""
        walls = []
        for _ in range(count):
            case = self._ready.pop()
            for _ in range(10):
                timed = complete(self._place, case, own_names=self._own_names)
                walls.append(timed.wall)
                self.cpu.append(timed.cpu)
        return walls
