"""`sccif migrate`: what it says before, what it does, and taking it back."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from engine import check
from engine.db import Database
from engine.db.tables import UserTask
from engine.runtime import deployments
from engine.runtime.cases import Case
from tests.web.office import MODELS, MONDAY
from web.cli import main


@pytest.fixture
def migrate(database: Database, case: Case, monkeypatch: pytest.MonkeyPatch) -> object:
    """Runs the command on the office's database, where a version with a renamed task is deployed."""
    files = {
        name: content.replace(b"Task_Visit", b"Task_Call")
        for name, content in check.read_folder(MODELS).items()
    }
    with database.begin() as connection:
        deployments.deploy(connection, files=files, by="ana", at=MONDAY)
    monkeypatch.setenv("DATABASE_URL", database.url)
    return lambda *options: CliRunner().invoke(main, ["migrate", "full_inspection", "--to", "2", *options])


def test_a_preview_names_what_stands_against_it_and_exits_one(migrate: object, case: Case) -> None:
    told = migrate("--preview")
    assert told.exit_code == 1
    assert "Task_Visit cannot be moved: it has a token and is not in the new version" in told.output
    told = migrate("--preview", "--rename", "Task_Visit=Task_Call")
    assert (told.exit_code, "Task_Visit -> Task_Call" in told.output) == (0, True)


def test_all_cases_are_moved_and_one_is_taken_back(migrate: object, case: Case, database: Database) -> None:
    stuck = migrate("--all")
    assert (stuck.exit_code, "0 cases done, 1 left as they were" in stuck.output) == (1, True)
    moved = migrate("--all", "--rename", "Task_Visit=Task_Call")
    assert (moved.exit_code, moved.output) == (
        0,
        f"{case.reference}: done\n1 cases done, 0 left as they were\n",
    )
    assert _element(database) == "Task_Call"
    undone = migrate("--case", case.reference, "--undo")
    assert (undone.exit_code, _element(database)) == (0, "Task_Visit")


def test_a_wrong_call_says_what_to_give(migrate: object, case: Case) -> None:
    for options, said in (
        ((), "exactly one of"),
        (("--case", "NO-1"), "no case NO-1"),
        (("--preview", "--rename", "Task_Visit"), "OLD=NEW"),
        (("--all", "--rename", "Task_Visited=Task_Call"), "is in no other version"),
        (("--all", "--reason", " "), "The reason is empty"),
        (("--case", case.reference, "--undo", "--rename", "A=B"), "leave --rename out"),
    ):
        told = migrate(*options)
        assert told.exit_code in (1, 2)
        assert said in told.output


def test_a_case_that_is_named_and_left_as_it_was_is_told_with_the_reason(
    migrate: object, case: Case, database: Database
) -> None:
    named = ("--case", case.reference)
    assert migrate(*named, "--rename", "Task_Visit=Task_Call").exit_code == 0
    again = migrate(*named)
    assert again.exit_code == 1
    assert f"No part of case {case.reference} runs another version of 'full_inspection'" in again.output


def test_only_the_move_to_the_version_named_is_taken_back(
    migrate: object, case: Case, database: Database
) -> None:
    named = ("--case", case.reference)
    migrate(*named, "--rename", "Task_Visit=Task_Call")
    other = migrate(*named, "--undo", "--to", "1")
    assert (other.exit_code, _element(database)) == (1, "Task_Call")
    assert f"Case {case.reference} was last moved to version 2 of 'full_inspection'" in other.output
    assert migrate(*named, "--undo").exit_code == 0
    assert migrate(*named, "--undo").exit_code == 1


def _element(database: Database) -> str:
    with database.read() as connection:
        return connection.execute(select(UserTask.element)).scalar_one()
