"""Takes the last move of a case back, as long as the case has not moved on since."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from engine.db.tables import CaseMigration, Incident, Instance, Token, UserTask
from engine.history import Event, EventKind
from engine.runtime import operator
from engine.runtime.errors import NotFoundError, RefusedCommandError
from engine.runtime.library import CompiledProcess, Library
from engine.runtime.migration import keeping
from engine.runtime.migration.exchange import Exchange
from engine.runtime.operator.rights import said
from engine.runtime.store import Row, lock
from engine.runtime.tasks import ASSIGNMENT
from engine.runtime.user_tasks import Actor

_TOKEN = ("id", "container", "parent", "definition_id", "element", "state", "triggered", "data")
_TASK = ("definition_id", "element", "name", "lane", "guidance", "form_definition_id")


class MovedOnError(RefusedCommandError):
    """The case went on after it was moved, so that the move cannot be taken back."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"Case {reference} has moved on since it was moved to the other version.",
            "Move it to the earlier version with a new move instead.",
        )


class KeptNoLongerError(RefusedCommandError):
    """The move is too old to be taken back."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"Case {reference} was moved more than {keeping.KEPT.days} days ago.",
            "Move it to the earlier version with a new move instead.",
        )


class OtherMoveError(RefusedCommandError):
    """The last move of the case is not the one that was meant."""

    def __init__(self, reference: str, process: CompiledProcess) -> None:
        super().__init__(
            f"Case {reference} was last moved to version {process.version} of '{process.model.id}'.",
            "Take that move back first.",
        )


class ClaimedSinceError(RefusedCommandError):
    """Somebody claimed a task after the move that other roles do in the earlier version."""

    def __init__(self, name: str, who: str) -> None:
        super().__init__(
            f"{who} has claimed “{name}” since; in the earlier version others do it.",
            "Have the task given back first.",
        )


def undo(
    connection: Connection,
    library: Library,
    *,
    instance_id: int,
    reason: str,
    by: Actor,
    at: datetime,
    to: int | None = None,
) -> None:
    """Put a case back where it stood before its last move. Variables and people stay: a lead who was named
    since is the lead, and who has claimed a task keeps it.

    `to` is the number of the version moved to, of whoever means a certain move. Raises `NotFoundError` when
    the case was not moved, `OtherMoveError`, `MovedOnError`, `KeptNoLongerError`, `ClaimedSinceError`,
    `NotPermittedError`, `OperatorRefusedError` without a reason.
    """
    because = said(reason)
    case = lock(connection, instance_id)
    assert case is not None
    move = _last(connection, instance_id)
    if move is None:
        raise NotFoundError(f"move of case {case.reference} to undo")
    if to is not None and move["definition_id"] != to:
        raise OtherMoveError(case.reference, library.process(connection, move["definition_id"]))
    if keeping.fingerprint(connection, instance_id) != move["fingerprint"]:
        raise MovedOnError(case.reference)
    if not move["before"]:
        raise KeptNoLongerError(case.reference)
    keeping.put_deadlines_back(connection, move["id"])
    step = Exchange.load(
        connection, library, instance_id, actor=by.user_id, at=at, case=case, running_only=False
    )
    operator.permit(step, operator.Command.MIGRATE, by)
    before: Mapping[str, Any] = move["before"]
    _refuse_claims(step.rows.tasks, before["tasks"])
    _close_incidents(connection, step, move["at"])
    top = library.process(connection, before["definition_id"])
    fields = {"name": f"version {top.version}", "process": top.model.id, "reason": because}
    step.events.append(Event(kind=EventKind.MIGRATION_UNDONE, element=None, fields=fields))
    step.exchange_back(top, [[token[name] for name in _TOKEN] for token in before["tokens"]])
    step.save()
    _put_back(connection, instance_id, before)
    keeping.follow_tokens(connection, instance_id)
    connection.execute(
        update(CaseMigration)
        .where(CaseMigration.id == move["id"])
        .values(undone_at=at, undone_by=by.user_id, before={})
    )


def _last(connection: Connection, instance_id: int) -> RowMapping | None:
    """Locked, so that its picture is not forgotten meanwhile."""
    query = (
        select(CaseMigration.__table__)
        .where(CaseMigration.instance_id == instance_id)
        .order_by(CaseMigration.id.desc())
        .limit(1)
        .with_for_update()
    )
    found = connection.execute(query).mappings().one_or_none()
    return found if found is not None and found["undone_at"] is None else None


def _refuse_claims(now: Sequence[Row], before: Sequence[Row]) -> None:
    was = {task["id"]: task for task in before}
    for task in now:
        old = was.get(task["id"])
        if old is None or task["assignee"] in (None, old["assignee"]):
            continue
        if task["candidate_groups"] != old["candidate_groups"]:
            raise ClaimedSinceError(task["name"], task["assignee"])


def _close_incidents(connection: Connection, step: Exchange, since: datetime) -> None:
    """For whom nobody was found since the move, somebody is sought anew; who is not found is told again."""
    closed = (
        update(Incident)
        .where(
            Incident.instance_id == step.case.id,
            Incident.kind == ASSIGNMENT,
            Incident.resolved_at.is_(None),
            Incident.opened_at >= since,
        )
        .values(resolved_at=step.at)
        .returning(Incident.token_id, Incident.element)
    )
    for token_id, element in connection.execute(closed).all():
        step.forget_incident(token_id, ASSIGNMENT)
        step.events.append(Event(kind=EventKind.INCIDENT_RESOLVED, element=element, fields={}))


def _put_back(connection: Connection, instance_id: int, before: Mapping[str, Any]) -> None:
    connection.execute(
        update(Instance).where(Instance.id == instance_id).values(definition_id=before["definition_id"])
    )
    for token in before["tokens"]:
        connection.execute(
            update(Token)
            .where(Token.instance_id == instance_id, Token.id == token["id"])
            .values(definition_id=token["definition_id"])
        )
    for task in before["tasks"]:
        values = {name: task[name] for name in _TASK}
        connection.execute(update(UserTask).where(UserTask.id == task["id"]).values(**values))
