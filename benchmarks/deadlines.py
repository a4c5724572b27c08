"""Ten thousand open deadlines and one more closure day: how long to foresee it, how long until all followed.

    python -m benchmarks.deadlines [DEADLINES]

The aim is under 10 s for each; the cases follow one after the other, each in a transaction of its own.
"""

import sys
import time
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import func, insert, select

from benchmarks.place import AT, Place, place
from engine import check, feel
from engine.clock import london_date
from engine.db.tables import Deadline, User, UserTask
from engine.runtime import calendars, cases, recounting, user_tasks
from engine.runtime.user_tasks import Actor, Role

ROOT = Path(__file__).parents[1]
EACH = 6
"""Deadlines of one case of the process that is used."""

IVY = Actor("ivy", (Role("lead_inspector"),))
CLOSED = date(2026, 12, 9)


def main(wanted: int) -> None:
    """Print the times and the counts."""
    with place(_files()) as at:
        with at.database.begin() as connection:
            person = {"id": "ivy", "name": "Ivy", "email": "ivy@example.org", "password_hash": ""}
            connection.execute(insert(User).values(**person, created_at=AT))
        for number in range(-(-wanted // EACH)):
            _case(at, number)
        with at.database.read() as connection:
            held = connection.execute(
                select(func.count()).select_from(Deadline).where(Deadline.ended_on.is_(None))
            ).scalar_one()
        print(f"{held} open deadlines of {-(-wanted // EACH)} cases; {dict(at.settings)}")
        _foresee(at)
        _follow(at)


def _files() -> Mapping[str, bytes]:
    models = ROOT / "tests" / "engine" / "deadlines" / "models"
    table = ROOT / "bpmn" / "decisions" / "deadline_changes.dmn"
    return {**check.read_folder(models), "decisions/deadline_changes.dmn": table.read_bytes()}


def _case(at: Place, number: int) -> None:
    variables: dict[str, feel.Value] = {
        "lead_inspector": "ivy",
        "report_days": Decimal(number % 25 + 1),
        "rim_email": "rim@example.org",
        "director_email": "director@example.org",
    }
    with at.database.begin() as connection:
        case = cases.start(
            connection, at.library, process_id="visit_and_finish", service_urn="SC000001",
            variables=variables, team="Team", by="planner", at=AT,
        )  # fmt: skip
        task = connection.execute(select(UserTask.id).where(UserTask.instance_id == case.id)).scalar_one()
        visited = feel.Date.of(london_date(AT) + timedelta(days=number % 3))
        user_tasks.complete(
            connection, at.library, task_id=task, values={"visited_on": visited}, by=IVY, at=AT
        )


def _foresee(at: Place) -> None:
    with at.database.read() as connection:
        now = at.library.calendar(connection, calendars.newest(connection))
        wanted = calendars.closing(now, {CLOSED: "Office move"})
        began = time.perf_counter()
        found = calendars.foresee(connection, wanted)
        took = time.perf_counter() - began
    print(f"foreseen: {found.looked_at} counted again, {len(found.moves)} move: {took:.2f} s")
    with at.database.begin() as connection:
        began = time.perf_counter()
        calendars.change(
            connection, expected=now.revision, wanted=wanted, reason="Office move", by="dora", at=AT
        )
        print(f"recorded in one transaction: {time.perf_counter() - began:.3f} s")


def _follow(at: Place) -> None:
    began, followed = time.perf_counter(), 0
    while True:
        with at.database.read() as connection:
            behind = recounting.behind(connection)
        if not behind:
            break
        for case in behind:
            with at.database.begin() as connection:
                followed += recounting.follow(connection, at.library, instance_id=case, at=AT)
    took = time.perf_counter() - began
    each = took / followed * 1000
    print(f"followed: {followed} cases, each in its own transaction: {took:.1f} s, {each:.1f} ms each")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
