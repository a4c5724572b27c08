"""Carries a process through in a test: with everything in memory, or stored and loaded at every command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from engine import dialect, feel, spiff
from engine.dmn import Explanation
from engine.feel import Value
from tests.engine.spiff.drawing import NAMES, document

BEGIN = datetime(2026, 12, 1, 9, tzinfo=UTC)
ENCODER = msgspec.json.Encoder(decimal_format="number")
Decide = Callable[[Mapping[str, Value]], Explanation]


@dataclass
class TestHost:
    """Decisions as functions, definitions by process id, a clock that tests move."""

    __test__ = False
    definitions: Mapping[str, spiff.Definition]
    decisions: Mapping[str, Decide] = field(default_factory=dict)
    names: dict[str, Value] = field(default_factory=dict)
    at: datetime = BEGIN

    @property
    def environment(self) -> feel.Environment:
        return feel.Environment(at=self.at)

    def decide(
        self, element: Any, decision_id: str, binding: Any, context: Mapping[str, Value]
    ) -> Explanation:
        if decision_id not in self.decisions:
            raise spiff.IncidentError("decision", f"There is no decision {decision_id}.", "Deploy it.")
        return self.decisions[decision_id](context)

    def called(self, element: Any, process_id: str, binding: Any) -> spiff.Definition:
        if process_id not in self.definitions:
            raise spiff.IncidentError("called", f"There is no process {process_id}.", "Deploy it.")
        return self.definitions[process_id]

    def definition(self, key: spiff.DefinitionKey) -> spiff.Definition:
        return self.definitions[str(key)]

    def extras(self, scopes: tuple[int, ...]) -> Mapping[str, Value]:
        return self.names


def to_bytes(state: spiff.State) -> bytes:
    """The state as a database would keep it."""
    tokens = [
        [t.id, t.container, t.parent, t.element, t.state, t.triggered, t.data, t.definition]
        for t in state.tokens.values()
    ]
    scopes = [[s.id, s.parent, s.kind, feel.to_json(dict(s.variables))] for s in state.scopes.values()]
    return ENCODER.encode([tokens, scopes, state.next_id, state.completed])


def from_bytes(stored: bytes) -> spiff.State:
    tokens, scopes, next_id, completed = msgspec.json.Decoder(float_hook=Decimal).decode(stored)
    return spiff.State(
        tokens={
            t[0]: spiff.Token(
                id=t[0],
                container=t[1],
                parent=t[2],
                element=t[3],
                state=spiff.TokenState(t[4]),
                triggered=t[5],
                data=t[6],
                definition=t[7],
            )
            for t in tokens
        },
        scopes={
            s[0]: spiff.Scope(
                id=s[0], parent=s[1], kind=spiff.ScopeKind(s[2]), variables=feel.from_json(s[3])
            )
            for s in scopes
        },
        next_id=next_id,
        completed=completed,
    )


class Carrier:
    """A running instance; ``reload`` stores and loads it after every command, otherwise it is kept."""

    def __init__(
        self,
        definition: spiff.Definition,
        host: TestHost,
        *,
        reload: bool,
        variables: Mapping[str, Value],
        step_limit: int,
    ) -> None:
        self.definition, self.host, self.reload, self.step_limit = definition, host, reload, step_limit
        self.facts: list[spiff.Fact] = []
        self.execution = spiff.Execution.start(definition, host, variables=variables, step_limit=step_limit)
        self.settle()

    def settle(self) -> "Carrier":
        self.facts += self.execution.take_facts()
        if not self.reload:
            self.execution.detach()
            self.execution.attach(self.host)
            return self
        state = from_bytes(to_bytes(self.execution.state()))
        self.execution = spiff.Execution.load(self.definition, self.host, state, step_limit=self.step_limit)
        return self

    @property
    def open(self) -> list[str]:
        """User tasks and jobs, by element id."""
        execution = self.execution
        return sorted(item.element for item in (*execution.open_user_tasks, *execution.jobs))

    @property
    def stopped(self) -> list[str]:
        return sorted(note.element for note in self.execution.incidents)

    @property
    def due(self) -> list[tuple[str, str]]:
        """Timers by due time, with their element."""
        return sorted((str(t.due_at)[:16], t.element) for t in self.execution.timers)

    @property
    def variables(self) -> dict[str, Value]:
        """Variables of the instance."""
        return dict(self.execution.state().scopes[0].variables)

    @property
    def completed(self) -> bool:
        return self.execution.completed

    def path(self) -> list[str]:
        """Elements completed so far."""
        return [f.element for f in self.facts if isinstance(f, spiff.ElementCompleted)]

    def done(self, element: str, which: int = 0, **values: Any) -> "Carrier":
        """Complete a user task or job; numbers may be given as int."""
        result = {name: value_of(value) for name, value in values.items()}
        for task in [t for t in self.execution.open_user_tasks if t.element == element][which : which + 1]:
            self.execution.complete_user_task(task.token_id, result)
            return self.settle()
        job = [j for j in self.execution.jobs if j.element == element][which]
        self.execution.finish_job(job.token_id, result)
        return self.settle()

    def later(self, **time: float) -> "Carrier":
        """Move the clock and fire what is due, in order; each firing is one command."""
        self.host.at += timedelta(**time)
        return self.fire_due()

    def fire_due(self) -> "Carrier":
        for timer in sorted(self.due_timers(), key=lambda t: (t.due_at, t.token_id)):
            if timer in self.due_timers():  # an earlier one may have cancelled it
                self.execution.fire_timer(timer.token_id, timer.key)
                self.settle()
        return self

    def due_timers(self) -> list[spiff.Timer]:
        return [t for t in self.execution.timers if t.due_at is not None and t.due_at <= self.host.at]

    def message(self, key: str, **values: Any) -> bool:
        """Deliver message hello to one subscription with that key."""
        found = [s for s in self.execution.subscriptions if s.kind == "message" and s.correlation_key == key]
        if not found:
            return False
        payload = {name: value_of(value) for name, value in values.items()}
        self.execution.deliver(found[0].token_id, payload, key=found[0].key)
        self.settle()
        return True

    def signal(self, name: str, **values: Any) -> int:
        caught = self.execution.broadcast_signal(name, {k: value_of(v) for k, v in values.items()})
        self.settle()
        return caught

    def repair(self, element: str, **values: Any) -> "Carrier":
        """Set variables and retry what stopped."""
        note = next(n for n in self.execution.incidents if n.element == element)
        self.execution.set_variables({k: value_of(v) for k, v in values.items()})
        self.execution.retry(note.token_id)
        return self.settle()


def value_of(value: Any) -> Value:
    """A FEEL value from a Python one."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, list):
        return [value_of(item) for item in value]
    return value


def compiled(*processes: str, extra: str = NAMES) -> dict[str, spiff.Definition]:
    model = dialect.read(document(*processes, extra=extra))
    return {name: spiff.compile(process) for name, process in model.processes.items()}


def answer(value: Any, **more: Any) -> Explanation:
    """What a decision says."""
    return Explanation(decision_id="d", name="d", value=value_of(value), **more)
