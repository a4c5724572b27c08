"""One run from beginning to end: quick (what must hold at once) or whole; as JSON and as a table."""

import platform
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks import completing, crowd, inbox, models, ours, pages
from benchmarks.place import place
from benchmarks.rounds import interleaved


def run(*, quick: bool) -> dict[str, Any]:
    """Everything measured, on a database of its own with its durability on."""
    with place(models.bundle(10, 50, 200)) as found:
        told: dict[str, Any] = {
            "machine": {
                "processor": platform.processor() or platform.machine(),
                "python": platform.python_version(),
            },
            "durability": dict(found.settings),
        }
        cases = 5 if quick else 10
        told |= completing.measure(found, rounds=7, cases=cases, aged=1 if quick else 4)
        told["start_case"] = interleaved(
            {"start": lambda: [ours.start(found, 10)[1].wall for _ in range(cases * 5)]}, 2
        )["start"].as_json()
        if quick:
            return told
        told["over_http"] = pages.measure(found, cases=4)
        told["clients"] = crowd.clients(found, (1, 4, 16), each=100)
        told["long_shift"] = crowd.long_shift(found, steps=10_000)
        told["history_page"] = inbox.history_page(found, steps=2_000)
        told["timers"] = crowd.timers_due(found, 10_000)
        told["inbox_first_page"] = inbox.measure(found, sizes=(100, 10_000, 1_000_000))
        return told


def table(told: Mapping[str, Any]) -> str:
    """The same, a line a figure."""
    lines = list(_lines(told))
    width = max(len(name) for name, _ in lines)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in lines)


def _lines(told: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in told.items():
        if isinstance(value, Mapping):
            yield from _lines(value, f"{before}{name}.")
        else:
            yield before + name, value
