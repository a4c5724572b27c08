"""What keeps the web easy to read: short views and templates, one place for errors, no clock."""

import ast
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
VIEWS = sorted(WEB.glob("*/views.py"))
LONGEST_VIEW = 15
LONGEST_TEMPLATE = 120


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.parent.name)
def test_views_are_short(path: Path) -> None:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= LONGEST_VIEW, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", sorted(WEB.glob("templates/**/*.html")), ids=lambda path: path.name)
def test_templates_hold_layout_only(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_TEMPLATE
    assert "strftime" not in text
    assert "style=" not in text
    assert "govuk-tag--" not in text


def test_only_errors_py_catches_everything_a_request_may_raise() -> None:
    for path in WEB.rglob("*.py"):
        if "frontend" not in path.parts:
            assert "except Exception" not in path.read_text(), path
            assert "errorhandler" not in path.read_text(), path


def test_only_settings_and_the_command_line_know_the_real_clock() -> None:
    allowed = {"settings.py", "cli.py", "migrating.py", "users.py", "running.py", "demo.py"}
    for path in WEB.rglob("*.py"):
        if path.name not in allowed and "frontend" not in path.parts:
            text = path.read_text()
            assert "datetime.now" not in text, path
            assert "clock import now" not in text, path
            assert "clock.now(" not in text, path
