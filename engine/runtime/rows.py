"""Between the kernel's records and the tables: a case's state from rows, and what a step changed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from engine import feel, spiff
from engine.db.tables import UserTaskState
from engine.runtime.store import CaseRow, LiveRows, Row
from engine.runtime.writing import Changes


def state_of(case: CaseRow, found: LiveRows) -> spiff.State:
    """The kernel's state from a case's live rows."""
    variables: dict[int, dict[str, feel.Value]] = {scope_id: {} for scope_id, _, _ in found.scopes}
    for scope_id, name, value in found.variables:
        variables[scope_id][name] = feel.from_json(value)
    return spiff.State(
        tokens={
            row[0]: spiff.Token(
                id=row[0],
                container=row[1],
                parent=row[2],
                definition=row[3],
                element=row[4],
                state=spiff.TokenState(row[5]),
                triggered=row[6],
                data=row[7],
            )
            for row in found.tokens
        },
        scopes={
            scope_id: spiff.Scope(
                id=scope_id, parent=parent, kind=spiff.ScopeKind(kind), variables=variables[scope_id]
            )
            for scope_id, parent, kind in found.scopes
        },
        next_id=case.next_id,
        completed=False,
    )


class Picture(Struct, frozen=True, kw_only=True):
    """What is alive in a case at one moment; two pictures tell what a step changed."""

    tokens: Mapping[int, spiff.Token]
    scopes: Mapping[int, tuple[int | None, str]]
    variables: Mapping[int, Mapping[str, feel.Value]]
    tasks: Mapping[int, spiff.UserTask]
    jobs: Mapping[int, spiff.Job]
    timers: Mapping[tuple[int, str], spiff.Timer]
    subscriptions: Mapping[tuple[int, str], spiff.Subscription]
    incidents: Mapping[int, spiff.IncidentNote]
    next_id: int

    @classmethod
    def empty(cls) -> "Picture":
        """Before a case began."""
        return cls(
            tokens={},
            scopes={},
            variables={},
            tasks={},
            jobs={},
            timers={},
            subscriptions={},
            incidents={},
            next_id=1,
        )

    @classmethod
    def of(cls, state: spiff.State, execution: spiff.Execution) -> "Picture":
        """What is alive now; `state` is that of `execution`."""
        return cls(
            tokens=state.tokens,
            scopes={scope.id: (scope.parent, scope.kind.value) for scope in state.scopes.values()},
            variables={scope.id: scope.variables for scope in state.scopes.values()},
            tasks={task.token_id: task for task in execution.open_user_tasks},
            jobs={job.token_id: job for job in execution.jobs},
            timers={
                (timer.token_id, timer.key): timer for timer in execution.timers if timer.due_at is not None
            },
            subscriptions={(each.token_id, each.key): each for each in execution.subscriptions},
            incidents={note.token_id: note for note in execution.incidents},
            next_id=state.next_id,
        )


def differences(before: Picture, after: Picture, *, case_id: int) -> Changes:
    """The changed rows of all tables that follow from the live tokens, but for user tasks."""
    return Changes(
        gone_tokens=[each for each in before.tokens if each not in after.tokens],
        tokens=[_token(token) for token in _new(before.tokens, after.tokens)],
        gone_scopes=[each for each in before.scopes if each not in after.scopes],
        scopes=[
            {"id": each, "parent": parent, "kind": kind}
            for each, (parent, kind) in after.scopes.items()
            if each not in before.scopes
        ],
        variables=_variables(before.variables, after.variables),
        gone_timers=[
            {"token_id": token, "key": key}
            for token, key in before.timers
            if (token, key) not in after.timers
        ],
        timers=[
            {"token_id": each.token_id, "key": each.key, "element": each.element, "due_at": each.due_at}
            for each in _new(before.timers, after.timers)
        ],
        gone_subscriptions=[
            {"token_id": token, "key": key}
            for token, key in before.subscriptions
            if (token, key) not in after.subscriptions
        ],
        subscriptions=[
            {
                "token_id": each.token_id,
                "key": each.key,
                "element": each.element,
                "kind": each.kind,
                "name": each.name,
                "correlation_key": each.correlation_key,
            }
            for each in _new(before.subscriptions, after.subscriptions)
        ],
        jobs_ended=[
            {"token_id": token, "state": "cancelled"} for token in before.jobs if token not in after.jobs
        ],
        jobs=[_job(job, case_id) for token, job in after.jobs.items() if token not in before.jobs],
        incidents_resolved=[{"token_id": each} for each in before.incidents if each not in after.incidents],
        incidents=[
            {
                "token_id": note.token_id,
                "element": note.element,
                "kind": note.kind,
                "message": note.message,
                "remedy": note.remedy,
            }
            for note in _new(before.incidents, after.incidents)
        ],
    )


def after(
    case: CaseRow, found: LiveRows, changes: Changes, task_numbers: Mapping[int, int]
) -> LiveRows | None:
    """The rows beside the tokens as a step that changed them leaves them; None where only a reading tells."""
    if changes.deadlines or changes.incidents or changes.incidents_resolved or changes.tasks_changed:
        return None
    ended = {*changes.tasks_completed, *changes.tasks_cancelled}
    tasks = [row for row in found.tasks if row["token_id"] not in ended]
    for new in changes.tasks:
        number, near = task_numbers[new["token_id"]], {"team": case.team, "region": case.region}
        state = UserTaskState.OPEN if new["assignee"] is None else UserTaskState.CLAIMED
        tasks.append(new | near | {"id": number, "state": state.value})
    return replace(found, tokens=[], scopes=[], variables=[], tasks=tasks)


def messages(facts: Iterable[spiff.Fact], at: datetime) -> list[Row]:
    """Rows of the outbox for what was thrown. Signals reach who waits now, so that they live no longer."""
    found = []
    for fact in facts:
        if isinstance(fact, spiff.MessageThrown):
            found.append(_message(fact, "message", fact.correlation_key, fact.expires_at))
        elif isinstance(fact, spiff.SignalThrown):
            found.append(_message(fact, "signal", None, at))
    return found


def recorded(names: Iterable[str], service_urn: str, at: datetime) -> list[Row]:
    """Rows of the outbox for facts of a service, which reach whoever waits for them now."""
    return [
        {
            "kind": "fact",
            "name": name,
            "correlation_key": service_urn,
            "payload": {},
            "sender_token_id": None,
            "expires_at": at,
        }
        for name in names
    ]


def _message(
    fact: spiff.MessageThrown | spiff.SignalThrown, kind: str, key: str | None, expires: datetime
) -> Row:
    return {
        "kind": kind,
        "name": fact.name,
        "correlation_key": key,
        "payload": feel.to_json(dict(fact.payload)),
        "sender_token_id": fact.token_id,
        "expires_at": expires,
    }


def _new(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> list[Any]:
    return [value for key, value in after.items() if before.get(key) != value]


def _token(token: spiff.Token) -> Row:
    return {
        "id": token.id,
        "container": token.container,
        "parent": token.parent,
        "definition_id": token.definition,
        "element": token.element,
        "state": token.state.value,
        "triggered": token.triggered,
        "data": dict(token.data),
    }


def _job(job: spiff.Job, case_id: int) -> Row:
    return {
        "token_id": job.token_id,
        "element": job.element,
        "type": job.type,
        "headers": dict(job.headers),
        "retries": job.retries,
        "idempotency_key": f"{case_id}-{job.token_id}",
    }


def _variables(
    before: Mapping[int, Mapping[str, feel.Value]], after: Mapping[int, Mapping[str, feel.Value]]
) -> list[Row]:
    """Values are never changed in place, so that the same object is the same value."""
    missing = object()
    changed = []
    for scope_id, variables in after.items():
        old = before.get(scope_id, {})
        for name, value in variables.items():
            if old.get(name, missing) is not value:
                changed.append({"scope_id": scope_id, "name": name, "value": feel.to_json(value)})
    return changed
