"""Whoever sends something sees it first."""

from pathlib import Path

from engine import dialect
from web.inbox.preview import letters_after

DRAFT = Path(__file__).parents[2] / "bpmn" / "draft_report" / "draft_report.bpmn"


def test_the_letters_of_a_task_are_those_before_the_next_wait() -> None:
    process = dialect.read(DRAFT.read_bytes()).processes["draft_report"]
    templates = [task.headers["template"].text for task in letters_after(process, "Task_CheckAndSendDraft")]
    assert templates == ["draft_sent"]
    assert not list(letters_after(process, "Task_CheckReport"))
