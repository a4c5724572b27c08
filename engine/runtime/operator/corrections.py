"""A variable of a case corrected by hand."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection

from engine import feel, spiff
from engine.history import Event, EventKind
from engine.runtime.library import Library
from engine.runtime.operator.foresight import Act
from engine.runtime.operator.people import groups_of
from engine.runtime.operator.rights import Command, OperatorRefusedError, open_case, said
from engine.runtime.step import Step
from engine.runtime.user_tasks import Actor


def correcting(name: str, value: feel.Value, scope_id: int) -> Act:
    """What correcting a variable does; it raises `OperatorRefusedError` when the scope is gone."""

    def act(step: Step) -> None:
        if not name.isidentifier():
            raise OperatorRefusedError(
                f"'{name}' is no name of a variable.", "Use letters, digits and _; begin with a letter."
            )
        if name in step.host.extras(()):
            raise OperatorRefusedError(
                f"'{name}' is a function that every model can use.", "Choose the name of a variable."
            )
        scopes = step.execution.state().scopes
        if scope_id not in scopes:
            raise OperatorRefusedError("That part of the case has ended.", "Look at the case again.")
        was = scopes[scope_id].variables.get(name)
        if isinstance(value, str):
            _refuse_another_person(step, name, was)
        step.correct({each: {name: value} for each in (scope_id, *_handed_on(scopes, scope_id, name, was))})

    return act


def _refuse_another_person(step: Step, name: str, was: feel.Value) -> None:
    """Whom a case names as its lead holds tasks, which go to another with the role, not with the variable."""
    named = next((group for group in groups_of(step) if group.variable == name), None)
    if named is not None and isinstance(was, str) and was == step.execution.variables(0).get(name):
        raise OperatorRefusedError(
            f"'{name}' names the {named.name} of the case, whose tasks would stay with who is named now.",
            "Name another lead for the case instead: that hands the tasks over too.",
        )


def _handed_on(scopes: Mapping[int, spiff.Scope], scope_id: int, name: str, was: feel.Value) -> Iterator[int]:
    """The scopes within, such as those of called processes, that were handed a copy of the value."""
    for scope in scopes.values():
        outer = scope.parent
        while outer is not None and outer != scope_id:
            outer = scopes[outer].parent
        if outer == scope_id and name in scope.variables and scope.variables[name] == was:
            yield scope.id


def set_variable(
    connection: Connection,
    library: Library,
    *,
    instance_id: int,
    name: str,
    value: feel.Value,
    reason: str,
    by: Actor,
    at: datetime,
    scope_id: int = 0,
) -> None:
    """Correct a variable, with the reason; deadlines, conditions and timers that follow it move.

    `scope_id` is a scope of the case (0: the case itself); copies of the value that called processes were
    handed are corrected too. Raises `OperatorRefusedError` for a name that cannot be one or is a function's,
    where another person would be named as the case's lead (see `change_lead`), for a scope that is gone, and
    the errors of `open_case`.
    """
    because = said(reason)
    step = open_case(connection, library, Command.SET_VARIABLE, instance_id=instance_id, by=by, at=at)
    scope = step.execution.state().scopes.get(scope_id)
    was = scope.variables.get(name) if scope is not None else None
    step.events.append(
        Event(
            kind=EventKind.VARIABLE_CORRECTED,
            element=None,
            fields={"names": [name], "scope": scope_id, "reason": because},
            personal={"was": feel.to_json(was), "now": feel.to_json(value)},
        )
    )
    correcting(name, value, scope_id)(step)
    step.save()
