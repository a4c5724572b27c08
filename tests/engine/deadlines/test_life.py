"""A deadline's life: started, warned, met, missed, paused, extended, explained."""

from datetime import date

import pytest

from engine.history import EventKind, verify
from engine.runtime import deadlines
from engine.runtime.deadlines import DeadlineChangeRefusedError
from engine.runtime.errors import NotPermittedError
from tests.engine.deadlines.conftest import DORA, IVY, MAX, MONA, RITA, Office, nine

pytestmark = pytest.mark.database

VISIT = date(2026, 12, 3)
LIMIT = date(2026, 12, 10)
REPORT = date(2026, 12, 31)
PAUSING = {"reason": "The home is closed by a flood", "authority": "Regional guidance"}


def test_an_aim_and_a_limit_on_one_task_each_have_their_own_life(office: Office) -> None:
    office.visited(VISIT)
    assert office.state("aim") == (date(2026, 12, 4), "running")
    assert office.state("limit") == (LIMIT, "running")
    office.on(date(2026, 12, 7))
    assert office.state("aim") == (date(2026, 12, 4), "missed")
    office.do("Task_Finish")
    assert office.state("aim")[1] == "missed"
    assert office.state("limit") == (LIMIT, "met")


def test_a_pause_keeps_the_working_days_left_and_says_so(office: Office) -> None:
    office.visited(VISIT).on(date(2026, 12, 8)).command(deadlines.pause, "report", by=MONA, **PAUSING)
    assert office.state("report")[1] == "paused"
    office.on(date(2026, 12, 14)).command(deadlines.resume, "report", by=MONA, reason="The flood is over")
    row = office.row("report")
    assert (row.due_on, row.state, row.warn_on) == (date(2027, 1, 7), "running", date(2027, 1, 4))
    assert "paused on Tuesday 8 December 2026 with 15 working days left" in row.arithmetic
    assert "resumed on Monday 14 December 2026: Thursday 7 January 2027" in row.arithmetic
    (paused,), (resumed,) = (
        office.events(kind, "report") for kind in (EventKind.DEADLINE_PAUSED, EventKind.DEADLINE_RESUMED)
    )
    assert paused.fields["reason"] == PAUSING["reason"]
    assert paused.fields["authority"] == PAUSING["authority"]
    assert (resumed.actor, resumed.fields["due"]) == ("mona", "2027-01-07")


def test_a_paused_deadline_is_neither_warned_of_nor_missed(office: Office) -> None:
    office.visited(VISIT).command(deadlines.pause, "report", by=MONA, **PAUSING)
    office.on(date(2027, 2, 1))
    assert office.state("report") == (REPORT, "paused")
    assert office.events(EventKind.DEADLINE_WARNED, "report") == []


def test_timers_that_follow_a_paused_deadline_stand_still_and_then_move(office: Office) -> None:
    office.visited(VISIT).command(deadlines.pause, "limit", by=RITA, **PAUSING)
    office.on(date(2026, 12, 21))
    assert office.events(EventKind.TIMER_FIRED) == []
    office.command(deadlines.resume, "limit", by=RITA, reason="Over")
    assert office.row("limit").warn_on == date(2026, 12, 24)
    office.on(date(2026, 12, 24))
    assert [event.element for event in office.events(EventKind.TIMER_FIRED)] == ["Timer_Warning"]


def test_an_extension_moves_the_due_day_the_warning_and_the_task(office: Office) -> None:
    office.visited(VISIT).command(
        deadlines.extend, "limit", by=RITA, to=date(2026, 12, 17), reason="Illness", authority="RIM"
    )
    row = office.row("limit")
    assert (row.due_on, row.state, row.warn_on) == (date(2026, 12, 17), "extended", date(2026, 12, 15))
    assert row.arithmetic.endswith("; extended to Thursday 17 December 2026")
    assert (row.reason, row.authority) == ("Illness", "RIM")
    (event,) = office.events(EventKind.DEADLINE_EXTENDED)
    assert (event.fields["was due"], event.fields["reason"]) == ("2026-12-10", "Illness")
    office.on(date(2026, 12, 17))
    assert office.state("limit")[1] == "extended"
    office.on(date(2026, 12, 18))
    assert office.state("limit")[1] == "missed"


@pytest.mark.parametrize(
    ("urn", "furthest", "too_far"),
    [
        ("SC000001", date(2027, 1, 12), date(2027, 1, 13)),
        ("CH000001", date(2026, 12, 24), date(2026, 12, 29)),
    ],
)
def test_a_limit_is_extended_no_further_than_the_table_says_for_its_setting(
    office: Office, urn: str, furthest: date, too_far: date
) -> None:
    office.visited(VISIT, urn=urn)
    said = {"reason": "Illness", "authority": "RIM"}
    with pytest.raises(DeadlineChangeRefusedError, match="may be extended by"):
        office.command(deadlines.extend, "limit", by=RITA, to=too_far, **said)
    office.command(deadlines.extend, "limit", by=RITA, to=furthest, **said)
    with pytest.raises(DeadlineChangeRefusedError, match="may be extended by"):  # nor by a second extension
        office.command(deadlines.extend, "limit", by=RITA, to=too_far, **said)
    assert office.state("limit") == (furthest, "extended")


