"""What cannot be moved rests for a while, so that it holds up nothing else."""

from collections.abc import Hashable
from datetime import datetime, timedelta

REST = timedelta(minutes=1)
REMEMBERED = timedelta(days=7)
"""How long failures count that nobody repeats: what failed may have been moved by somebody else."""


class Resting:
    """Until when each thing rests, and how often it has failed."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[datetime, int]] = {}

    def holds(self, key: Hashable, at: datetime) -> bool:
        """Whether it rests at `at`; one that rests longer was sent to rest by a clock put back since."""
        until, _ = self._known.get(key, (at, 0))
        return at < until <= at + REST

    def wait(self, key: Hashable, at: datetime) -> None:
        """Let it rest because another holds it, which is no failure."""
        self._known[key] = (at + REST, self._failures(key))

    def fail(self, key: Hashable, at: datetime) -> int:
        """Let it rest because it failed: how often it has."""
        failures = self._failures(key) + 1
        self._known[key] = (at + REST, failures)
        return failures

    def forget(self, key: Hashable) -> None:
        """It was moved, or is an incident now."""
        self._known.pop(key, None)

    def tidy(self, at: datetime) -> None:
        """Forget what was not tried for long."""
        self._known = {
            key: (until, failures)
            for key, (until, failures) in self._known.items()
            if abs(until - at) <= REMEMBERED
        }

    def _failures(self, key: Hashable) -> int:
        return self._known[key][1] if key in self._known else 0
