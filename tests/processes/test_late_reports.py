"""A report that is late is told of: to whoever has it, to the RIM, after a week to the director."""

from collections.abc import Callable
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.processes.inspection import Inspection

pytestmark = pytest.mark.database


@pytest.fixture
def notes(mail_folder: Path) -> Callable[[], list[tuple[str, str]]]:
    """The e-mails about deadlines so far, by address: to whom and about what."""

    def sent() -> list[tuple[str, str]]:
        found = [message_from_bytes(file.read_bytes()) for file in mail_folder.glob("*.eml")]
        told = [(str(each["To"]), str(each["Subject"]).partition(" (")[0]) for each in found]
        return sorted(each for each in told if each[1].startswith(("Due soon:", "Late:")))

    return sent


DRAFT, FINAL = "The draft is sent to the provider", "The final report is sent to the provider"


def test_a_draft_is_told_of_when_it_is_near_late_and_late_for_a_week(
    inspection: Inspection, notes: Callable[[], list[tuple[str, str]]], mail_folder: Path
) -> None:
    inspection.to_feedback().write().check()
    assert inspection.deadline("draft") == (date(2024, 7, 2), "running")
    inspection.on(date(2024, 6, 26))
    assert notes() == []
    inspection.on(date(2024, 6, 27))
    ((whom, about),) = notes()
    assert about == f"Due soon: {DRAFT}"
    inspection.on(date(2024, 7, 2))
    assert len(notes()) == 1
    inspection.on(date(2024, 7, 3))
    assert ("rory@example.org", f"Late: {DRAFT}") in notes()
    assert len(notes()) == 2
    inspection.on(date(2024, 7, 10))
    assert ("dora@example.org", f"Late: {DRAFT}") in notes()
    assert whom == "ivy@example.org"  # nobody has taken the task that sends it: its owner
    letter = next(
        each for each in _letters(mail_folder) if str(each["Subject"]).startswith("Due soon")
    ).get_content()
    assert "18 working days after Thursday 6 June 2024: Tuesday 2 July 2024." in letter
    assert "   >6" in letter
    assert "  [2]" in letter


def test_a_draft_that_was_sent_is_told_of_no_more_and_the_final_report_is_watched(
    inspection: Inspection, notes: Callable[[], list[tuple[str, str]]]
) -> None:
    inspection.to_feedback().write().check().send_draft(date(2024, 6, 20))
    inspection.on(date(2024, 7, 14))
    assert notes() == []
    assert inspection.deadline("final") == (date(2024, 7, 18), "running")
    inspection.on(date(2024, 7, 26))
    assert {about for _, about in notes()} == {f"Due soon: {FINAL}", f"Late: {FINAL}"}
    assert len(notes()) == 3


def test_a_final_report_that_was_sent_in_time_is_told_of_no_more(
    inspection: Inspection, notes: Callable[[], list[tuple[str, str]]]
) -> None:
    inspection.to_feedback().write().check().send_draft(date(2024, 6, 20))
    inspection.do("Task_CommentOnDraft", provider_response="no comments").send_final(date(2024, 7, 15))
    warned = notes()
    inspection.on(date(2024, 7, 31))
    assert notes() == warned


def _letters(folder: Path) -> list[EmailMessage]:
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in folder.glob("*.eml")]
    return [each for each in found if isinstance(each, EmailMessage)]
