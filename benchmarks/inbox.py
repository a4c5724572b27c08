"""The inbox's first page and a case's history page, however many tasks wait and however long the case is."""

from statistics import median
from time import perf_counter
from typing import Any

from benchmarks import ours
from benchmarks.place import Place
from benchmarks.rounds import interleaved
from engine import history
from engine.queries import inbox
from engine.queries.people import HeldRole
from engine.queries.reach import Reach

REACH = Reach(
    user_id="mona",
    roles=(HeldRole("manager", team="Team 7", region=""),),
    relations={"inspector": "any", "manager": "team"},
)
_COLUMNS = (
    "instance_id, token_id, definition_id, element, name, lane, form_definition_id, guidance, state, "
    "candidate_groups, candidate_users, priority, due_date, created_at, reference, service_urn, team, "
    "region, restricted"
)
# Open tasks like one that the engine made, spread over a hundred teams and a year of due days.
_FILL = f"""
INSERT INTO user_task ({_COLUMNS})
SELECT instance_id, 1000000 + n, definition_id, element, name, lane, form_definition_id, guidance, 'open',
       ARRAY['manager'], '{{}}', 50, DATE '2026-12-03' + (n %% 365)::int, created_at, reference, service_urn,
       'Team ' || n %% 100, region, false
FROM generate_series(%s::bigint, %s::bigint) AS n, (SELECT * FROM user_task ORDER BY id LIMIT 1) AS one"""
_PAGES = 40


def measure(place: Place, *, sizes: tuple[int, ...]) -> dict[str, Any]:
    """The first page of a manager's team, at each of these numbers of open tasks."""
    ours.start(place, 10)
    told: dict[str, Any] = {}
    filled = 0
    for size in sizes:
        with place.database.begin() as connection:
            connection.exec_driver_sql(_FILL, (filled + 1, size))
        with place.database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
                "VACUUM ANALYZE user_task"
            )
        filled = size
        _page(place)
        told[str(size)] = interleaved({"page": lambda: [_page(place) for _ in range(_PAGES)]}, 3)[
            "page"
        ].as_json()
    first, last = told[str(sizes[0])]["p50_ms"], told[str(sizes[-1])]["p50_ms"]
    return {"open_tasks": told, "growth": round(last / first, 2)}


def _page(place: Place) -> float:
    began = perf_counter()
    with place.database.read() as connection:
        inbox.page(connection, inbox.team(REACH), 1)
    return perf_counter() - began


def history_page(place: Place, *, steps: int) -> dict[str, Any]:
    """Reading all facts of a case after this many completed tasks; first and last steps' times beside it."""
    case, _ = ours.start(place, 0, process_id="bench_loop")
    walls = [ours.complete(place, case).wall for _ in range(steps)]
    times, events = [], 0
    for _ in range(10):
        began = perf_counter()
        with place.database.read() as connection:
            events = len(history.timeline(connection, case))
        times.append(perf_counter() - began)
    tenth = steps // 10
    return {
        "steps": steps,
        "events": events,
        "p50_ms": round(median(times) * 1000, 1),
        "last_tenth_vs_first": round(median(walls[-tenth:]) / median(walls[:tenth]), 2),
    }
