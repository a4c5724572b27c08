"""Runs what is compared in turns, round after round, so that a busy moment falls on all of it alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Batch = Callable[[], Sequence[float]]
"""Does its work a number of times; the seconds each time took."""


@dataclass(frozen=True, slots=True)
class Times:
    """The seconds of every step, round by round."""

    rounds: tuple[tuple[float, ...], ...]

    def at(self, quantile: float) -> float:
        """The median over the rounds of each round's quantile, in milliseconds."""
        return median(_quantile(each, quantile) for each in self.rounds) * 1000

    def over(self, other: "Times", quantile: float) -> float:
        """The median over the rounds of the ratio to `other` in the same round."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return median(_quantile(ours, quantile) / _quantile(theirs, quantile) for ours, theirs in pairs)

    def as_json(self) -> dict[str, float]:
        """p50 and p95 in milliseconds."""
        return {"p50_ms": round(self.at(0.5), 3), "p95_ms": round(self.at(0.95), 3)}


def interleaved(batches: Mapping[str, Batch], rounds: int) -> dict[str, Times]:
    """The times of each batch over `rounds` rounds; every second round goes backwards."""
    found: dict[str, list[tuple[float, ...]]] = {name: [] for name in batches}
    for number in range(rounds):
        order = list(batches) if number % 2 == 0 else list(reversed(batches))
        for name in order:
            found[name].append(tuple(batches[name]()))
    return {name: Times(tuple(times)) for name, times in found.items()}


def _quantile(values: Sequence[float], quantile: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * quantile))]
