"""Every scenario runs twice: all in memory, and stored and loaded after every command."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from engine import feel
from tests.engine.spiff.carrying import Carrier, Decide, TestHost, compiled, value_of
from tests.engine.spiff.drawing import NAMES

Carry = Callable[..., Carrier]


@pytest.fixture(params=["in memory", "reloaded"])
def carry(request: pytest.FixtureRequest) -> Carry:
    """Starts a process (the first drawn) with the given variables."""

    def begin(
        *processes: str,
        decisions: Mapping[str, Decide] | None = None,
        names: Mapping[str, feel.Value] | None = None,
        step_limit: int = 1000,
        extra: str = NAMES,
        **variables: Any,
    ) -> Carrier:
        definitions = compiled(*processes, extra=extra)
        return Carrier(
            next(iter(definitions.values())),
            TestHost(definitions, decisions or {}, dict(names or {})),
            reload=request.param == "reloaded",
            variables={name: value_of(value) for name, value in variables.items()},
            step_limit=step_limit,
        )

    return begin
