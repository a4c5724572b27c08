"""The one place where what went wrong becomes a page: what, where, why, and how to mend it."""

import logging
from dataclasses import dataclass

import psycopg
from flask import Flask, g, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, TimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError

from engine.forms import FormConditionError, UnknownActionError
from engine.runtime import errors as refused
from engine.runtime.deployments import RefusedError
from engine.worker import faults
from web.access import SignInNeededError
from web.auth.accounts import TooManyAttemptsError
from web.pages import page, typed_fields
from web.presenters import models
from web.presenters.typed import Typed, typed_by_name

log = logging.getLogger(__name__)

NOT_TO_COPY = {"password", "user", "next", "content", "name"}
"""Fields that hold a secret, or what the page itself filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A page about something that went wrong."""

    status: int
    title: str
    reason: str
    remedy: str


FAULTS = {
    400: Fault(
        status=400,
        title="The request could not be read",
        reason="What the browser sent is not what this page asks for.",
        remedy="Go back, reload the page and send it again.",
    ),
    403: Fault(
        status=403,
        title="You may not see this page",
        reason="None of your roles opens it.",
        remedy="If you need it for your work, ask an administrator for the role.",
    ),
    404: Fault(
        status=404,
        title="Page not found",
        reason="There is nothing at this address, or your roles do not reach the case it belongs to.",
        remedy="Check the address, or go to your tasks and choose from there.",
    ),
    405: Fault(
        status=405,
        title="This address does not take that request",
        reason="The page was opened in a way it is not made for, perhaps from a bookmark of a sent form.",
        remedy="Go to your tasks and choose from there.",
    ),
    413: Fault(
        status=413,
        title="The file is too large",
        reason="What you sent is larger than 25 MiB.",
        remedy="Split the file, or save it at a lower quality, and send it again.",
    ),
    500: Fault(
        status=500,
        title="Sorry, something went wrong",
        reason="It is our mistake, it has been recorded, and nothing of what you sent was changed.",
        remedy="Try again in a few minutes. If it happens again, tell an administrator what you were doing.",
    ),
    503: Fault(
        status=503,
        title="The service cannot be reached just now",
        reason="The database does not answer, or someone else has been working on this case for too long.",
        remedy="Wait a moment and send it again. Nothing was changed.",
    ),
}

SIGNED_OUT = Fault(
    status=401,
    title="You have been signed out",
    reason="Your session ended before the form arrived, so nothing was recorded.",
    remedy="Copy what you typed, sign in, open the page again and paste it.",
)
TOO_MANY = Fault(
    status=429,
    title="Too many attempts to sign in",
    reason="The password was wrong too often, so the account is closed to sign-in for a while.",
    remedy="Wait 15 minutes and try again, or ask an administrator to set a new password.",
)
STALE_FORM = Fault(
    status=400,
    title="The form is out of date",
    reason="It was opened before you signed in, or in another session, so nothing was recorded.",
    remedy="Copy what you typed, open the page again and paste it.",
)

TITLES: dict[type[refused.RefusedCommandError], tuple[int, str]] = {
    refused.NotFoundError: (404, "Not found"),
    refused.TaskAlreadyClaimedError: (409, "Someone else has this task"),
    refused.TaskAlreadyCompletedError: (409, "This task is already complete"),
    refused.TaskCancelledError: (409, "This task is no longer needed"),
    refused.NotPermittedError: (403, "You may not do this on this case"),
    refused.CaseNotRunningError: (409, "The case is not running"),
    refused.CaseBusyError: (503, "Someone else is working on this case"),
    refused.DefinitionMissingError: (409, "A model is missing"),
    refused.DocumentTooLargeError: (413, "The file is too large"),
    refused.LinkRefusedError: (410, "This link cannot be used"),
}


def install(app: Flask) -> None:
    """Registers the pages for everything that may go wrong."""
    app.register_error_handler(refused.RefusedCommandError, _refused)
    app.register_error_handler(RefusedError, _not_deployed)
    app.register_error_handler(FormConditionError, _unusable_form)
    app.register_error_handler(UnknownActionError, lambda _: show(FAULTS[400]))
    app.register_error_handler(SignInNeededError, lambda _: show(SIGNED_OUT))
    app.register_error_handler(TooManyAttemptsError, lambda _: show(TOO_MANY))
    app.register_error_handler(CSRFError, lambda _: show(STALE_FORM))
    app.register_error_handler(DBAPIError, _of_database)
    app.register_error_handler(psycopg.Error, _of_database)  # of the hand-written SQL
    app.register_error_handler(TimeoutError, _of_database)  # no connection became free
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, lambda _: show(FAULTS[500]))


def show(fault: Fault) -> ResponseReturnValue:
    """The page of a fault, with what was typed to copy."""
    return page(
        "error.html", status=fault.status, fault=fault, typed=_typed(), case_reference=g.get("case_reference")
    )


def fault_of(error: refused.RefusedCommandError) -> Fault:
    """The page of a refused command."""
    status, title = TITLES.get(type(error), (409, "This could not be done"))
    return Fault(status=status, title=title, reason=error.reason, remedy=error.remedy)


def _refused(error: refused.RefusedCommandError) -> ResponseReturnValue:
    return show(fault_of(error))


def _not_deployed(error: RefusedError) -> ResponseReturnValue:
    """The files were right when they were checked, and are not beside what was deployed since."""
    findings = [models.finding(found) for found in error.findings]
    return page("models/findings.html", status=409, findings=findings, carried=[], blocked=True)


def _unusable_form(error: FormConditionError) -> ResponseReturnValue:
    return show(
        Fault(
            status=409,
            title="This form cannot be shown",
            reason=f"Its part “{error.component_id}” asks for what the case does not have: {error.reason}.",
            remedy="Tell an analyst. The task stays open, and what was saved stays saved.",
        )
    )


def _of_database(error: DBAPIError | psycopg.Error | TimeoutError) -> ResponseReturnValue:
    """The same may succeed in a while, or it is our mistake."""
    if not faults.passes(error):
        raise error
    log.warning("answered that it may be sent again: %s", faults.told(error))
    g.setdefault("visitor", None)  # the page must not ask the database again who looks at it
    return show(FAULTS[503])


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if 300 <= code < 400:
        return error.get_response()
    known = FAULTS.get(code)
    return show(known or Fault(status=code, title=error.name, reason=error.description or "", remedy=""))


def _typed() -> tuple[Typed, ...]:
    """What was typed: as the view labelled it, else by the names of its fields."""
    labelled: tuple[Typed, ...] | None = g.get("typed")
    if labelled is not None:
        return labelled
    if request.method != "POST" or isinstance(request.routing_exception, HTTPException):
        return ()
    return typed_by_name({k: v for k, v in _form().items() if k not in NOT_TO_COPY})


def _form() -> dict[str, list[str]]:
    """The fields sent; none where the request was too large to read."""
    try:
        return typed_fields()
    except HTTPException:
        return {}
