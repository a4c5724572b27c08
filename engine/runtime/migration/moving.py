"""Moves one case to another version, and keeps what undoing it needs."""

from datetime import datetime

from sqlalchemy import Connection, insert, update

from engine import spiff
from engine.db.tables import CaseMigration, Instance, InstanceState, Token, UserTask
from engine.history import Event, EventKind
from engine.runtime import operator
from engine.runtime.errors import CaseNotRunningError, DefinitionMissingError, RefusedCommandError
from engine.runtime.library import Library
from engine.runtime.migration import keeping
from engine.runtime.migration.exchange import Exchange
from engine.runtime.migration.planning import NotMovableError, Target
from engine.runtime.operator.rights import said
from engine.runtime.user_tasks import Actor

WENT_ON = ""
"""The fingerprint of a move with which the case went on: nothing puts that back."""


class NothingToMoveError(RefusedCommandError):
    """No part of the case runs another version of the process."""

    def __init__(self, reference: str, to: Target) -> None:
        super().__init__(
            f"No part of case {reference} runs another version of '{to.process.model.id}'.",
            "Look on its page which versions it runs.",
        )


def migrate(
    connection: Connection,
    library: Library,
    *,
    instance_id: int,
    to: Target,
    reason: str,
    by: Actor,
    at: datetime,
) -> int:
    """Move a live case to another version of a process it runs; the number of the move, for `undo`.

    Due dates of timers and tasks are kept, called processes are moved too, open tasks get the form of the new
    version, jobs become what it says. Raises `NotMovableError` with every element that has no place,
    `NothingToMoveError`, `NotPermittedError`, `CaseNotRunningError`, `OperatorRefusedError` without a reason.
    """
    because = said(reason)
    step = Exchange.load(connection, library, instance_id, actor=by.user_id, at=at, running_only=False)
    operator.permit(step, operator.Command.MIGRATE, by)
    if step.case.state not in (InstanceState.RUNNING, InstanceState.SUSPENDED):
        raise CaseNotRunningError(step.case.reference, step.case.state)
    if not any(token.definition in to.old for token in step.execution.state().tokens.values()):
        raise NothingToMoveError(step.case.reference, to)
    before = keeping.picture(connection, instance_id)
    fields = {"name": f"version {to.process.version}", "process": to.process.model.id, "reason": because}
    step.events.append(Event(kind=EventKind.CASE_MIGRATED, element=None, fields=fields))
    try:
        step.exchange_for(to.process, to.for_kernel)
    except spiff.MigrationError as error:
        raise NotMovableError(step.case.reference, error.problems) from error
    went_on = any(isinstance(fact, spiff.ElementCompleted) for fact in step.execution.facts)
    step.save()
    _follow(connection, step, to)
    return connection.execute(
        insert(CaseMigration)
        .values(
            instance_id=instance_id,
            at=at,
            by=by.user_id,
            reason=because,
            definition_id=to.process.id,
            rename=dict(to.rename),
            before=before,
            fingerprint=WENT_ON if went_on else keeping.fingerprint(connection, instance_id),
        )
        .returning(CaseMigration.id)
    ).scalar_one()


def _follow(connection: Connection, step: Exchange, to: Target) -> None:
    """The columns that no other step changes: which version and element a row belongs to."""
    mine = {"instance_id": step.case.id}
    connection.execute(
        update(Token)
        .filter_by(**mine)
        .where(Token.definition_id.in_(to.old))
        .values(definition_id=to.process.id)
    )
    connection.execute(
        update(Instance)
        .where(Instance.id == step.case.id, Instance.definition_id.in_(to.old))
        .values(definition_id=to.process.id)
    )
    for task in step.execution.open_user_tasks:
        if task.definition == to.process.id:
            _follow_task(connection, step, to, task)
    keeping.follow_tokens(connection, step.case.id)


def _follow_task(connection: Connection, step: Exchange, to: Target, task: spiff.UserTask) -> None:
    element = to.process.model.elements[task.element]
    values = {
        "definition_id": to.process.id,
        "element": element.id,
        "name": element.name,
        "lane": element.lane,
        "guidance": list(element.guidance),
    }
    if element.form is not None:
        try:
            values["form_definition_id"] = step.library.form_id(
                connection, to.process, element.form.form_id, element.form.binding
            )
        except DefinitionMissingError:
            values["form_definition_id"] = None  # the renewed task has an incident that says so
    connection.execute(
        update(UserTask)
        .where(UserTask.instance_id == step.case.id, UserTask.token_id == task.token_id)
        .values(**values)
    )
