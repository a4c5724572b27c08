"""The `sccif users` commands: who may sign in, and in which roles."""

import os
import re

import click
from sqlalchemy import Connection, func, select

from engine.clock import now
from engine.db.tables import Deployment, User
from engine.groups import Relation
from engine.queries import people
from engine.queries.people import HeldRole
from engine.runtime.library import Library
from web import roles
from web.auth import accounts
from web.place import present_database

SHORTEST_PASSWORD = 12
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_NOBODYS = frozenset(("provider", "system"))


@click.group()
def users() -> None:
    """Who may sign in, and in which roles."""


def _user_id(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not _NAME.fullmatch(value):
        raise click.BadParameter("Use small letters, digits, dots, hyphens and underscores only.")
    return value


def _password(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if len(value) < SHORTEST_PASSWORD:
        raise click.BadParameter(f"A password has at least {SHORTEST_PASSWORD} characters.")
    return value


_user_argument = click.argument("user_id", callback=_user_id)
_password_option = click.password_option(
    envvar="SCCIF_PASSWORD", callback=_password, help="Asked for, or taken from SCCIF_PASSWORD."
)
_role_option = click.option("--role", "wanted", multiple=True, required=True, help="Repeat for several.")
_team_option = click.option("--team", default="", help="The team whose cases a manager sees to.")
_region_option = click.option("--region", default="", help="The region whose cases a RIM sees to.")


@users.command()
@_user_argument
@click.option("--name", required=True, help="As others see it.")
@click.option("--email", required=True)
@_role_option
@_team_option
@_region_option
@_password_option
def add(
    user_id: str, name: str, email: str, wanted: tuple[str, ...], team: str, region: str, password: str
) -> None:
    """Make an account that signs in as USER_ID."""
    with present_database(os.environ) as database, database.begin() as connection:
        held = _held(connection, wanted, team, region)
        try:
            accounts.add(
                connection, user_id=user_id, name=name, email=email, password=password, roles=held, at=now()
            )
        except accounts.TakenError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{user_id} can sign in.")


@users.command("roles")
@_user_argument
@_role_option
@_team_option
@_region_option
def roles_(user_id: str, wanted: tuple[str, ...], team: str, region: str) -> None:
    """Give an account these roles in place of those it has."""
    with present_database(os.environ) as database, database.begin() as connection:
        held = _held(connection, wanted, team, region)
        try:
            accounts.change_roles(connection, user_id, held)
        except accounts.UnknownAccountError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{user_id}: {', '.join(wanted)}")


@users.command()
@_user_argument
@_password_option
def password(user_id: str, password: str) -> None:
    """Give an account a new password; who is signed in with the old one is signed out."""
    with present_database(os.environ) as database, database.begin() as connection:
        try:
            accounts.change_password(connection, user_id, password)
        except accounts.UnknownAccountError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{user_id} has a new password.")


@users.command("close")
@_user_argument
def close(user_id: str) -> None:
    """Let an account sign in no more; what it did stays in the history."""
    _admit(user_id, active=False)
    click.echo(f"{user_id} cannot sign in any more.")


@users.command("open")
@_user_argument
def open_(user_id: str) -> None:
    """Let a closed account sign in again."""
    _admit(user_id, active=True)
    click.echo(f"{user_id} can sign in.")


def _admit(user_id: str, *, active: bool) -> None:
    with present_database(os.environ) as database, database.begin() as connection:
        try:
            accounts.admit(connection, user_id, active=active)
        except accounts.UnknownAccountError as error:
            raise click.ClickException(str(error)) from error


@users.command("list")
def list_() -> None:
    """All accounts with their roles."""
    with present_database(os.environ) as database, database.read() as connection:
        ids = connection.execute(select(User.id).order_by(User.id)).scalars().all()
        everyone = [person for user_id in ids if (person := people.person(connection, user_id))]
    for person in everyone:
        held = ", ".join(_told(each) for each in person.roles)
        click.echo(f"{person.id:<16} {person.name:<24} {held}{'' if person.active else '  (closed)'}")


def _told(held: HeldRole) -> str:
    within = ", ".join(each for each in (held.team, held.region) if each)
    return f"{held.role} ({within})" if within else held.role


def _held(connection: Connection, wanted: tuple[str, ...], team: str, region: str) -> tuple[HeldRole, ...]:
    """The roles as they are stored: each narrowed where its relation to cases asks for it."""
    relations = _relations(connection)
    for role in wanted:
        if role not in relations:
            known = ", ".join(sorted(relations))
            raise click.BadParameter(f"There is no role {role}. The roles are: {known}.", param_hint="--role")
        if relations[role] == Relation.TEAM and not team:
            raise click.UsageError(f"The role {role} is held for a team: add --team.")
        if relations[role] == Relation.REGION and not region:
            raise click.UsageError(f"The role {role} is held for a region: add --region.")
    return tuple(HeldRole(role=role, team=team, region=region) for role in dict.fromkeys(wanted))


def _relations(connection: Connection) -> dict[str, Relation]:
    """The roles that pages know and those of the newest models, with what ties their holders to a case."""
    found = {role: Relation.ANY for role in roles.NAMES}
    newest = connection.execute(select(func.max(Deployment.id))).scalar()
    if newest is not None:
        found |= {group.id: group.relation for group in Library().groups(connection, newest).by_id.values()}
    return {role: relation for role, relation in found.items() if role not in _NOBODYS}
