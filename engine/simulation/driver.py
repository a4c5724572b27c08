"""A hand on the clock and on every task: what demos, process tests and `sccif simulate` drive cases with."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import select, union_all

from engine import feel, forms
from engine.clock import LONDON
from engine.db.tables import (
    Deadline,
    Incident,
    Instance,
    Job,
    JobState,
    Timer,
    UserRole,
    UserTask,
    UserTaskState,
)
from engine.history import HistoryEvent, timeline
from engine.runtime import calendars, cases, user_tasks
from engine.runtime.user_tasks import Actor, Role
from engine.simulation.samples import sample_answers
from engine.worker import Worker
from engine.worker.handlers import HANDLERS, Handler, Tools


class NotOpenError(LookupError):
    """No open task has this element."""

    def __init__(self, element: str, open_now: list[str]) -> None:
        super().__init__(f"{element} is not open; open now: {', '.join(open_now) or 'nothing'}.")


class FormRefusedError(ValueError):
    """The form did not take the answers."""

    def __init__(self, form_id: str, errors: Mapping[str, str]) -> None:
        super().__init__(f"Form {form_id}: " + "; ".join(f"{name}: {why}" for name, why in errors.items()))
        self.errors = errors


class Driver:
    """Drives cases at `at` (aware), which only moves forward, by `travel`."""

    def __init__(self, tools: Tools, at: datetime, *, handlers: Mapping[str, Handler] = HANDLERS) -> None:
        """`tools` are those of the worker; the database must be prepared and the models deployed."""
        self._tools = tools
        self._worker = Worker(tools, lambda: self.at, handlers=handlers, name="simulation")
        self.at = at

    # --- time ---------------------------------------------------------------------------------------

    def travel(self, to: datetime | date) -> None:
        """Move the clock to `to` (a date: its 09:00 in London), doing what falls due on the way."""
        target = to if isinstance(to, datetime) else datetime.combine(to, time(9), LONDON)
        while (due := self._next_due()) is not None and due <= target:
            self.at = max(self.at, due)
            self._worker.settle(self.at)
        self.at = max(self.at, target)
        self._worker.settle(self.at)

    def pass_days(self, days: int) -> None:
        """Move the clock on by calendar days."""
        self.travel(self.at + timedelta(days=days))

    def _next_due(self) -> datetime | None:
        with self._tools.database.read() as connection:
            timer = select(Timer.due_at).where(Timer.due_at > self.at)
            job = select(Job.due_at).where(Job.state == JobState.WAITING, Job.due_at > self.at)
            return connection.execute(union_all(timer, job).order_by("due_at").limit(1)).scalar_one_or_none()

    @property
    def environment(self) -> feel.Environment:
        """The moment and the newest calendar, for answers written in FEEL."""
        with self._tools.database.read() as connection:
            calendar = self._tools.library.calendar(connection, calendars.newest(connection))
        return feel.Environment(at=self.at, calendar=calendar)

    # --- commands -------------------------------------------------------------------------------------

    def start(
        self, process_id: str, urn: str, variables: Mapping[str, feel.Value], *, team: str, by: str
    ) -> int:
        """Start a case; its number."""
        with self._tools.database.begin() as connection:
            case = cases.start(
                connection,
                self._tools.library,
                process_id=process_id,
                service_urn=urn,
                variables=variables,
                team=team,
                by=by,
                at=self.at,
            )
        self._worker.settle(self.at)
        return case.id

    def do(self, case: int, element: str, /, **answers: feel.Value) -> None:
        """Complete the open task of `element`; questions without an answer get a plain one.

        Raises `NotOpenError`, `FormRefusedError`.
        """
        task_id, by = self._task(case, element)
        with self._tools.database.begin() as connection:
            found = user_tasks.context(connection, self._tools.library, task_id=task_id, at=self.at)
            values: Mapping[str, feel.Value] = answers
            if found.form is not None:
                unknown = answers.keys() - {field.key for field in found.form.fields}
                if unknown:
                    raise FormRefusedError(
                        found.form.id, dict.fromkeys(unknown, "is no question of the form")
                    )
                values = sample_answers(found.form, answers, found.variables, found.environment)
                submitted = forms.submit(
                    found.form, forms.prefill(found.form, values), found.variables, found.environment
                )
                if submitted.errors:
                    raise FormRefusedError(found.form.id, submitted.errors)
                values = submitted.values
            user_tasks.complete(
                connection, self._tools.library, task_id=task_id, values=values, by=by, at=self.at
            )
        self._worker.settle(self.at)

    def _task(self, case: int, element: str) -> tuple[int, Actor]:
        """The open task and someone who may do it."""
        query = (
            select(
                UserTask.id,
                UserTask.assignee,
                UserTask.candidate_users,
                UserTask.candidate_groups,
                UserTask.team,
                UserTask.region,
            )
            .where(
                UserTask.instance_id == case,
                UserTask.element == element,
                UserTask.state.in_([UserTaskState.OPEN, UserTaskState.CLAIMED]),
            )
            .order_by(UserTask.id)
        )
        with self._tools.database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotOpenError(element, self.open(case))
        person = row.assignee or next(iter(row.candidate_users), None) or self._holder(row.candidate_groups)
        return row.id, Actor(
            person, tuple(Role(group, row.team, row.region) for group in row.candidate_groups)
        )

    def _holder(self, groups: list[str]) -> str:
        """Someone with an account who holds one of the roles; the role's own name where nobody does."""
        query = select(UserRole.user_id).where(UserRole.role.in_(groups)).order_by(UserRole.user_id)
        with self._tools.database.read() as connection:
            found = connection.execute(query.limit(1)).scalar_one_or_none()
        return found or (groups[0] if groups else "nobody")

    # --- what can be seen -----------------------------------------------------------------------------

    def open(self, case: int) -> list[str]:
        """The elements of the open tasks."""
        query = (
            select(UserTask.element)
            .where(
                UserTask.instance_id == case,
                UserTask.state.in_([UserTaskState.OPEN, UserTaskState.CLAIMED]),
            )
            .order_by(UserTask.element)
        )
        with self._tools.database.read() as connection:
            return list(connection.execute(query).scalars())

    def state(self, case: int) -> str:
        """Where the case stands."""
        with self._tools.database.read() as connection:
            return connection.execute(select(Instance.state).where(Instance.id == case)).scalar_one()

    def deadlines(self, case: int) -> dict[str, tuple[date | None, str]]:
        """Due day and state of each deadline, by its id."""
        query = select(Deadline.key, Deadline.due_on, Deadline.state).where(Deadline.instance_id == case)
        with self._tools.database.read() as connection:
            return {key: (due, state) for key, due, state in connection.execute(query)}

    def incidents(self, case: int) -> list[str]:
        """What is wrong with the case now."""
        query = select(Incident.element, Incident.message).where(
            Incident.instance_id == case, Incident.resolved_at.is_(None)
        )
        with self._tools.database.read() as connection:
            return [f"{element}: {message}" for element, message in connection.execute(query)]

    def history(self, case: int) -> list[HistoryEvent]:
        """All facts of the case."""
        with self._tools.database.read() as connection:
            return timeline(connection, case)
