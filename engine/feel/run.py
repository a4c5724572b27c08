"""One evaluation under way: the reasons collected so far and the budget that is left."""

import time
from typing import Any, NamedTuple

from engine.feel.environment import Environment

MAX_REASONS = 100
_MAX_MESSAGE = 500
_STEPS_BETWEEN_LOOKS = 4096
_SIZED = (str, list, dict)
_FREE = 32


class EvaluationBudgetError(Exception):
    """An evaluation was stopped: it would take too many steps, too long, too deep or too much memory."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The FEEL evaluation was stopped: {what}. "
            "Make the lists shorter, the loops fewer or the recursion shallower."
        )


class Place(NamedTuple):
    """Where in which expression something stands: the character position counts from 0."""

    text: str
    position: int


class Reason(NamedTuple):
    """Why a value is null: what happened, and where."""

    message: str
    position: int
    text: str

    def __str__(self) -> str:
        return f"{self.message} (at character {self.position + 1} of `{self.text}`)"


class Run:
    """The state shared by all closures of one evaluation."""

    __slots__ = ("_deadline", "_slice", "depth", "environment", "reasons", "steps")

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.reasons: list[Reason] = []
        self.depth = 0
        self.steps = environment.steps
        self._slice = self.steps
        self._deadline = 0.0

    def fail(self, message: str, place: Place) -> Any:
        """Keep the reason; give null."""
        if len(self.reasons) < MAX_REASONS:
            self.reasons.append(Reason(message[:_MAX_MESSAGE], place.position, place.text))

    def spend(self, steps: int = 1) -> None:
        """Take steps from the budget; raises `EvaluationBudgetError` when it is used up."""
        self.steps -= steps
        if self.steps < self._slice:
            self._look()

    def charge(self, value: Any) -> None:
        """Count a long string, list or context as work: what is copied often may not grow without bound."""
        if value.__class__ in _SIZED and len(value) > _FREE:
            self.spend(len(value) // _FREE)

    def enter(self) -> None:
        """Go one call deeper."""
        self.depth += 1
        if self.depth > self.environment.call_depth:
            raise EvaluationBudgetError(
                f"functions call each other more than {self.environment.call_depth} deep"
            )

    def leave(self) -> None:
        self.depth -= 1

    def check_items(self, count: int) -> None:
        """Refuse a list of so many items when it is over the bound."""
        if count > self.environment.list_items:
            raise EvaluationBudgetError(f"a list would have more than {self.environment.list_items:,} items")

    def check_length(self, count: int) -> None:
        """Refuse a string of so many characters when it is over the bound."""
        if count > self.environment.text_length:
            raise EvaluationBudgetError(
                f"a string would be longer than {self.environment.text_length:,} characters"
            )

    def _look(self) -> None:
        if self.steps < 0:
            raise EvaluationBudgetError(f"it takes more than {self.environment.steps:,} steps")
        now = time.monotonic()  # a stopwatch, not a clock: it never becomes a value
        if not self._deadline:
            self._deadline = now + self.environment.seconds
        elif now > self._deadline:
            raise EvaluationBudgetError(f"it takes longer than {self.environment.seconds:g} seconds")
        self._slice = self.steps - _STEPS_BETWEEN_LOOKS