@pytest.mark.parametrize(
    ("to", "why"),
    [
        (date(2026, 12, 2), "in the past"),
        (date(2026, 12, 9), "is due on Thursday 10 December 2026 already"),
        (date(2026, 12, 12), "is no working day"),
        (date(2026, 12, 25), "Christmas Day"),
    ],
)
def test_an_extension_to_a_day_that_cannot_be_is_refused_with_the_reason(
    office: Office, to: date, why: str
) -> None:
    office.visited(VISIT)
    with pytest.raises(DeadlineChangeRefusedError, match=why):
        office.command(deadlines.extend, "limit", by=RITA, to=to, reason="x", authority="y")
    assert office.state("limit") == (LIMIT, "running")


def test_a_deadline_of_the_law_is_neither_paused_nor_extended(office: Office) -> None:
    office.visited(VISIT)
    with pytest.raises(DeadlineChangeRefusedError, match="does not stand still"):
        office.command(deadlines.pause, "law", by=DORA, **PAUSING)
    with pytest.raises(DeadlineChangeRefusedError, match="is not extended"):
        office.command(deadlines.extend, "law", by=DORA, to=date(2027, 1, 29), reason="x", authority="y")


@pytest.mark.parametrize(("by", "key"), [(IVY, "report"), (MAX, "report"), (MONA, "limit")])
def test_only_those_whom_the_table_names_change_a_deadline(office: Office, by: object, key: str) -> None:
    office.visited(VISIT)
    with pytest.raises(NotPermittedError, match="It takes the"):
        office.command(deadlines.pause, key, by=by, **PAUSING)
    assert office.state(key)[1] == "running"


@pytest.mark.parametrize("missing", ["reason", "authority"])
def test_a_pause_without_reason_or_authority_is_refused(office: Office, missing: str) -> None:
    office.visited(VISIT)
    with pytest.raises(DeadlineChangeRefusedError, match=f"The {missing} is missing"):
        office.command(deadlines.pause, "report", by=MONA, **PAUSING | {missing: " "})


def test_a_deadline_that_ended_or_does_not_stand_still_is_not_resumed_paused_or_extended(
    office: Office,
) -> None:
    office.visited(VISIT)
    with pytest.raises(DeadlineChangeRefusedError, match="is running, so it cannot be resumed"):
        office.command(deadlines.resume, "report", by=MONA, reason="x")
    office.do("Task_Finish")
    with pytest.raises(DeadlineChangeRefusedError, match="is met, so it cannot be paused"):
        office.command(deadlines.pause, "report", by=MONA, **PAUSING)


def test_a_paused_deadline_that_is_met_is_met_and_never_late(office: Office) -> None:
    office.visited(VISIT).command(deadlines.pause, "limit", by=RITA, **PAUSING)
    office.on(date(2027, 1, 20)).do("Task_Finish")
    assert office.state("limit") == (LIMIT, "met")


def test_a_miss_asks_its_owner_for_the_reason_also_after_the_end(office: Office) -> None:
    office.visited(VISIT)
    with pytest.raises(DeadlineChangeRefusedError, match="was not missed"):
        office.command(deadlines.explain_miss, "limit", by=IVY, reason="x")
    office.on(date(2026, 12, 11)).do("Task_Finish").do("Task_Comment")
    assert office.driver.state(office.case) == "completed"
    with pytest.raises(NotPermittedError):
        office.command(deadlines.explain_miss, "limit", by=MAX, reason="x")
    office.command(deadlines.explain_miss, "limit", by=IVY, reason="I was ill")
    assert office.row("limit").miss_reason == "I was ill"
    (event,) = office.events(EventKind.DEADLINE_EXPLAINED)
    assert (event.actor, event.fields["reason"]) == ("ivy", "I was ill")
    with office.tools.database.read() as connection:
        assert verify(connection, office.case)[1] == []


def test_a_right_closes_and_is_no_breach(office: Office) -> None:
    office.visited(VISIT).on(date(2026, 12, 8))
    assert office.state("comments") == (date(2026, 12, 8), "running")
    office.on(date(2026, 12, 9))
    assert office.state("comments") == (date(2026, 12, 8), "void")
    assert "right of its owner" in office.row("comments").reason


def test_a_right_that_is_used_before_the_worker_looked_has_closed_all_the_same(office: Office) -> None:
    office.visited(VISIT)
    office.driver.at = nine(date(2026, 12, 9))  # the worker has not come by since
    office.do("Task_Comment")
    assert office.state("comments") == (date(2026, 12, 8), "void")


def test_a_case_that_ends_leaves_no_deadline_open(office: Office) -> None:
    office.visited(VISIT).do("Task_Finish").do("Task_Comment")
    states = {key: state for key, (_, state) in office.driver.deadlines(office.case).items()}
    assert states == dict.fromkeys(("aim", "limit", "report", "law", "comments", "done"), "met")
