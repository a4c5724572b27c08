"""Who may give which operator's command, in one table."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from engine.db.tables import InstanceState
from engine.runtime.deadlines.limits import holds_one
from engine.runtime.errors import CaseNotRunningError, NotPermittedError, RefusedCommandError
from engine.runtime.library import Library
from engine.runtime.step import Step
from engine.runtime.user_tasks import Actor

ADMINISTRATOR, ANALYST = "administrator", "analyst"
OF_NO_LANE = frozenset({ADMINISTRATOR, ANALYST})
"""Roles that no lane of a diagram stands for: they reach every case that is not restricted."""

RUNNING = frozenset({InstanceState.RUNNING})
LIVE = frozenset({InstanceState.RUNNING, InstanceState.SUSPENDED})


class Command(StrEnum):
    """What an operator can do."""

    RETRY = "retry"
    RESOLVE = "resolve"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    MOVE = "move"
    RESTART = "restart"
    SET_VARIABLE = "set variable"
    RELEASE = "release"
    CHANGE_LEAD = "change lead"
    MIGRATE = "migrate"


_MANAGERS = frozenset({"manager", "rim", "second_rim", "director", ADMINISTRATOR})
_SENIOR = frozenset({"rim", "director", ADMINISTRATOR})

RIGHTS: Mapping[Command, frozenset[str]] = {
    Command.RETRY: _MANAGERS,
    Command.RESOLVE: _MANAGERS,
    Command.RELEASE: _MANAGERS,
    Command.CHANGE_LEAD: _MANAGERS,
    Command.SUSPEND: _SENIOR,
    Command.RESUME: _SENIOR,
    Command.CANCEL: _SENIOR,
    Command.MOVE: frozenset({"rim", ADMINISTRATOR}),
    Command.RESTART: frozenset({"rim", ADMINISTRATOR}),
    Command.SET_VARIABLE: frozenset({"rim", ADMINISTRATOR}),
    Command.MIGRATE: frozenset({ANALYST, ADMINISTRATOR}),
}
"""The roles that may give each command, on the cases their relation reaches (their team, their region)."""


class OperatorRefusedError(RefusedCommandError):
    """A command that cannot be carried out as it was given; nothing was changed."""


def allowed(step: Step, by: Actor) -> frozenset[Command]:
    """The commands a person may give on a case."""
    return frozenset(command for command in Command if _may(step, command, by))


def permit(step: Step, command: Command, by: Actor) -> None:
    """Let only those through whom the table names. Raises `NotPermittedError`."""
    if not _may(step, command, by):
        named = ", ".join(sorted(RIGHTS[command]))
        raise NotPermittedError(f"To {command} takes one of these roles for this case: {named}.")


def open_case(
    connection: Connection,
    library: Library,
    command: Command,
    *,
    instance_id: int,
    by: Actor,
    at: datetime,
    states: frozenset[InstanceState] = RUNNING,
) -> Step:
    """A case under its lock, for a command its giver may give.

    Raises `NotFoundError`, `NotPermittedError`, `CaseNotRunningError`, `CaseBusyError`.
    """
    step = Step.load(connection, library, instance_id, actor=by.user_id, at=at, running_only=False)
    permit(step, command, by)
    if step.case.state not in states:
        raise CaseNotRunningError(step.case.reference, step.case.state)
    return step


def said(reason: str) -> str:
    """A reason without blanks around it. Raises `OperatorRefusedError` when there is none."""
    if not reason.strip():
        raise OperatorRefusedError("The reason is missing.", "Say why; it stays in the history.")
    return reason.strip()


def _may(step: Step, command: Command, by: Actor) -> bool:
    roles = RIGHTS[command]
    free = not step.case.restricted and any(by.holds(role) for role in roles & OF_NO_LANE)
    return free or holds_one(step, by, roles)
