"""One process instance in memory for one command: load it, do one thing, read what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine import dialect
from engine.feel import Value
from engine.spiff import arming, delivery, migration, moving, opened, storing
from engine.spiff.definition import Definition
from engine.spiff.elements import NO_VALUES
from engine.spiff.events import Waiting
from engine.spiff.facts import Fact
from engine.spiff.host import Host
from engine.spiff.incidents import IncidentError
from engine.spiff.live import LiveTask
from engine.spiff.records import IncidentNote, Job, Subscription, Timer, UserTask
from engine.spiff.state import ROOT_SCOPE, State
from engine.spiff.stepping import STEP_LIMIT, advance
from engine.spiff.workflows import Instance


class NotOpenError(LookupError):
    """The token does not wait for this any more: somebody or something else was faster."""

    def __init__(self, token_id: int, what: str) -> None:
        super().__init__(
            f"Token {token_id} is not open for {what}. It may have been completed or cancelled meanwhile;"
            " look at the case again."
        )


class Execution:
    """A process instance. Each command runs on to the next wait state; incidents stop single paths.

    Commands raise :class:`NotOpenError` when their token does not wait for them. Any other exception
    leaves the object unusable: drop it and load the instance again.
    """

    def __init__(self, instance: Instance, step_limit: int) -> None:
        self._instance = instance
        self._step_limit = step_limit

    @classmethod
    def start(
        cls,
        definition: Definition,
        host: Host,
        *,
        variables: Mapping[str, Value],
        start_event: str | None = None,
        step_limit: int = STEP_LIMIT,
    ) -> Execution:
        """A new instance, moved to its first wait state.

        :raises IncidentError: the definition has no such start event.
        """
        execution = cls.create(definition, host, variables=NO_VALUES, step_limit=step_limit)
        execution.begin(start_event, variables)
        return execution

    @classmethod
    def create(
        cls,
        definition: Definition,
        host: Host,
        *,
        variables: Mapping[str, Value],
        step_limit: int = STEP_LIMIT,
    ) -> Execution:
        """A new instance that has not moved yet, so that its host can get to know it before."""
        instance = Instance(definition, host, first_id=1)
        instance.scopes.set_local(ROOT_SCOPE, variables)
        return cls(instance, step_limit)

    def begin(self, start_event: str | None = None, payload: Mapping[str, Value] = NO_VALUES) -> None:
        """Move a new instance to its first wait state.

        ``payload`` is what it is started with. Output mappings of a message or signal start event say what
        is kept of it; otherwise all becomes variables of the instance.

        :raises IncidentError: the definition has no such start event.
        """
        start = self._instance.definition.start(start_event)
        mapped = start.element.event is not None and start.element.io.outputs
        if not mapped:
            self._instance.scopes.set_local(ROOT_SCOPE, payload)
        self._instance.start(start, payload if mapped else None)
        self._advance()

    @classmethod
    def load(
        cls,
        definition: Definition,
        host: Host,
        state: State,
        *,
        step_limit: int = STEP_LIMIT,
    ) -> Execution:
        """An instance from its state."""
        return cls(storing.load(definition, host, state), step_limit)

    @classmethod
    def migrated(
        cls,
        definition: Definition,
        host: Host,
        state: State,
        target: migration.Target,
        *,
        step_limit: int = STEP_LIMIT,
    ) -> Execution:
        """An instance with every process of it moved that ``target`` means, called ones included.

        ``definition`` is that of the top process afterwards. `refresh_conditions` lets it go on where the
        new version waits for nothing any more.

        :raises migration.MigrationError: a token stands where the new version has no fitting element.
        """
        return cls(migration.migrate(definition, host, state, target), step_limit)

    def state(self) -> State:
        """What must be kept until the next command."""
        return storing.dump(self._instance)

    @property
    def completed(self) -> bool:
        """Whether the instance has ended."""
        return self._instance.completed

    @property
    def facts(self) -> list[Fact]:
        """What has happened since it was started, loaded or last asked by ``take_facts``, in order."""
        return self._instance.facts

    def take_facts(self) -> list[Fact]:
        """The facts, which are then forgotten: for an execution that is kept for the next command."""
        taken = list(self._instance.facts)
        self._instance.facts.clear()
        return taken

    def detach(self) -> None:
        """Let go of the host and of the facts, to be kept until `attach`."""
        instance = self._instance
        del instance.host, instance.evaluator.host
        instance.facts.clear()
        instance.recheck = instance.scopes.changed = False

    def attach(self, host: Host) -> None:
        """Go on with another command, as if loaded from the state in which it was detached."""
        self._instance.host = self._instance.evaluator.host = host

    def complete_user_task(self, token_id: int, values: Mapping[str, Value]) -> None:
        """A person has done a task."""
        task = self._find(token_id, "completion")
        if not opened.is_open_user_task(task):
            raise NotOpenError(token_id, "completion")
        self._finish(task, values)

    def finish_job(self, token_id: int, result: Mapping[str, Value]) -> None:
        """A worker has done a job."""
        task = self._find(token_id, "the end of a job")
        if not opened.is_open_job(task):
            raise NotOpenError(token_id, "the end of a job")
        task.internal_data.pop("job")
        self._finish(task, result)

    def throw_error(self, token_id: int, code: str, variables: Mapping[str, Value]) -> bool:
        """A job or task has failed in a way the model foresees; if nothing catches the code, False, and
        nothing has changed.
        """
        caught = delivery.deliver_code(self._find(token_id, "an error"), "error", code, variables)
        if caught:
            self._advance()
        return caught

    def fire_timer(self, token_id: int, key: str) -> None:
        """The time of a timer has come.

        :raises NotOpenError: also when it is not due at the moment of the command.
        """
        task, record = self._waiting(token_id, key, "timer")
        if record["due"] is None or datetime.fromisoformat(record["due"]) > self._instance.now:
            raise NotOpenError(token_id, f"timer {key} before it is due")
        self._fire(task, key, NO_VALUES)

    def deliver(self, token_id: int, payload: Mapping[str, Value], *, key: str | None = None) -> None:
        """A message has come; ``key`` is needed where a token waits for several."""
        if key is None:
            records = arming.open_records(self._find(token_id, "a message"))
            found = [name for name, record in records.items() if record["kind"] == "message"]
            if len(found) != 1:
                raise NotOpenError(token_id, "a message without its key")
            key = found[0]
        task, _record = self._waiting(token_id, key, "message")
        self._fire(task, key, payload)

    def broadcast_signal(self, name: str, payload: Mapping[str, Value]) -> int:
        """A signal has come from outside; the number of events that were waiting for it."""
        caught = delivery.broadcast(self._instance, name, payload)
        self._advance()
        return caught

    def retry(self, token_id: int) -> None:
        """Try a stopped path again, after repair."""
        task = self._find(token_id, "a retry")
        if task.incident is None:
            raise NotOpenError(token_id, "a retry")
        task.task_spec.retry(task)
        self._advance()

    def raise_incident(self, token_id: int, kind: str, message: str, remedy: str) -> None:
        """Stop a path for a reason found outside, such as an unknown assignee."""
        task = self._find(token_id, "an incident")
        task.stop(IncidentError(kind, message, remedy))

    def move(self, token_id: int, element: str) -> None:
        """Take a token away and put one on another element of the same process or sub-process.

        :raises moving.MoveError: a token cannot be put there.
        """
        moving.move(self._find(token_id, "a move"), element)
        self._advance()

    def restart(self, element: str) -> None:
        """Take all tokens of the top process away and begin again at one of its elements.

        :raises moving.MoveError: a token cannot be put there.
        """
        moving.restart(self._instance, element)
        self._advance()

    def move_targets(self, token_id: int) -> tuple[str, ...]:
        """The elements that ``move`` can put this token on; none for one that cannot be moved."""
        task = self._find(token_id, "a move")
        if not moving.is_movable(task):
            return ()
        return tuple(spec.bpmn_id for spec in moving.targets(task.workflow))

    def restart_targets(self) -> tuple[str, ...]:
        """The elements of the top process that ``restart`` can begin at."""
        return tuple(spec.bpmn_id for spec in moving.targets(self._instance))

    def cancel(self) -> None:
        """End the instance without completing anything."""
        self._instance.completed = True
        self._instance.cancel_tokens()

    def set_variables(self, values: Mapping[str, Value], *, scope_id: int = ROOT_SCOPE) -> None:
        """Write variables from outside, each into the scope itself; conditions are looked at again."""
        self.set_variables_of_scopes({scope_id: values})

    def set_variables_of_scopes(self, values: Mapping[int, Mapping[str, Value]]) -> None:
        """``set_variables`` of several scopes at once: nothing moves before all of them are written."""
        for scope_id, of_scope in values.items():
            self._instance.scopes.set_local(scope_id, of_scope)
        self._advance()

    def refresh_conditions(self) -> None:
        """Look at all conditional events again, for example because the day has changed."""
        self._instance.recheck = True
        self._advance()

    def stand_still(self, still: bool) -> None:
        """While its case is suspended, an instance takes note of variables but follows no condition."""
        self._instance.still = still

    def renew_job(self, token_id: int) -> None:
        """Let a job become what the model and the variables say now; an `IncidentError` leaves it."""
        task = self._find(token_id, "its job")
        task.task_spec.renew(task)

    def refresh_timers(self) -> None:
        """Move the timers that are written in terms of a deadline to where it is now."""
        for task in list(self._instance.tokens.values()):
            if isinstance(task.task_spec, Waiting):
                task.task_spec.follow(task)

    def evaluate(self, token_id: int, expression: dialect.Expression, what: str = "expression") -> Value:
        """The value of an expression where the token stands; ``what`` names it in an incident.

        :raises IncidentError: FEEL could not compute it.
        """
        task = self._find(token_id, "an expression")
        return task.task_spec.evaluate(task, expression, what)

    def variables(self, token_id: int) -> Mapping[str, Value]:
        """The variables a token sees; those of the instance for 0."""
        if token_id == ROOT_SCOPE:
            return self._instance.evaluator.view(ROOT_SCOPE)
        task = self._find(token_id, "its variables")
        return self._instance.evaluator.view(task.scope_id)

    @property
    def open_user_tasks(self) -> tuple[UserTask, ...]:
        """User tasks that can be completed."""
        return opened.user_tasks(self._instance)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Jobs to be done outside."""
        return opened.jobs(self._instance)

    @property
    def timers(self) -> tuple[Timer, ...]:
        """Timers with their due times."""
        return opened.timers(self._instance)

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """Messages and signals that are waited for."""
        return opened.subscriptions(self._instance)

    @property
    def incidents(self) -> tuple[IncidentNote, ...]:
        """Paths that have stopped."""
        return opened.incidents(self._instance)

    def _find(self, token_id: int, what: str) -> LiveTask:
        task = self._instance.tokens.get(token_id)
        if task is None or not task.is_live:
            raise NotOpenError(token_id, what)
        return task

    def _waiting(self, token_id: int, key: str, kind: str) -> tuple[LiveTask, arming.Record]:
        task = self._find(token_id, f"{kind} {key}")
        record = arming.open_records(task).get(key)
        if record is None or record["kind"] != kind:
            raise NotOpenError(token_id, f"{kind} {key}")
        return task, record

    def _fire(self, task: LiveTask, key: str, payload: Mapping[str, Value]) -> None:
        spec = task.task_spec
        assert isinstance(spec, Waiting), "only waiting elements have records"
        spec.fire(task, key, payload)
        self._advance()

    def _finish(self, task: LiveTask, values: Mapping[str, Value]) -> None:
        task.result = values
        task.run()
        self._advance()

    def _advance(self) -> None:
        advance(self._instance, self._step_limit)
