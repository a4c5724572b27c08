"""Tokens moved by hand: one to another element, or the whole case back to an earlier one."""

from datetime import datetime

from sqlalchemy import Connection

from engine import spiff
from engine.history import Event, EventKind
from engine.runtime.library import Library
from engine.runtime.operator.foresight import Act
from engine.runtime.operator.rights import Command, OperatorRefusedError, open_case, said
from engine.runtime.step import Step
from engine.runtime.user_tasks import Actor

REMEDY = "Look at the diagram of the case and choose another element."


def moving(token_id: int, element: str) -> Act:
    """What moving a token does; it raises `OperatorRefusedError` where the token cannot go."""

    def act(step: Step) -> None:
        try:
            step.execution.move(token_id, element)
        except (spiff.MoveError, spiff.NotOpenError) as error:
            raise OperatorRefusedError(str(error), REMEDY) from error

    return act


def restarting(element: str) -> Act:
    """What taking a case back does; it raises `OperatorRefusedError` where it cannot begin."""

    def act(step: Step) -> None:
        try:
            step.execution.restart(element)
        except spiff.MoveError as error:
            raise OperatorRefusedError(str(error), REMEDY) from error

    return act


def move_token(
    connection: Connection,
    library: Library,
    *,
    instance_id: int,
    token_id: int,
    element: str,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """Take a token away from where it stands and put one on another element of the same process.

    What hangs on the token goes with it: its task or job, timers, a sub-process. Raises
    `OperatorRefusedError` where it cannot go, and the errors of `open_case`.
    """
    because = said(reason)
    step = open_case(connection, library, Command.MOVE, instance_id=instance_id, by=by, at=at)
    token = step.execution.state().tokens.get(token_id)
    left = token.element if token is not None else None
    _tell(step, EventKind.TOKEN_MOVED, element, {"from": left, "reason": because})
    moving(token_id, element)(step)
    step.save()


def restart(
    connection: Connection,
    library: Library,
    *,
    instance_id: int,
    element: str,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """Take a case back to an earlier element of its own process; everything open in it is withdrawn.

    Variables keep their values. Raises `OperatorRefusedError` where it cannot begin, and the errors of
    `open_case`.
    """
    because = said(reason)
    step = open_case(connection, library, Command.RESTART, instance_id=instance_id, by=by, at=at)
    _tell(step, EventKind.CASE_RESTARTED, element, {"reason": because})
    restarting(element)(step)
    step.save()


def _tell(step: Step, kind: EventKind, element: str, fields: dict[str, object]) -> None:
    step.events.append(Event(kind=kind, element=element, fields=fields))
