"""One way to give a command on a case: what it does is seen first, and it is given with its reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from engine.db.tables import InstanceState
from engine.queries.case_file import CaseFacts
from engine.runtime import operator, user_tasks
from engine.runtime.errors import CaseNotRunningError, NotPermittedError
from engine.runtime.operator import Act, Choices, Command, OperatorRefusedError, WentOnError
from web import edge
from web.access import me
from web.cases.opening import framed, open_case
from web.pages import go, page
from web.presenters.operating import Effects, effects

LONGEST_REASON = 2000
RUNNING = (InstanceState.RUNNING,)
LIVE = (InstanceState.RUNNING, InstanceState.SUSPENDED)

Again = Callable[[Mapping[str, str]], ResponseReturnValue]
"""Shows the page once more, with what is wrong by the id of the field."""

Verb = Callable[..., Any]
"""A command of `engine.runtime.operator`, bound to what it is about."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with what its operator can choose from."""

    case: CaseFacts
    choices: Choices


def open_for(
    connection: Connection, reference: str, command: Command, states: tuple[InstanceState, ...] = RUNNING
) -> Opened:
    """The case, for one who may give the command on it, in a state that allows it.

    Raises NotFoundError, NotPermittedError, CaseNotRunningError.
    """
    opened = look_at(connection, reference)
    if command not in opened.choices.allowed:
        raise NotPermittedError(f"None of your roles may {command} on this case.")
    if opened.case.state not in states:
        raise CaseNotRunningError(reference, opened.case.state)
    return opened


def look_at(connection: Connection, reference: str) -> Opened:
    """The case with what there is to choose from. Raises NotFoundError."""
    case = open_case(connection, reference, "manage")
    by = user_tasks.actor(me())
    found = operator.choices(connection, edge.library(), instance_id=case.id, by=by, at=edge.now())
    return Opened(case, found)


def foreseen(connection: Connection, case: CaseFacts, act: Act) -> Effects:
    """What the command would do now. Raises OperatorRefusedError where it cannot be done."""
    found = operator.foresee(connection, edge.library(), instance_id=case.id, act=act, at=edge.now())
    return effects(found)


def shown(
    connection: Connection, opened: Opened, template: str, errors: Mapping[str, str], **context: Any
) -> ResponseReturnValue:
    """The page of a command; its form carries how long the history was that the reader saw."""
    context |= {"length": opened.choices.length, "errors": errors, "typed": request.form}
    return page(template, status=422 if errors else 200, **framed(connection, opened.case, **context))


def give(reference: str, verb: Verb, again: Again, *, saying: str) -> ResponseReturnValue:
    """Give the command with the reason sent; what is refused comes back on its page."""
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    try:
        with edge.writing() as connection:
            case = open_case(connection, reference, "manage")
            operator.unchanged(connection, instance_id=case.id, length=_length())
            by = user_tasks.actor(me())
            verb(connection, edge.library(), instance_id=case.id, reason=reason, by=by, at=edge.now())
    except (OperatorRefusedError, WentOnError) as error:
        return again({"reason": f"{error.reason} {error.remedy}"})
    return go("operating.overview", reference=reference, saying=saying)


def _length() -> int:
    """How long the history was when the page was made; a form without it saw nothing."""
    sent = request.form.get("length", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1
