"""Sign in and sign out."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from web import edge
from web.access import end_session, for_anyone, start_session, visitor
from web.auth import accounts
from web.pages import go, page

blueprint = Blueprint("auth", __name__)


@blueprint.get("/")
@for_anyone
def home() -> ResponseReturnValue:
    return go("auth.sign_in" if visitor() is None else "inbox.mine")


@blueprint.get("/sign-in")
@for_anyone
def sign_in() -> ResponseReturnValue:
    if visitor() is not None:
        return redirect(_wanted())
    return page("auth/sign_in.html", wanted=_wanted(), user_id="", errors={})


@blueprint.post("/sign-in")
@for_anyone
def check_sign_in() -> ResponseReturnValue:
    user_id, password = request.form.get("user", ""), request.form.get("password", "")
    with edge.writing() as connection:
        person = accounts.check(
            connection,
            user_id=user_id,
            password=password,
            address=request.remote_addr or "",
            at=edge.now(),
        )
    if person is None:
        errors = {"user": "Enter the user name and password of an active account"}
        return page("auth/sign_in.html", status=422, wanted=_wanted(), user_id=user_id, errors=errors)
    start_session(person)
    return redirect(_wanted(), code=303)


@blueprint.post("/sign-out")
@for_anyone
def sign_out() -> ResponseReturnValue:
    end_session()
    return go("auth.sign_in", saying="You have signed out")


def _wanted() -> str:
    """Where the person was going: a path of this service and nothing else."""
    wanted = request.values.get("next", "")
    if wanted.startswith("/") and not wanted.startswith(("//", "/\\", "/sign-")):
        return wanted
    return url_for("inbox.mine")
