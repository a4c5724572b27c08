"""Who may use a route: each view declares it, and one guard holds all of them to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import Rule

from engine.queries import people
from engine.queries.people import Person
from web import edge

USER = "user"
STAMP = "stamp"

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a view: anyone, anyone signed in, or holders of one of `roles`."""

    anyone: bool
    roles: frozenset[str]

    def __str__(self) -> str:
        if self.anyone:
            return "anyone"
        return ", ".join(sorted(self.roles)) or "signed in"


class UndeclaredRouteError(Exception):
    """A route whose view does not say who may use it."""


class SignInNeededError(Exception):
    """Somebody not signed in sent a form to a page that needs it."""


_declared: dict[Callable[..., Any], Access] = {}


def for_anyone(view: View) -> View:
    """Declares that the view needs no account."""
    _declared[view] = Access(anyone=True, roles=frozenset())
    return view


def for_signed_in(view: View) -> View:
    """Declares that the view needs an account of any role."""
    _declared[view] = Access(anyone=False, roles=frozenset())
    return view


def for_roles(*roles: str) -> Callable[[View], View]:
    """Declares that the view needs one of the roles."""

    def declare(view: View) -> View:
        _declared[view] = Access(anyone=False, roles=frozenset(roles))
        return view

    return declare


def access_of(app: Flask, rule: Rule) -> Access:
    """What the view of a rule declares. Raises UndeclaredRouteError."""
    try:
        return _declared[app.view_functions[rule.endpoint]]
    except KeyError as error:
        raise UndeclaredRouteError(
            f"{rule.rule} ({rule.endpoint}) does not say who may use it. "
            "Add for_anyone, for_signed_in or for_roles to its view."
        ) from error


def guard() -> ResponseReturnValue | None:
    """Before each request: lets through those whom the route declares."""
    if request.url_rule is None:
        return None
    access = access_of(current_app, request.url_rule)
    if access.anyone:
        return None
    person = visitor()
    if person is None:
        return _to_sign_in()
    if access.roles and not access.roles & person.role_ids:
        abort(403)
    return None


def visitor() -> Person | None:
    """The person signed in, if any: asked of the database once a request."""
    if "visitor" not in g:
        g.visitor = _person_of_session()
    found: Person | None = g.visitor
    return found


def me() -> Person:
    """The person signed in, on a route that needs one."""
    person = visitor()
    assert person is not None
    return person


def start_session(person: Person) -> None:
    """Signs the person in; the stamp ends the session when their password changes."""
    session.clear()
    session.permanent = True
    session[USER] = person.id
    session[STAMP] = stamp(person)
    g.visitor = person


def end_session() -> None:
    """Signs out."""
    session.clear()
    g.visitor = None


def stamp(person: Person) -> str:
    """The end of the password's hash: tells one password from the next, and tells nothing else."""
    return person.password_hash[-12:]


def _person_of_session() -> Person | None:
    user_id = session.get(USER)
    if not isinstance(user_id, str):
        return None
    with edge.reading() as connection:
        person = people.person(connection, user_id)
    if person is None or not person.active or session.get(STAMP) != stamp(person):
        return None
    return person


def _to_sign_in() -> ResponseReturnValue:
    if request.method != "GET":
        raise SignInNeededError
    return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))
