"""Who may sign in is settled from the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import check
from engine.clock import now
from engine.db import Database
from engine.queries import people
from engine.queries.people import Person
from engine.runtime import calendars, deployments
from web.auth import accounts
from web.cli import main

MODELS = Path(__file__).parent / "models"
PASSWORD = "a password for tests"
ADD = ("users", "add", "asha", "--name", "Asha Example", "--email", "asha@inspect.example")
RIM = (*ADD, "--role", "rim", "--region", "North")


@pytest.fixture
def office(database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    with database.begin() as connection:
        calendars.ensure_first(connection, at=now())
        deployments.deploy(connection, files=check.read_folder(MODELS), by="tests", at=now())
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SCCIF_PASSWORD", PASSWORD)
    return database


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def asha(database: Database) -> Person:
    with database.read() as connection:
        found = people.person(connection, "asha")
    assert found is not None
    return found


def signs_in(database: Database, password: str) -> bool:
    with database.begin() as connection:
        person = accounts.check(connection, user_id="asha", password=password, address="", at=now())
    return person is not None


def test_an_added_account_signs_in_with_its_roles(office: Database) -> None:
    assert run(*RIM, "--role", "analyst").exit_code == 0
    assert signs_in(office, PASSWORD)
    assert {(held.role, held.region) for held in asha(office).roles} == {
        ("rim", "North"),
        ("analyst", "North"),
    }


def test_an_account_is_never_made_twice(office: Database) -> None:
    assert run(*RIM).exit_code == 0
    again = run(*RIM)
    assert again.exit_code == 1
    assert "already" in again.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--role", "inspectr"), "The roles are:"),
        (("--role", "system"), "There is no role system"),
        (("--role", "manager"), "add --team"),
        (("--role", "rim"), "add --region"),
        ((), "--role"),
    ],
)
def test_a_role_that_would_reach_nothing_is_refused(
    office: Database, arguments: tuple[str, ...], said: str
) -> None:
    result = run(*ADD, *arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_a_short_password_is_refused(office: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCCIF_PASSWORD", "short")
    result = run(*RIM)
    assert result.exit_code == 2
    assert "12 characters" in result.output


def test_roles_are_replaced_together(office: Database) -> None:
    run(*RIM)
    assert run("users", "roles", "asha", "--role", "planner", "--role", "analyst").exit_code == 0
    assert asha(office).role_ids == {"planner", "analyst"}


def test_a_new_password_replaces_the_old_one(office: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    run(*RIM)
    monkeypatch.setenv("SCCIF_PASSWORD", "another password")
    assert run("users", "password", "asha").exit_code == 0
    assert not signs_in(office, PASSWORD)
    assert signs_in(office, "another password")


def test_a_closed_account_signs_in_only_when_opened_again(office: Database) -> None:
    run(*RIM)
    assert run("users", "close", "asha").exit_code == 0
    assert not signs_in(office, PASSWORD)
    assert "(closed)" in run("users", "list").output
    assert run("users", "open", "asha").exit_code == 0
    assert signs_in(office, PASSWORD)


def test_the_list_tells_names_and_roles(office: Database) -> None:
    run(*RIM)
    assert "Asha Example" in run("users", "list").output
    assert "rim (North)" in run("users", "list").output


@pytest.mark.parametrize("command", ["roles", "password", "close", "open"])
def test_an_unknown_account_is_said_to_be_unknown(office: Database, command: str) -> None:
    arguments = ("--role", "planner") if command == "roles" else ()
    result = run("users", command, "asha", *arguments)
    assert result.exit_code == 1
    assert "There is no account asha" in result.output
