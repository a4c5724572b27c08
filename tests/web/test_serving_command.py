"""What the commands say where the environment is wrong, and how they end."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from web.cli import main


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "SECRET_KEY", "SCCIF_MAIL", "SCCIF_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SCCIF_VAR", str(tmp_path / "var"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_a_taken_port_is_told_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        result = run("run", "--port", str(other.getsockname()[1]))
    assert result.exit_code == 2
    assert "another port" in result.output
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("command", [("users", "list"), ("history", "verify")])
def test_no_command_makes_a_database_by_the_way(tmp_path: Path, command: tuple[str, ...]) -> None:
    result = run(*command)
    assert result.exit_code == 2
    assert "DATABASE_URL is not set" in result.output
    assert not (tmp_path / "var").exists()


def test_a_missing_secret_key_is_told_with_the_way_to_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    result = run("web", "--port", "0")
    assert result.exit_code == 2
    assert "secrets.token_urlsafe" in result.output


def test_a_database_that_does_not_answer_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    result = run("users", "list")
    assert result.exit_code == 1
    assert "The database does not answer" in result.output


def test_an_address_that_is_none_is_told_with_an_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    result = run("users", "list")
    assert result.exit_code == 2
    assert "postgresql://user:password@host/database" in result.output


def test_a_mail_address_that_is_none_is_told_with_examples(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SCCIF_MAIL", "mail.example")
    result = run("run", "--port", "0")
    assert result.exit_code == 2
    assert "smtp://host:port" in result.output
