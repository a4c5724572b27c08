"""One command on one case: load what is alive, move to the next wait state, make all rows agree."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Self

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from engine import feel, spiff
from engine.db.tables import InstanceState
from engine.history import Event, EventKind, append
from engine.runtime import incidents, rows, store
from engine.runtime.book import FACT, Book, Happened, Holder
from engine.runtime.errors import CaseNotRunningError
from engine.runtime.facts import Narrator
from engine.runtime.holders import holders, outwards
from engine.runtime.host import StepHost
from engine.runtime.inward import Inward
from engine.runtime.kept import KeptCase
from engine.runtime.library import Library
from engine.runtime.store import CaseRow, Held, LiveRows
from engine.runtime.tasks import TaskRows
from engine.runtime.writing import CaseEnd, Changes, Written, write


class CompletedTask(Struct, frozen=True):
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
        self.renewed_tasks: dict[int, bool] = {}  # by token: whether their due dates are, too
        self.corrected: set[str] = set()
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
    def of_task(
        cls,
        connection: Connection,
        library: Library,
        task_id: int,
        act: Callable[[Self], None],
        *,
        actor: str,
        at: datetime,
    ) -> None:
        """Lock and load a user task's case in any state, let `act` change it, save it.

        Where this process left the case and nobody touched it since, nothing is read, and `act` works while
        the lock is still asked for. If somebody did touch it, `act` begins again with the case as it is; so
        it must change nothing but its step. The case is kept for the next: the command must write nothing
        more of it afterwards without history. Raises `NotFoundError`, `CaseBusyError`, and what `act` raises.
        """
        kept = library.cases.take(task_id)
        if kept is not None:
            locking = store.Locking(connection, task_id)
            step = cls._kept(connection, library, kept, actor=actor, at=at)
            if step._done_under(locking, kept, act):
                step._keeps = True
                step.save()
                return
        step = cls._of(connection, library, store.hold_of_task(connection, task_id), actor=actor, at=at)
        step._keeps = True
        act(step)
        step.save()

    @classmethod
    def _kept(
        cls, connection: Connection, library: Library, kept: KeptCase, *, actor: str, at: datetime
    ) -> Self:
        step = cls(connection, library, kept.case, kept.rows, actor=actor, at=at)
        for key in {token.definition for token in kept.picture.tokens.values()}:
            step.host.process(key)
        step.execution, step._before = kept.execution, kept.picture
        step.execution.attach(step.host)
        step._follow()
        return step

    def _done_under(self, locking: store.Locking, kept: KeptCase, act: Callable[[Self], None]) -> bool:
        """Whether the case is still the kept one; what `act` refuses counts only then."""
        found = partial(locking.finds, kept.version, kept.case.chain_head, kept.rows.calendar_revision)
        try:
            act(self)
        except Exception:
            if found():
                raise
            return False
        return found()

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

    def correct(self, values: Mapping[int, Mapping[str, feel.Value]]) -> None:
        """Write variables by hand, by scope; due dates of tasks that name them follow."""
        self.corrected.update(*values.values())
        self.execution.set_variables_of_scopes(values)

    def renew_task(self, token_id: int, *, redate: bool) -> None:
        """Work out anew who may do an open task and with which form, with `redate` also its due date."""
        self.renewed_tasks[token_id] = redate

    def forget_incident(self, token_id: int, kind: str) -> None:
        """An incident was resolved in this transaction: where its cause stays, it is told as a new one."""
        known = self.rows.incidents
        known[:] = [each for each in known if (each[0], each[1]) != (token_id, kind)]
        stopped = {token: note for token, note in self._before.incidents.items() if token != token_id}
        self._before = replace(self._before, incidents=stopped)

    def _follow(self) -> None:
        self.execution.stand_still(self.case.state == InstanceState.SUSPENDED)
        self.host.follow_deadlines(self.book, self._holders_on, self._seen)

    def _seen(self, scope_id: int) -> Mapping[str, feel.Value]:
        return Inward(scope_id, self.execution)

    # --- deadlines ------------------------------------------------------------------------------

    def _holders(self) -> Iterator[Holder]:
        return holders(self.process, self.host, self.execution.state().tokens)

    def _holders_on(self, scopes: Iterable[int]) -> Iterator[Holder]:
        return outwards(self._holders(), scopes)

    def recount(self) -> None:
        """Bring the deadlines to what the case now says; a case that ends leaves none open."""
        if not self.host.has_deadlines and not self.book.before:
            return  # most processes declare none, and their steps need not look
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
        told = incidents.follow(self, changes)
        changes.messages = rows.messages(facts, self.at)
        recorded = sorted(self.host.recorded_by(self._completed()))
        changes.messages += rows.recorded(recorded, self.case.service_urn, self.at)
        changes.deadlines = self.book.changed_rows()
        changes.deadlines_followed = self.book.followed_rows()
        changes.deadline_timers = self.book.timer_rows()
        told += Narrator(self, after.tokens).events(facts)
        events = [*self.events, *told, *tasks.events, *self.book.events]
        state = self._state()
        if state is InstanceState.COMPLETED:
            events.append(Event(kind=EventKind.CASE_COMPLETED, element=None, fields={}))
        if state is InstanceState.CANCELLED:
            fields = {"reason": self.cancelled}
            events.append(Event(kind=EventKind.CASE_CANCELLED, element=None, fields=fields))
        self._write(changes, events, state, after)

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

        def keep(written: Written) -> None:
            if self._keeps and state is InstanceState.RUNNING:
                found = rows.after(self.case, self.rows, changes, written.task_numbers)
                if found is not None:
                    self.execution.detach()
                    case = replace(self.case, next_id=after.next_id, history_length=length, chain_head=head)
                    self.library.cases.put(KeptCase(written.version, case, found, after, self.execution))

        write(self.connection, self.case.id, changes, end, at=self.at, actor=self.actor, then=keep)
