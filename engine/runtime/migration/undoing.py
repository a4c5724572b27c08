"""Takes the last move of a case back, as long as the case has not moved on since."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from engine.db.tables import CaseMigration, Instance, Token, UserTask
from engine.history import Event, EventKind
from engine.runtime import operator
from engine.runtime.errors import NotFoundError, RefusedCommandError
from engine.runtime.library import Library
from engine.runtime.migration import keeping
from engine.runtime.migration.exchange import Exchange
from engine.runtime.store import lock
from engine.runtime.user_tasks import Actor

_TOKEN = ("id", "container", "parent", "definition_id", "element", "state", "triggered", "data")
_TASK = (
    "definition_id", "element", "name", "lane", "guidance", "form_definition_id", "candidate_groups",
    "candidate_users",
)  # fmt: skip


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


def undo(
    connection: Connection, library: Library, *, instance_id: int, reason: str, by: Actor, at: datetime
) -> None:
    """Put a case back as it was before its last move; variables keep what they hold now.

    Raises `NotFoundError` when it was not moved, `MovedOnError`, `KeptNoLongerError`, `NotPermittedError`.
    """
    case = lock(connection, instance_id)
    assert case is not None
    move = _last(connection, instance_id)
    if move is None:
        raise NotFoundError(f"move of case {case.reference} to undo")
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
    top = library.process(connection, before["definition_id"])
    fields = {"name": f"version {top.version}", "process": top.model.id, "reason": reason}
    step.events.append(Event(kind=EventKind.MIGRATION_UNDONE, element=None, fields=fields))
    step.exchange_back(top, [[token[name] for name in _TOKEN] for token in before["tokens"]])
    step.save()
    _put_back(connection, instance_id, before)
    keeping.rename_work(connection, instance_id, {new: old for old, new in move["rename"].items()})
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
