"""One command on one case: load what is alive, move to the next wait state, make all rows agree."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from sqlalchemy import Connection

from engine import feel, spiff
from engine.clock import london_date
from engine.db.tables import InstanceState
from engine.history import Event, EventKind, append
from engine.runtime import rows, store
from engine.runtime.book import FACT, Book, Happened, Holder
from engine.runtime.errors import CaseNotRunningError
from engine.runtime.facts import Narrator
from engine.runtime.host import StepHost
from engine.runtime.inward import Inward
from engine.runtime.kept import KeptCase
from engine.runtime.library import Library
from engine.runtime.store import CaseRow, Held, LiveRows
from engine.runtime.tasks import TaskRows
from engine.runtime.writing import CaseEnd, Changes, write


@dataclass(frozen=True, slots=True)
class CompletedTask:
    """A task that a person completes in a step, with its event, which is told first."""

    element: str
    values: Mapping[str, feel.Value]
    event: Event


class Step:
    """A case under its lock, in memory, for one command. `save` writes what the command changed."""

    def __init__(
        self,
        connection: Connection,
        library: Library,
        case: CaseRow,
        found: LiveRows,
        *,
        actor: str,
        at: datetime,
    ) -> None:
        """`case` is locked in the transaction of `connection`; `at` is the moment of the command (UTC)."""
        self.connection, self.library, self.case = connection, library, case
        self.actor, self.at = actor, at
        self.rows = found
        calendar = library.calendar(connection, found.calendar_revision)
        self.environment = feel.Environment(at=at, calendar=calendar)
        self.process = library.process(connection, case.definition_id)
        self.host = StepHost(connection, library, self.environment, self.process)
        self.book = Book(found.deadlines, self.environment)
        self.events: list[Event] = []
        self.completed_tasks: dict[int, CompletedTask] = {}
        self.renewed_tasks: set[int] = set()
        self._noted: list[str] = []  # facts that another case of the service recorded
        self.cancelled: str | None = None
        self.execution: spiff.Execution
        self._before = rows.Picture.empty()
        self._keeps = False

    @classmethod
    def load(
        cls,
        connection: Connection,
        library: Library,
        instance_id: int,
        *,
        actor: str,
        at: datetime,
        case: CaseRow | None = None,
        running_only: bool = True,
    ) -> Self:
        """Lock a case (unless `case` is locked already) and load it.

        Raises `NotFoundError`, `CaseBusyError`, `CaseNotRunningError`.
        """
        if case is None:
            held = store.hold(connection, instance_id)
        else:
            held = Held(case, store.live(connection, instance_id))
        if running_only and held.case.state != InstanceState.RUNNING:
            raise CaseNotRunningError(held.case.reference, held.case.state)
        return cls._of(connection, library, held, actor=actor, at=at)

    @classmethod
    def load_if_free(
        cls, connection: Connection, library: Library, instance_id: int, *, actor: str, at: datetime
    ) -> Self | None:
        """Lock and load a case in any state; None when another command holds it, or there is none."""
        held = store.hold_if_free(connection, instance_id)
        return None if held is None else cls._of(connection, library, held, actor=actor, at=at)

    @classmethod
    def load_of_task(
        cls, connection: Connection, library: Library, task_id: int, *, actor: str, at: datetime
    ) -> Self:
        """Lock and load a user task's case in any state. Raises `NotFoundError`, `CaseBusyError`.

        Where this process left the case and nobody touched it since, nothing is read. When the step is saved,
        the case is kept for the next: its command must write nothing more of it afterwards without history.
        """
        step = cls._of_task(connection, library, task_id, actor=actor, at=at)
        step._keeps = True
        return step

    @classmethod
    def _of_task(
        cls, connection: Connection, library: Library, task_id: int, *, actor: str, at: datetime
    ) -> Self:
        locked = store.hold_of_task(connection, task_id)
        kept = library.cases.take(locked)
        if kept is None:
            held = Held(locked.case, store.live(connection, locked.case.id))
            return cls._of(connection, library, held, actor=actor, at=at)
        found = replace(kept.rows, calendar_revision=locked.calendar_revision)
        step = cls(connection, library, locked.case, found, actor=actor, at=at)
        for key in {token.definition for token in kept.picture.tokens.values()}:
            step.host.process(key)
        step.execution, step._before = kept.execution, kept.picture
        step.execution.attach(step.host)
        step._follow()
        return step

    @classmethod
    def look(cls, connection: Connection, library: Library, instance_id: int, *, at: datetime) -> Self:
        """A case as it stands, without a lock, for pages; it must not be saved. Raises `NotFoundError`."""
        return cls._of(connection, library, store.look(connection, instance_id), actor="", at=at)

    @classmethod
    def _of(cls, connection: Connection, library: Library, held: Held, *, actor: str, at: datetime) -> Self:
        step = cls(connection, library, held.case, held.rows, actor=actor, at=at)
        state = rows.state_of(held.case, held.rows)
        step.execution = spiff.Execution.load(step.process.definition, step.host, state)
        step._before = rows.Picture.of(state, step.execution)
        step._follow()
        return step

    @classmethod
    def begin(
        cls,
        connection: Connection,
        library: Library,
        case: CaseRow,
        known: Mapping[str, feel.Value],
        *,
        payload: Mapping[str, feel.Value],
        actor: str,
        at: datetime,
        start_event: str | None = None,
    ) -> Self:
        """Start the process of a case whose row was just written, at its plain start or `start_event`.

        The case keeps what is `known` of it, and of the payload what the start event keeps.
        """
        step = cls(connection, library, case, store.live(connection, case.id), actor=actor, at=at)
        process = {"process": step.process.model.id, "version": step.process.version}
        fields, given = process | {"service": case.service_urn}, feel.to_json({**known, **payload})
        step.events.append(Event(kind=EventKind.CASE_STARTED, element=None, fields=fields, personal=given))
        step.execution = spiff.Execution.create(step.process.definition, step.host, variables=known)
        step._follow()
        step.execution.begin(start_event, payload)
        return step

    def complete_task(
        self, token_id: int, element: str, values: Mapping[str, feel.Value], event: Event
    ) -> None:
        """Complete a user task; `event` tells it."""
        self.completed_tasks[token_id] = CompletedTask(element, values, event)
        self.events.append(event)
        self.execution.complete_user_task(token_id, values)

    def take_note_of(self, fact: str) -> None:
        """Let a fact that another case recorded meet deadlines; conditions are looked at again."""
        self._noted.append(fact)
        self.recount()
        self.execution.refresh_conditions()

    def renew_task(self, token_id: int) -> None:
        """Work out anew who may do an open task and with which form."""
        self.renewed_tasks.add(token_id)

    def forget_incident(self, token_id: int, kind: str) -> None:
        """An incident was resolved in this transaction: where its cause stays, it is told as a new one."""
        known = self.rows.incidents
        known[:] = [each for each in known if (each[0], each[1]) != (token_id, kind)]
        stopped = {token: note for token, note in self._before.incidents.items() if token != token_id}
        self._before = replace(self._before, incidents=stopped)

    def _follow(self) -> None:
        self.host.follow_deadlines(self.book, self._holders_on, self._seen)

    def _seen(self, scope_id: int) -> Mapping[str, feel.Value]:
        return Inward(scope_id, self.execution)

    # --- deadlines ------------------------------------------------------------------------------

    def _holders_on(self, scopes: Iterable[int]) -> Iterator[Holder]:
        """The holders of deadlines on a way outwards through scopes, then the others: a timer at the border
        of a task stands outside the task whose deadline it watches."""
        live = {holder.scope_id: holder for holder in self._holders()}
        on_the_way = [scope for scope in scopes if scope in live]
        yield from (live[scope] for scope in on_the_way)
        yield from (holder for scope, holder in live.items() if scope not in on_the_way)

    def _holders(self) -> Iterator[Holder]:
        """Every live scope that has deadlines: the case, and tokens of elements that declare some."""
        if not self.host.has_deadlines:
            return  # most processes declare none, and their steps need not look
        root = self.process.policies.get(self.process.model.id, ())
        if root:
            yield Holder(scope_id=0, definition_id=self.process.id, policies=root)
        tokens = self.execution.state().tokens
        inside = {token.container: token.definition for token in tokens.values()}
        for token in tokens.values():
            process = self.host.process(token.definition)
            policies = process.policies.get(token.element, ())
            called = inside.get(token.id, token.definition)
            if called != token.definition:
                inner = self.host.process(called)
                policies += inner.policies.get(inner.model.id, ())
            if policies:
                yield Holder(scope_id=token.id, definition_id=process.id, policies=policies)

    def recount(self) -> None:
        """Bring the deadlines to what the case now says; a case that ends leaves none open."""
        ended = self.execution.completed or self.cancelled is not None
        self.book.reconcile(() if ended else self._holders(), self._seen, self._happened())

    def meeting(self, element: str) -> frozenset[str]:
        """What is done when `element` is completed, as deadlines name it: itself, and a fact it records."""
        return frozenset((element, *(FACT + name for name in self.host.recorded_by([element]))))

    def _happened(self) -> Happened:
        facts = self.execution.facts
        completed = self._completed()
        noted = frozenset(FACT + name for name in (*self.host.recorded_by(completed), *self._noted))
        return Happened(
            started=frozenset(fact.element for fact in facts if isinstance(fact, spiff.ElementEntered)),
            completed=completed | noted,
        )

    def _completed(self) -> frozenset[str]:
        """The elements that were completed in this step."""
        by_hand = (task.element for task in self.completed_tasks.values())
        drawn = (each.element for each in self.execution.facts if isinstance(each, spiff.ElementCompleted))
        return frozenset((*by_hand, *drawn))

    # --- the end of a command -------------------------------------------------------------------

    def save(self) -> None:
        """Write every row that the command changed, and its history."""
        facts = self.execution.facts
        self.recount()
        if self.book.changed:
            self.execution.refresh_timers()
        after = rows.Picture.of(self.execution.state(), self.execution)
        changes = rows.differences(self._before, after, case_id=self.case.id)
        tasks = TaskRows(self, changes)
        tasks.follow(self._before.tasks, after.tasks)
        self._tell_problems(changes)
        changes.messages = rows.messages(facts, self.at)
        recorded = sorted(self.host.recorded_by(self._completed()))
        changes.messages += rows.recorded(recorded, self.case.service_urn, self.at)
        changes.deadlines = self.book.changed_rows()
        changes.deadlines_followed = self.book.followed_rows()
        changes.deadline_timers = self.book.timer_rows()
        events = [*self.events, *Narrator(self, after.tokens).events(facts), *tasks.events, *self.book.events]
        state = self._state()
        if state is InstanceState.COMPLETED:
            events.append(Event(kind=EventKind.CASE_COMPLETED, element=None, fields={}))
        if state is InstanceState.CANCELLED:
            fields = {"reason": self.cancelled}
            events.append(Event(kind=EventKind.CASE_CANCELLED, element=None, fields=fields))
        self._write(changes, events, state, after)

    def _tell_problems(self, changes: Changes) -> None:
        """A deadline that cannot be worked out is an incident until it can; a withdrawn job is none."""
        withdrawn = {row["token_id"] for row in changes.jobs_ended}
        changes.incidents_resolved += [
            {"token_id": token, "kind": of}
            for token, of, _ in self.rows.incidents
            if of == "job" and token in withdrawn
        ]
        kind = "deadline"
        open_now = {token: message for token, of, message in self.rows.incidents if of == kind}
        problems = self.book.problems
        changes.incidents_resolved += [
            {"token_id": token, "kind": kind}
            for token, message in open_now.items()
            if problems.get(token) != message
        ]
        for scope, message in problems.items():
            if open_now.get(scope) != message:
                told = {"kind": kind, "message": message, "remedy": "Correct what it names, then retry."}
                element = self._element(scope)
                changes.incidents.append({"token_id": scope, "element": element} | told)
                self.events.append(Event(kind=EventKind.INCIDENT_OPENED, element=element, fields=told))

    def _element(self, scope: int) -> str:
        token = self.execution.state().tokens.get(scope)
        return token.element if token is not None else self.process.model.id

    def _state(self) -> InstanceState:
        if self.cancelled is not None:
            return InstanceState.CANCELLED
        # A job that ran when its case was suspended may be the case's last.
        ended = self.execution.completed and self.case.state in (
            InstanceState.RUNNING,
            InstanceState.SUSPENDED,
        )
        return InstanceState.COMPLETED if ended else InstanceState(self.case.state)

    def _write(
        self,
        changes: Changes,
        events: list[Event],
        state: InstanceState,
        after: rows.Picture,
    ) -> None:
        changes.history, head, length = append(
            self.case.chain_head, self.case.history_length, at=self.at, actor=self.actor, events=events
        )
        ended = self.at if state in (InstanceState.COMPLETED, InstanceState.CANCELLED) else None
        end = CaseEnd(
            state=state, ended_at=ended, next_id=after.next_id, history_length=length, chain_head=head
        )
        written = write(self.connection, self.case.id, changes, end, at=self.at, actor=self.actor)
        if self._keeps and state is InstanceState.RUNNING:
            found = rows.after(self.case, self.rows, changes, written.task_numbers)
            if found is not None:
                self.execution.detach()
                kept = KeptCase(written.version, head, found, after, self.execution)
                self.library.cases.put(self.case.id, kept)

    @property
    def today(self) -> "feel.Date":
        """The London day of the command."""
        return feel.Date.of(london_date(self.at))
