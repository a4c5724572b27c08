"""The guidance's own dates: prepared on Monday 3 June 2024, published on Thursday 25 July."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.processes.inspection import Inspection, a_finding

pytestmark = pytest.mark.database


def test_a_good_inspection_follows_the_timetable_to_publication(
    inspection: Inspection, mail: Callable[[], list[str]]
) -> None:
    inspection.start()
    assert inspection.deadline("briefing") == (date(2024, 6, 3), "running")
    inspection.prepare().go_on_site().gather().judge().require(a_finding())
    inspection.do("Task_DecideFinding", finding_outcome="requirement").leave()
    assert inspection.deadline("scan_notes") == (date(2024, 6, 13), "running")
    inspection.give_feedback().scan()
    assert inspection.deadline("scan_notes")[1] == "met"
    assert inspection.deadline("sections") == (date(2024, 6, 7), "running")
    assert inspection.deadline("collate") == (date(2024, 6, 10), "running")

    inspection.on(date(2024, 6, 10)).write()
    assert inspection.deadline("quality_check") == (date(2024, 6, 14), "running")
    assert inspection.deadline("draft") == (date(2024, 7, 2), "running")
    inspection.on(date(2024, 6, 11)).check().send_draft(date(2024, 7, 2))
    assert inspection.deadline("draft")[1] == "met"
    assert inspection.deadline("comments") == (date(2024, 7, 9), "running")
    assert inspection.deadline("final") == (date(2024, 7, 18), "running")
    assert "Task_CommentOnDraft" in inspection.open

    inspection.on(date(2024, 7, 9)).do(
        "Task_CommentOnDraft",
        provider_response="comments",
        provider_comments=[{"part": "1", "comment": "So."}],
    )
    inspection.do("Task_AnswerComments").send_final(date(2024, 7, 18))
    assert inspection.deadline("final")[1] == "met"
    assert inspection.deadline("publication")[0] == date(2024, 7, 25)
    inspection.summarise().on(date(2024, 7, 24))
    assert inspection.state == "running"
    inspection.on(date(2024, 7, 25))

    assert inspection.deadline("publication") == (date(2024, 7, 25), "met")
    assert inspection.state == "completed"
    assert len(mail()) == 7  # briefing, draft, final, survey, summary; before draft and final a warning


def test_feedback_that_waits_for_advice_moves_the_end_of_the_inspection_but_not_the_scanning(
    inspection: Inspection,
) -> None:
    inspection.start().prepare().go_on_site().gather().judge().require().leave(advice=True)
    assert "Task_GiveFeedback" not in inspection.open
    inspection.do("Task_GiveAdvice").give_feedback(date(2024, 6, 11))
    inspection.write()

    assert inspection.deadline("scan_notes")[0] == date(2024, 6, 13)
    assert inspection.deadline("draft")[0] == date(2024, 7, 5)


def test_a_draft_sent_early_starts_the_comments_but_leaves_the_final_tied_to_the_end(
    inspection: Inspection,
) -> None:
    inspection.to_feedback().write().check().send_draft(date(2024, 6, 20))

    assert inspection.deadline("comments")[0] == date(2024, 6, 27)
    assert inspection.deadline("final")[0] == date(2024, 7, 18)


def test_a_silent_provider_closes_the_window_and_breaches_nothing(inspection: Inspection) -> None:
    inspection.to_feedback().write().check().send_draft(date(2024, 7, 2)).on(date(2024, 7, 9))
    assert "Task_CommentOnDraft" in inspection.open

    inspection.on(date(2024, 7, 10))

    assert "Task_CommentOnDraft" not in inspection.open
    assert "Task_ApproveFinal" in inspection.open
    assert inspection.deadline("comments")[1] != "missed"
