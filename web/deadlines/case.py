"""One deadline of a case, and what one does with it; the dates of a case, and what a change of one moves."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from engine.queries import deadlines as queries
from engine.runtime import deadlines, user_tasks
from engine.runtime.deadlines import DeadlineChangeRefusedError
from engine.runtime.errors import NotFoundError, NotPermittedError
from web import edge, roles
from web.access import for_roles, me
from web.cases.opening import framed, open_case
from web.deadlines import dates, one, typed
from web.pages import go, page

blueprint = Blueprint("case_deadlines", __name__, url_prefix="/cases/<reference>")

READERS = (*roles.CASEWORK, roles.ADMINISTRATOR)
CHANGERS = (*roles.INSPECTION, *roles.OVERSIGHT)

Act = Callable[[Connection, dict[str, Any]], object]
NO_DATE = "Enter a real date, like 3 12 2026"


@blueprint.get("/deadlines/<int:deadline_id>")
@for_roles(*READERS)
def deadline(reference: str, deadline_id: int) -> ResponseReturnValue:
    return _page(reference, deadline_id, errors={}, sent={})


@blueprint.post("/deadlines/<int:deadline_id>/pause")
@for_roles(*CHANGERS)
def pause(reference: str, deadline_id: int) -> ResponseReturnValue:
    given = {"reason": _said("pause_reason"), "authority": _said("pause_authority")}
    return _do(reference, deadline_id, deadlines.pause, given, "pause_reason", "The deadline is paused")


@blueprint.post("/deadlines/<int:deadline_id>/resume")
@for_roles(*CHANGERS)
def resume(reference: str, deadline_id: int) -> ResponseReturnValue:
    given = {"reason": _said("resume_reason")}
    return _do(reference, deadline_id, deadlines.resume, given, "resume_reason", "The deadline runs again")


@blueprint.post("/deadlines/<int:deadline_id>/extend")
@for_roles(*CHANGERS)
def extend(reference: str, deadline_id: int) -> ResponseReturnValue:
    to = typed.day(request.form, "to")
    if to is None:
        return _page(reference, deadline_id, errors={"to-day": NO_DATE}, sent=request.form)
    given = {"to": to, "reason": _said("extend_reason"), "authority": _said("extend_authority")}
    return _do(reference, deadline_id, deadlines.extend, given, "to-day", "The deadline is extended")


@blueprint.post("/deadlines/<int:deadline_id>/miss")
@for_roles(*CHANGERS)
def miss(reference: str, deadline_id: int) -> ResponseReturnValue:
    given = {"reason": _said("miss_reason")}
    return _do(reference, deadline_id, deadlines.explain_miss, given, "miss_reason", "The reason is recorded")


@blueprint.get("/dates")
@for_roles(*READERS)
def change_date(reference: str) -> ResponseReturnValue:
    """Choose a date, then see what the new one moves: both by address, so that looking changes nothing."""
    with edge.reading() as connection:
        case = open_case(connection, reference, "dates")
        shown = dates.shown(connection, case.id, request.args)
        status = 422 if shown["errors"] else 200
        return page("deadlines/dates.html", status=status, **framed(connection, case, **shown))


@blueprint.post("/dates")
@for_roles(*CHANGERS)
def record_date(reference: str) -> ResponseReturnValue:
    name, to = _said("name"), typed.day(request.form, "to")
    try:
        with edge.writing() as connection:
            case = open_case(connection, reference, "dates")
            if to is None:
                raise DeadlineChangeRefusedError("The new date is missing.", NO_DATE)
            deadlines.change_date(
                connection, edge.library(), instance_id=case.id, name=name, to=to, reason=_said("reason"),
                by=user_tasks.actor(me()), at=edge.now(),
            )  # fmt: skip
    except DeadlineChangeRefusedError as error:
        with edge.reading() as connection:
            case = open_case(connection, reference, "dates")
            shown = dates.shown(connection, case.id, request.form)
            field = "reason" if shown["moves"] is not None else "to-day"
            shown["errors"] = shown["errors"] or {field: f"{error.reason} {error.remedy}"}
            return page("deadlines/dates.html", status=422, **framed(connection, case, **shown))
    return go("cases.deadlines", reference=reference, saying="The date is changed; its deadlines followed")


def _do(
    reference: str,
    deadline_id: int,
    verb: Callable[..., object],
    given: dict[str, Any],
    field: str,
    done: str,
) -> ResponseReturnValue:
    """Give a command; a refusal comes back on the page, with what was typed."""
    try:
        with edge.writing() as connection:
            _of_case(connection, reference, deadline_id)
            by = user_tasks.actor(me())
            verb(connection, edge.library(), deadline_id=deadline_id, **given, by=by, at=edge.now())
    except DeadlineChangeRefusedError as error:
        why = f"{error.reason} {error.remedy}"
        return _page(reference, deadline_id, errors={field: why}, sent=request.form)
    except NotPermittedError as error:
        return _page(reference, deadline_id, errors={field: error.reason}, sent=request.form, status=403)
    return go("case_deadlines.deadline", reference=reference, deadline_id=deadline_id, saying=done)


def _page(
    reference: str, deadline_id: int, *, errors: dict[str, str], sent: Mapping[str, str], status: int = 422
) -> ResponseReturnValue:
    """The deadline with what one may do; `status` is the answer's where there are errors."""
    with edge.reading() as connection:
        case, row = _of_case(connection, reference, deadline_id)
        shown = one.shown(connection, case, row)
        return page(
            "deadlines/deadline.html",
            status=status if errors else 200,
            **framed(connection, case, errors=errors, typed=sent, **shown),
        )


def _of_case(connection: Connection, reference: str, deadline_id: int) -> tuple[Any, Mapping[Any, Any]]:
    case = open_case(connection, reference, f"deadline {deadline_id}")
    row = connection.execute(queries.one(case.id, deadline_id)).mappings().first()
    if row is None:
        raise NotFoundError("deadline with this number in the case")
    return case, row


def _said(name: str) -> str:
    return request.form.get(name, "").strip()[:2000]
